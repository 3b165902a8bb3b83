"""Records whose time is up: reviewed, kept longer, or destroyed by the vote of two."""

from typing import Any

from moothall.config.demo.errands.telling import Errand, day
from moothall.config.demo.stories.telling import Scene, Turn

_SERIES = (
    ("Housing benefit claims 2013 to 2015", "Revenues"),
    ("Planning enforcement files 1998 to 2008", "Planning"),
    ("Parking appeals 2017", "Parking"),
    ("Personnel files of leavers, 2009 to 2018", "Personnel"),
)


def ask(scene: Scene) -> dict[str, Any]:
    series, holder = scene.pick(*_SERIES)
    return {
        "series": series,
        "holder": holder,
        "law": "Limitation Act 1980, section 5: six years after the last entry.",
        "keep_until": day(scene.now, scene.pick(5, 20, 60)),
    }


def review(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 40)
    why = {"reasons": "Nobody has asked for them in three years.", "hold": False}
    proposal = scene.pick("destroy", "destroy", "destroy", "keep", "extend", "wait")
    given: dict[str, Any] = {"proposal": proposal, **why}
    if proposal == "extend":
        given |= {"reasons": "An inquiry may ask for them.", "longer_until": day(scene.now, 200)}
    return Turn(proposal, given, hours=hours)


def destroy(scene: Scene) -> Turn:
    number = f"CD-{scene.random.randrange(1000, 9999)}"
    return Turn("destroyed", {"certificate": number}, hours=scene.random.expovariate(1 / 20))


DISPOSAL = Errand(
    share=5,
    ask=ask,
    handle={"review": review, "destroy": destroy},
    against={"board": (0.1, "One of them is named in a claim. Wait until it is settled.")},
)
