"""Missed bins: mostly gone back for, sometimes not put out, sometimes full of the wrong things."""

from datetime import timedelta
from typing import Any

from moothall.config.demo.residents import Resident
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question


def ask(scene: Scene, resident: Resident) -> dict[str, Any]:
    kind = scene.pick("refuse", "refuse", "recycling", "recycling", "garden", "food")
    given: dict[str, Any] = {
        "address": resident.address,
        "bin": kind,
        "collection_day": (scene.now - timedelta(days=scene.pick(0, 1, 1, 2))).date().isoformat(),
        "put_out": not scene.chance(0.06),
        "assisted": scene.chance(0.08),
    }
    if kind == "garden":
        given["garden_licence"] = not scene.chance(0.1)
    if scene.chance(0.4):
        given["where_left"] = scene.pick(
            "At the front gate.",
            "In the alley behind the house.",
            "On the kerb next to number 3.",
            "By the bin store.",
        )
    return given


def check(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 5)
    if scene.data.get("answer") is None and scene.chance(0.07):
        question = "Our crew could not find the bin. Where exactly was it, and could a lorry reach it?"
        return Turn("ask-resident", {"question": question}, hours=hours)
    if scene.chance(0.12) and not scene.data.get("assisted"):
        report = scene.pick("contaminated", "not-out")
        why = {
            "contaminated": "There was builder's rubble in the bin. Please take it out before the next collection.",
            "not-out": "The crew has a photo of the empty kerb at 6.40am.",
        }[report]
        return Turn("declined", {"crew_report": report, "question": ""}, why, hours)
    return Turn(
        "return", {"crew_report": scene.pick("nothing", "not-done", "not-done"), "question": ""}, hours=hours
    )


def collect(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 8)
    if scene.chance(0.05):
        return Turn("could-not", text="A parked van blocked the lane both times.", hours=hours)
    return Turn("emptied", hours=hours)


STORY = Story(
    share=34,
    ask=ask,
    handle={
        "check": check,
        "reply": answer_question(
            "It was at the end of the drive, next to the hedge.",
            "Behind the blue gate. The lorry came past but did not stop.",
            "On the pavement outside number 9, as always.",
        ),
        "collect": collect,
    },
    online=0.78,
)
