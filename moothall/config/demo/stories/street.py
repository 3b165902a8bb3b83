"""Street problems: potholes, lamps and fly-tips; some dangerous, some somebody else's."""

from typing import Any

from moothall.config.demo.residents import Resident, somewhere
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question

_KINDS = (
    ("pothole",) * 8
    + ("streetlight",) * 5
    + ("fly-tipping",) * 5
    + ("pavement", "graffiti", "drain", "tree", "sign")
)
_DANGER = {
    "pothole": "A cyclist came off in it this morning.",
    "streetlight": "Wires are hanging out of the open door of the lamp post.",
    "drain": "The cover is gone and children walk past on the way to school.",
    "tree": "A big branch hangs over the bus stop by a strip of bark.",
}
_DETAILS = (
    "It has been like this for about two weeks.",
    "Several neighbours have rung about it too.",
    "It is worse after rain.",
    "Cars swerve into the other lane to miss it.",
    "Please look at it after dark.",
)


def ask(scene: Scene, resident: Resident) -> dict[str, Any]:
    problem = scene.pick(*_KINDS)
    dangerous = problem in _DANGER and scene.chance(0.12)
    given: dict[str, Any] = {
        "problem": problem,
        "location": somewhere(scene.random, resident),
        "dangerous": dangerous,
    }
    if dangerous:
        given["danger"] = _DANGER[problem]
    if problem in {"pothole", "pavement"}:
        given["depth"] = scene.pick("shallow", "medium", "medium", "deep", "not-sure")
    if problem == "streetlight" and scene.chance(0.6):
        given["lamp_number"] = str(scene.random.randrange(1, 60))
    if problem == "fly-tipping":
        given["waste_kind"] = scene.pick(
            ["bags"], ["furniture"], ["bags", "furniture"], ["building"], ["tyres"]
        )
    if problem == "graffiti":
        given["offensive"] = scene.chance(0.2)
    if scene.chance(0.5):
        given["details"] = scene.pick(*_DETAILS)
    return given


def inspect(scene: Scene) -> Turn:
    dangerous = bool(scene.data.get("dangerous"))
    hours = scene.random.expovariate(1 / 1.2) if dangerous else scene.random.expovariate(1 / 16)
    given: dict[str, Any] = {"question": "", "finding": "Seen and photographed; needs a crew."}
    if dangerous:
        given |= {"made_safe": True, "finding": "Coned off and made safe on the first visit."}
        return Turn("repair", given, hours=hours)
    if scene.data.get("answer") is None and scene.chance(0.05):
        question = "We could not find it. Which house number or lamp post is nearest?"
        return Turn("ask-resident", {"question": question}, hours=hours)
    if scene.chance(0.13):
        owner = scene.pick(
            "Severn Vale Water", "National Highways", "the landowner", "the housing association"
        )
        return Turn("not-ours", given | {"whose": owner, "finding": f"This belongs to {owner}."}, hours=hours)
    if scene.chance(0.12):
        finding = "Below the depth at which we repair; we look again at the next round."
        return Turn("no-action", given | {"finding": finding}, "It is not yet deep enough to repair.", hours)
    return Turn("repair", given, hours=hours)


def fix(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 40)
    if scene.chance(0.04):
        return Turn(
            "inspect-again",
            {"work_done": "Attempted."},
            "The ground below has gone; it needs a survey.",
            hours,
        )
    done = scene.pick(
        "Patched and sealed.", "Lamp replaced and tested.", "Cleared and swept.", "Reset and checked."
    )
    return Turn("fixed", {"work_done": done}, hours=hours)


STORY = Story(
    share=26,
    ask=ask,
    handle={
        "inspect": inspect,
        "reply": answer_question(
            "It is right outside number 22.", "Between the post box and the bus shelter."
        ),
        "fix": fix,
    },
    online=0.72,
)
