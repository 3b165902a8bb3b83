"""What the tests of the X-ray share: a lens, and acts at times that can be worked out by hand."""

from datetime import date, timedelta
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process import actions, xray
from moothall.process.engine.state import CaseState
from moothall.process.xray.asking import Spread
from moothall.process.xray.cohort import Cohort
from tests.process.making import MONDAY, Place, make_case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY + 30 * DAY
LENS = xray.Lens("repair", date(2026, 11, 1), date(2026, 12, 31))
SYSTEM = Viewer.system()


def act(by: Viewer, case: CaseState, step: str, after: timedelta, outcome: str = "", **answers: Any) -> None:
    actions.act(
        by=by, case_id=case.id, step=step, expected=None, now=MONDAY + after, answers=answers, outcome=outcome,
        text="It is not ours.", as_requester=not by.is_staff,
    )  # fmt: skip


def take(by: Viewer, case: CaseState, step: str, after: timedelta) -> None:
    actions.take(by=by, case_id=case.id, step=step, expected=None, now=MONDAY + after)


def resident_of(case: CaseState) -> Viewer:
    assert case.requester_id is not None
    return Viewer.resident(user_id=case.requester_id, name="Sam", council_id=case.council_id)


def repaired(place: Place) -> CaseState:
    """Check for 2 hours in the queue and 1 in hand, ask for 3 days, check again at once, fix for a day."""
    case = make_case(place)
    take(place.officer, case, "check", 2 * HOUR)
    act(place.officer, case, "check", 3 * HOUR, "ask", question="Which tap?")
    act(resident_of(case), case, "reply", 3 * HOUR + 3 * DAY, answer="The hot one")
    act(place.officer, case, "check", 4 * HOUR + 3 * DAY, "go")
    act(place.worker, case, "fix", 4 * HOUR + 4 * DAY)
    return case


def seen(viewer: Viewer = SYSTEM, lens: xray.Lens = LENS) -> Cohort:
    return xray.cohort(viewer, lens, LATER)


def plain(spread: Spread) -> tuple[int, float, int, int]:
    return spread.times, round(spread.mean, 3), spread.half, spread.nine
