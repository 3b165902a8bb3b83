"""Calls that belong together: merged, split, linked, under one parent or problem, or moved to another council."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.process import actions as process
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.routing_to import again, state_of
from moothall.servicedesk.errors.calls import NotTogether
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import Ended, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_to_work

_CARRIED = ("summary", "detail", "system", "category", "impact", "urgency", "priority", "approval")


@transaction.atomic
def merge(*, by: Viewer, call_id: int, into_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """End a call as the same as another one of its council, whose user then hears of that one too; returns that one."""
    call, into = call_to_work(by, call_id), call_to_work(by, into_id)
    if call.pk == into.pk:
        raise _not("A call cannot be merged with itself.")
    if call.council_id != into.council_id:
        raise _not("They belong to different councils. Put one under the other instead.")
    if not into.open:
        raise _not(f"{into.reference} is not open any more. Merge into an open call, or link the two.")
    process.link(by=by, case_id=call.case_id, other=into.reference, kind="duplicate", now=now)
    words = why.strip() or f"It is the same as {into.reference}."
    Call.objects.filter(pk=call.pk).update(merged_into_id=into.pk)
    Call.objects.filter(merged_into_id=call.pk).update(merged_into_id=into.pk)
    _hear_of(into, call, now)
    process.end_case(by=by, case_id=call.case_id, ending="duplicate", expected=expected, now=now, text=words)
    _record(by, "servicedesk.call_merged", call, now, into=into.pk)
    return again(into)


@transaction.atomic
def split(
    *,
    by: Viewer,
    call_id: int,
    summary: str,
    detail: str,
    submission: str,
    now: datetime,
    kind: str = "",
) -> Call:
    """Log another call for the same user about something that was in this one too, linked; returns the new one."""
    call = call_to_work(by, call_id)
    new = _for_the_same_user(
        by,
        call,
        council_id=call.council_id,
        kind=kind or call.kind,
        answers={"summary": summary, "detail": detail},
        submission=submission,
        now=now,
    )
    process.link(by=by, case_id=call.case_id, other=new.reference, kind="related", now=now)
    return new


def _for_the_same_user(
    by: Viewer,
    call: Call,
    *,
    council_id: int,
    kind: str,
    answers: dict[str, object],
    submission: str,
    now: datetime,
    logged_at: datetime | None = None,
) -> Call:
    """Log another call for the user of this one, with what of its answers fits and these in their place."""
    given = {key: value for key, value in state_of(call).data.items() if key in _CARRIED}
    return log_call(
        by=by,
        council=Council.objects.get(pk=council_id),
        kind=kind,
        answers={**_fitting(given, kind), **answers},
        now=now,
        submission=submission,
        channel=call.channel,
        requester_id=call.requester_id,
        caller_name=call.caller_name,
        caller_email=call.caller_email,
        item_id=call.item_id,
        logged_at=logged_at,
    )


def _fitting(given: dict[str, object], kind: str) -> dict[str, object]:
    """Return what of the answers another kind of call asks too, with the least where it asks more."""
    found = {key: value for key, value in given.items() if value not in {None, ""}}
    if kind == Kind.INCIDENT:
        found.pop("priority", None)
        found.pop("approval", None)
        return {"category": "other", "impact": "one-person", "urgency": "partly", **found}
    if kind == Kind.REQUEST:
        return {"approval": "none", "urgency": "yes"} | {
            key: value for key, value in found.items() if key not in {"impact", "priority"}
        }
    return {"priority": "P3"} | {
        key: value for key, value in found.items() if key not in {"impact", "urgency", "approval"}
    }


@transaction.atomic
def link(*, by: Viewer, call_id: int, other: str, now: datetime) -> Call:
    """Say that a call has to do with another one, or with a case of a service, wholly there for whoever says it.

    Whoever sees only one of the two reads that there is a link, and nothing of the other.
    """
    call = call_to_work(by, call_id)
    process.link(by=by, case_id=call.case_id, other=other, kind="related", now=now)
    return again(call)


@transaction.atomic
def put_under(*, by: Viewer, call_id: int, parent_id: int, now: datetime) -> Call:
    """Put a call under the one that is worked on for all of them. The user's own call stays theirs, at their council.

    What is told to the users of the parent is told to theirs; when the parent is resolved, it is too.
    """
    call, parent = call_to_work(by, call_id), call_to_work(by, parent_id)
    if parent.parent_id is not None:
        parent = call_to_work(by, parent.parent_id)
    if call.pk == parent.pk:
        raise _not("A call cannot be under itself.")
    if not call.open:
        raise _not(f"{call.reference} is not open any more.")
    if not parent.open:
        raise _not(f"{parent.reference} is not open any more.")
    Call.objects.filter(parent_id=call.pk).update(parent_id=parent.pk)
    Call.objects.filter(pk=call.pk).update(parent_id=parent.pk)
    if call.parent_id != parent.pk:
        text = f"Put under {parent.reference}: it is worked on there for all of them."
        process.note(by=by, case_id=call.case_id, text=text, now=now)
        _record(by, "servicedesk.call_put_under", call, now, parent=parent.pk)
    return again(call)


@transaction.atomic
def release(*, by: Viewer, call_id: int, now: datetime) -> Call:
    """Take a call out from under its parent: it is worked on by itself again."""
    call = call_to_work(by, call_id)
    if call.parent_id is None:
        raise _not("This call is under no other.")
    Call.objects.filter(pk=call.pk).update(parent_id=None)
    process.note(by=by, case_id=call.case_id, text="Taken out: it is worked on by itself.", now=now)
    _record(by, "servicedesk.call_released", call, now)
    return again(call)


@transaction.atomic
def to_problem(*, by: Viewer, call_id: int, problem_id: int | None, now: datetime) -> Call:
    """Say which problem lies behind a call, or that none does any more."""
    call = call_to_work(by, call_id)
    if problem_id is not None:
        problem = call_to_work(by, problem_id)
        if problem.kind != Kind.PROBLEM:
            raise _not(f"{problem.reference} is not a problem.")
        process.link(by=by, case_id=call.case_id, other=problem.reference, kind="related", now=now)
    Call.objects.filter(pk=call.pk).update(problem_id=problem_id)
    return again(call)


@transaction.atomic
def move(*, by: Viewer, call_id: int, council_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """Move a call to the council that it belongs to: a new one there, with the time at which it was first logged.

    This one ends as moved, so that no figure counts it twice; months that were published stay as they were.
    """
    call = call_to_work(by, call_id, Can.MOVE)
    gate.allow(by, Can.MOVE, council_id)
    if council_id == call.council_id:
        raise _not("It is at that council already.")
    if call.kind not in {Kind.INCIDENT, Kind.REQUEST, Kind.TASK}:
        raise _not("Only incidents, requests and tasks are moved. Link the two instead.")
    new = _for_the_same_user(
        by,
        call,
        council_id=council_id,
        kind=call.kind,
        answers={},
        submission=f"moved:{call.pk}",
        now=now,
        logged_at=call.logged_at,
    )
    Call.objects.filter(pk=call.pk).update(ended=Ended.MOVED)
    process.end_case(
        by=by,
        case_id=call.case_id,
        ending="made-in-error",
        expected=expected,
        now=now,
        text=f"Moved to another council: {why.strip() or 'it belongs there'}.",
    )
    process.link(by=by, case_id=call.case_id, other=new.reference, kind="related", now=now)
    _record(by, "servicedesk.call_moved", call, now, to=new.pk)
    return new


def _hear_of(into: Call, call: Call, now: datetime) -> None:
    """Let the user of a merged call, and whoever followed it, hear of the one that goes on."""
    heard = [(call.requester_id, call.caller_name, call.caller_email)]
    heard += list(Follower.objects.filter(call_id=call.pk).values_list("user_id", "name", "email"))
    for user_id, name, email in heard:
        if email and email != into.caller_email:
            Follower.objects.get_or_create(
                council_id=into.council_id,
                call_id=into.pk,
                email=email,
                defaults={"user_id": user_id, "name": name, "since": now},
            )


def _record(by: Viewer, what: str, call: Call, now: datetime, **facts: int) -> None:
    journal.write(
        by=by.actor, what=what, about=f"call:{call.pk}", council_id=call.council_id, now=now, facts=facts
    )


def _not(why: str) -> NotTogether:
    return NotTogether({"other": [why]}, why=why)
