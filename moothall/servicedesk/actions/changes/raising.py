"""Raising a change: the case that it is worked on as. Its risk, and who must vote, follow from its systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.process import actions as process
from moothall.process.errors import NotYet
from moothall.process.models import Step
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.errors.changes import ChangeRefused
from moothall.servicedesk.models import Change
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.permissions import Can

_PEER = "peer"


@dataclass(frozen=True, slots=True)
class Asked:
    """A change as its author asks for it. `items` are codes of systems; `second_id` is who attends beside."""

    what: str
    reason: str
    kind: str
    items: Sequence[str]
    plan: str
    tests: str
    backout: str
    rollback_tested: bool
    done_before: bool
    in_hours: bool
    service_away: bool
    starts_at: datetime
    ends_at: datetime
    freeze_reason: str = ""
    second_id: int | None = None
    retrospective: bool = False


@transaction.atomic
def raise_change(*, by: Viewer, council: Council, asked: Asked, now: datetime, submission: str) -> Change:
    """Raise a change at a council; sent twice, it is raised once.

    Refuses systems that are not there for its author, a window that is over or in a freeze, and a normal change that
    leaves the councils no time to vote.
    """
    gate.allow(by, Can.RAISE_CHANGES, council.pk)
    codes = [each.strip().lower() for each in asked.items if each.strip()]
    seen = set(estate.items_seen(by).filter(code__in=codes).values_list("code", flat=True))
    if unknown := [each for each in codes if each not in seen]:
        raise _refused(
            "items", f"There is no system “{unknown[0]}”. Look for its code in the list of systems."
        )
    second = _second(by, asked)
    try:
        call = log_call(
            by=by,
            council=council,
            kind=Kind.CHANGE,
            answers=_answers(asked, codes, second),
            now=now,
            submission=submission,
            requester_id=by.actor.user_id,
        )
    except NotYet as error:
        raise ChangeRefused({"": error.reasons}, why=error.sentence) from error
    change: Change = Change.objects.get(call=call)
    _for_a_colleague(by, change, now)
    return change


def _for_a_colleague(by: Viewer, change: Change, now: datetime) -> None:
    """Leave the check of the plan to the team: by itself it falls to its author, who is the one who may not do it."""
    rows = Step.objects.filter(case_id=change.call.case_id, key=_PEER, state=Step.State.OPEN)
    if rows.filter(person_id=by.staff_id, person__isnull=False).exists():
        process.put_back(by=by, case_id=change.call.case_id, step=_PEER, expected=None, now=now)


def _answers(asked: Asked, codes: Sequence[str], second: Staff | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "what": asked.what,
        "reason": asked.reason,
        "kind": asked.kind,
        "items": list(dict.fromkeys(codes)),
        "plan": asked.plan,
        "tests": asked.tests,
        "backout": asked.backout,
        "rollback_tested": asked.rollback_tested,
        "done_before": asked.done_before,
        "in_hours": asked.in_hours,
        "service_away": asked.service_away,
        "starts": asked.starts_at.isoformat(),
        "ends": asked.ends_at.isoformat(),
    }
    if second is not None:
        found["second"] = second.pk
    if asked.kind == "emergency":
        found["retrospective"] = asked.retrospective
        if asked.freeze_reason.strip():
            found["freeze_reason"] = asked.freeze_reason.strip()
    return found


def _second(by: Viewer, asked: Asked) -> Staff | None:
    if asked.second_id is None:
        return None
    found: Staff | None = (
        Staff.objects.filter(pk=asked.second_id, ended_on=None).select_related("user").first()
    )
    if found is None:
        raise _refused("second", "Choose somebody of the staff.")
    if found.pk == by.staff_id:
        raise _refused("second", "The second technical resource is somebody other than you.")
    return found


def _refused(field: str, why: str) -> ChangeRefused:
    return ChangeRefused({field: [why]}, why=why)
