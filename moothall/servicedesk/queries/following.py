"""What a call has from its case: the columns that queues and figures read, whoever writes them."""

from typing import Any

from moothall.councils.prepared import Slot, prepared
from moothall.process.definition import named_circle
from moothall.process.engine.state import CaseState, StepRun
from moothall.servicedesk.models import Call
from moothall.servicedesk.rules import kinds, states
from moothall.servicedesk.rules.states import Waiting

_FIRST_STEP = "log"
_HEADLINE, _CATEGORY = 200, 60


@prepared
def of_case(case_id: Slot) -> Any:
    """Return the call of a case."""
    return Call.objects.filter(case_id=case_id)


def waiting_in(case: CaseState) -> list[StepRun]:
    """Return the open steps of a case that somebody has to do now that it is logged."""
    return [run for run in case.open_steps() if run.key != _FIRST_STEP]


def read_of(case: CaseState) -> dict[str, Any]:
    """Return what a case alone says of its call, by the names of the call's columns."""
    state = states.state_of(
        (Waiting(run.key, run.run, run.person_id is not None) for run in waiting_in(case)),
        closed=case.status == "closed",
    )
    return {
        "state": state,
        "open": states.is_open(state),
        "headline": case.headline[:_HEADLINE],
        "circle": named_circle(case.circle),
        "priority": kinds.priority_of(case.data.get("priority")),
        "category": str(case.data.get("category") or "")[:_CATEGORY],
        "due_at": case.due_at,
        "closed_at": case.closed_at,
    }
