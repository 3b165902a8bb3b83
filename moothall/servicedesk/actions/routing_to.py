"""Sending a call to a team or a person: what is still to be sorted is sorted by that, and the work is passed on."""

from datetime import datetime
from typing import Any

from moothall.councils.models import Team
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState, StepRun
from moothall.servicedesk.errors.calls import NothingToDo
from moothall.servicedesk.models import Call
from moothall.servicedesk.rules import states

_SORTING, _ACCEPTED, _DESK = "triage", "accepted", "service-desk"


def send_to(
    *,
    call: Call,
    team_id: int,
    person_id: int | None,
    why: str,
    now: datetime,
    by: Viewer | None = None,
    expected: int | None = None,
) -> None:
    """Pass the open work of a call to a team, or to a person of one; without `by`, the house itself does it.

    A call that nobody has sorted is accepted by that, unless it stays with the desk.
    """
    actor = by or Viewer.system()
    case = state_of(call)
    run = working_on(case)
    if run.key == _SORTING and team_id != run.team_id and not _is_desk(team_id):
        case = process.act(
            by=actor, case_id=case.id, step=_SORTING, expected=expected, now=now, outcome=_ACCEPTED
        )
        run, expected = working_on(case), None
    if (run.team_id, run.person_id) == (team_id, person_id):
        return
    process.pass_on(
        by=actor,
        case_id=case.id,
        step=run.key,
        expected=expected,
        now=now,
        team_id=team_id,
        person_id=person_id,
        why=why or "It is for them.",
    )


def again(call: Call) -> Call:
    """Return a call as its row is now: its case has moved on since it was read."""
    found: Call = _numbered.all(number=call.pk)[0]
    return found


@prepared
def _numbered(number: Slot) -> Any:
    return Call.objects.filter(pk=number)


def state_of(call: Call) -> CaseState:
    """Return the case of a call, as it stands."""
    case = store.load(call.case_id)
    if case is None:
        raise NotFound(what="call")
    return case


def working_on(case: CaseState) -> StepRun:
    """Return the open step in which somebody of the staff has the call; refuses a call that nobody works on."""
    for run in case.open_steps():
        if run.key == _SORTING or run.key in states.WORKING or run.key in {"supplier", "answer"}:
            return run
    waits = "It is resolved" if case.status == "open" else "It is closed"
    raise NothingToDo(why=f"{waits}, so there is no work on it to pass on or to finish.")


def _is_desk(team_id: int) -> bool:
    return Team.objects.filter(pk=team_id, function=_DESK).exists()
