"""Housing repairs: from a dripping tap to no heating; visits, second visits, and the tenant's word that it is right."""

from typing import Any

from moothall.config.demo.residents import Resident
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question

_PARTS = {
    "water": ("The pipe under the kitchen sink drips and the cupboard is soaked.", "plumber", ("flooding",)),
    "heating": ("The boiler shows a fault light and there is no hot water.", "gas-engineer", ("no-heating",)),
    "electrics": ("The hall socket sparks when anything is plugged in.", "electrician", ("no-power",)),
    "toilet": ("The cistern runs all the time and does not fill.", "plumber", ("only-toilet",)),
    "damp": ("Black mould on the wall of the children's bedroom.", "damp-surveyor", ()),
    "door": ("The back door does not lock any more.", "joiner", ("not-secure",)),
    "roof": ("Water comes through the bathroom ceiling when it rains.", "roofer", ()),
}


def ask(scene: Scene, resident: Resident) -> dict[str, Any]:
    if scene.chance(0.01):
        return {"gas": True}
    part = scene.pick(*_PARTS)
    what, _, danger = _PARTS[part]
    given: dict[str, Any] = {
        "gas": False,
        "address": resident.address,
        "part": part,
        "what": what,
        "vulnerable": scene.chance(0.25),
        "access": scene.pick(["morning"], ["afternoon"], ["morning", "afternoon"], ["school-run"]),
    }
    if danger and scene.chance(0.3):
        given["danger"] = list(danger)
    if scene.chance(0.3):
        given["access_notes"] = scene.pick(
            "Please ring, the bell does not work.",
            "There is a friendly dog.",
            "I need time to get to the door.",
        )
    return given


def book(scene: Scene) -> Turn:
    urgent = bool(scene.data.get("danger"))
    trade = _PARTS.get(str(scene.data.get("part")), ("", "multi-trade", ()))[1]
    given: dict[str, Any] = {"trade": trade, "visit_time": scene.pick("morning", "afternoon"), "question": ""}
    dates = {"visit_on": 0 if urgent else scene.random.randrange(1, 12)}
    hours = scene.random.expovariate(1 / (1.5 if urgent else 5))
    if scene.data.get("answer") is None and scene.chance(0.05):
        question = "Which floor are you on, and is there a lift?"
        return Turn("ask-tenant", {"question": question}, hours=hours)
    if scene.chance(0.04):
        return Turn(
            "not-ours", {}, "The home belongs to a housing association, which does its own repairs.", hours
        )
    return Turn("booked", given, hours=hours, dates=dates)


def visit(scene: Scene) -> Turn:
    hours = 6 if scene.data.get("danger") else scene.random.uniform(10, 60)
    if scene.chance(0.08):
        return Turn("no-access", {}, hours=hours)
    if scene.chance(0.07):
        return Turn("more-work", {"work_done": "Part fitted."}, "The new part has to be ordered.", hours)
    return Turn(
        "repaired", {"work_done": scene.pick("Renewed and tested.", "Repaired and left clean.")}, hours=hours
    )


def confirm(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 30)
    if scene.chance(0.05):
        return Turn("not-right", text="It came back the next day.", hours=hours, by_resident=True)
    return Turn("right", hours=hours, by_resident=True)


STORY = Story(
    share=18,
    ask=ask,
    handle={
        "book": book,
        "reply": answer_question("Second floor, and the lift works.", "Ground floor."),
        "visit": visit,
        "confirm": confirm,
    },
    online=0.5,
)
