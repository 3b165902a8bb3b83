"""Moves: in, out and within, with a single person discount now and then."""

from datetime import timedelta
from typing import Any

from moothall.config.demo.residents import Resident
from moothall.config.demo.stories.telling import Scene, Story, Turn, answer_question

_ELSEWHERE = {"line1": "4 Harbour Row", "town": "Saltney Quay", "postcode": "ZX20 4AB"}


def ask(scene: Scene, resident: Resident) -> dict[str, Any]:
    kind = scene.pick("in", "within", "within", "out")
    day = (scene.now - timedelta(days=scene.random.randrange(0, 30))).date().isoformat()
    given: dict[str, Any] = {
        "kind": kind,
        "old_address": _ELSEWHERE if kind == "in" else resident.address,
        "new_address": _ELSEWHERE if kind == "out" else {**resident.address, "line1": "7 New Street"},
    }
    if kind != "in":
        given |= {"left_on": day, "left_empty": scene.pick("new-people", "landlord", "not-sure")}
        if scene.chance(0.7):
            given["account"] = f"5{scene.random.randrange(10**7):07}"
    if kind == "out":
        return given
    adults = scene.pick(1, 1, 2, 2, 3)
    given |= {"moved_on": day, "adults": adults, "students": adults > 1 and scene.chance(0.05)}
    given["tenure"] = scene.pick("own", "council", "private", "private")
    if given["tenure"] == "private":
        given["landlord"] = scene.pick("Fernvale Lettings", "Mr A. Hartley", "Bridge Property Ltd")
    if adults > 1:
        given["other_adults"] = "\n".join(["Alex Morgan", "Jo Morgan"][: adults - 1])
    else:
        given["discount"] = scene.chance(0.85)
    return given


def change(scene: Scene) -> Turn:
    hours = scene.random.expovariate(1 / 30)
    given: dict[str, Any] = {"account_changed": f"5{scene.random.randrange(10**7):07}", "question": ""}
    if scene.data.get("discount"):
        given["discount_given"] = not scene.chance(0.1)
    if scene.data.get("answer") is None and scene.chance(0.12):
        given["question"] = (
            "Please send your tenancy agreement or the first page of the completion statement."
        )
        return Turn("ask-resident", given, hours=hours)
    if scene.chance(0.04):
        return Turn("not-liable", {}, "Everybody in the home is a full-time student.", hours)
    return Turn("changed", given, hours=hours)


STORY = Story(
    share=11,
    ask=ask,
    handle={
        "change": change,
        "reply": answer_question(
            "I have put the tenancy agreement in the post.", "The agreement began on the 1st."
        ),
    },
    online=0.66,
)
