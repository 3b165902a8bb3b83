"""What the tests of logs for process mining share: cases that were worked on, and logs of them."""

import json
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

from moothall.councils.rules import Viewer
from moothall.process import actions, mining
from moothall.process.engine.state import CaseState
from tests.makers import make_staff, make_viewer
from tests.process.making import MONDAY, REPAIR, Place, make_case

NAMESPACE = "{http://www.xes-standard.org/}"
SECRETS = (
    REPAIR.replace(
        "  answer: {", "  level: {ask: How bad?, type: choice, of: [low, high]}\n"
        "  police: {ask: Known to the police?, type: choice, of: [known, unknown], private: crew}\n  answer: {"
    )
    .replace("ask: [question]", "ask: [question, level, police]")
    .replace("    title: Fix\n", "    title: Fix by the crew\n    private: crew\n")
    .replace("  where: {ask: Where?, type: text}", "  where: {ask: Where?, type: text, private: personal}")
)  # fmt: skip
HOUSE = Viewer.system()


def act(place: Place, by: Viewer, case: CaseState, step: str, minutes: int, **given: Any) -> CaseState:
    return actions.act(
        by=by, case_id=case.id, step=step, expected=case.seq, now=MONDAY + timedelta(minutes=minutes), **given
    )


def worked(place: Place, **given: Any) -> CaseState:
    """Return a case that was checked by the desk and repaired by the crew."""
    case = make_case(place)
    case = act(place, place.officer, case, "check", 10, outcome="go", **given)
    return act(place, place.worker, case, "fix", 30)


def refused(place: Place) -> CaseState:
    case = make_case(place)
    return act(place, place.officer, case, "check", 5, outcome="no", text="It is somebody's own.")


def xes(viewer: Viewer = HOUSE, **wanted: Any) -> str:
    cases = mining.chosen(viewer, mining.Wanted(process="repair", **wanted))
    return "".join(mining.xes(cases, title="Repair", process="repair"))


def ocel(viewer: Viewer = HOUSE, **wanted: Any) -> dict[str, Any]:
    cases = mining.chosen(viewer, mining.Wanted(process="repair", **wanted))
    found: dict[str, Any] = json.loads("".join(mining.ocel(viewer, cases, process="repair")))
    return found


def events(text: str) -> list[dict[str, str]]:
    """Return what each event of an XES text says, with the name of its trace."""
    found = []
    for trace in ET.fromstring(text).iter(f"{NAMESPACE}trace"):
        name = next(each.get("value") for each in trace if each.get("key") == "concept:name")
        found += [
            {"trace": str(name)} | {str(each.get("key")): str(each.get("value")) for each in event}
            for event in trace.iter(f"{NAMESPACE}event")
        ]
    return found


def place_member(place: Place) -> Viewer:
    """Return a supervisor who works in the crew."""
    staff = make_staff(council=place.council, roles=("supervisor",))
    place.crew.memberships.create(staff=staff)
    return make_viewer(staff)
