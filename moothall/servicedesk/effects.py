"""A call follows its case: after each change, in the same transaction, its row says what the case has come to."""

from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Staff
from moothall.process.engine.state import CaseState, StepRun
from moothall.process.hooks import Change
from moothall.servicedesk import hooks
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.models.calls import Ended, Kind
from moothall.servicedesk.rules import kinds, states
from moothall.servicedesk.rules.states import Waiting

_HEADLINE = 200
_FIRST_STEPS = frozenset({"log"})


@dataclass(frozen=True, slots=True)
class _Before:
    """What of a call was so before this change, as far as somebody may want to know."""

    state: str
    priority: int
    open: bool


def follow(change: Change) -> None:
    """Bring the call of a case up to date; a case of the desk that has none yet gets one."""
    kind = kinds.KIND.get(change.case.definition.key)
    if kind is None:
        return
    call = Call.objects.filter(case_id=change.case.id).first()
    if call is None:
        _begin(change, Kind(kind))
        return
    before = _Before(call.state, call.priority, call.open)
    _read(call, change)
    call.save()
    _say(call, before, change.now)


def _begin(change: Change, kind: Kind) -> None:
    call = _new(change, kind)
    _read(call, change)
    call.save(force_insert=True)
    for heard in hooks.logged:
        heard(call, change.now)


def _new(change: Change, kind: Kind) -> Call:
    """Return the call of a new case, with what whoever logs it knows beside the case.

    Nothing is known of one that was opened by another case, or from “Start work”.
    """
    case, told = change.case, hooks.being_logged.get() or {}
    return Call(
        council_id=case.council_id,
        case_id=case.id,
        kind=kind,
        reference=case.reference,
        requester_id=case.requester_id,
        due_at=case.due_at,
        changed_at=change.now,
        **{"logged_at": case.opened_at, **told},
    )


def _read(call: Call, change: Change) -> None:
    case = change.case
    waiting = [run for run in case.open_steps() if run.key not in _FIRST_STEPS]
    call.state = states.state_of(
        (Waiting(run.key, run.run, run.person_id is not None) for run in waiting),
        closed=case.status == "closed",
    )
    call.open = states.is_open(call.state)
    call.headline = case.headline[:_HEADLINE]
    call.circle = case.circle
    call.priority = kinds.priority_of(case.data.get("priority"))
    call.category = str(case.data.get("category") or "")[:60]
    call.due_at, call.changed_at = case.due_at, change.now
    _whose(call, waiting)
    _resolved(call, change)
    if case.status == "closed":
        call.closed_at = case.closed_at
        call.ended = call.ended if call.ended == Ended.MOVED else Ended(states.ended_as(case.ending))
    for each in change.happened:
        if each.kind == "wrote" and call.first_reply_at is None:
            call.first_reply_at = change.now
        elif each.kind == "passed_on" and each.step in _sorting(case) and change.by.kind != "system":
            _passed_on(call, each.body.get("to", ""), each.body.get("text", ""), change)


def _sorting(case: CaseState) -> set[str]:
    return {key for key in case.definition.steps if key == "triage" or key in states.WORKING}


def _whose(call: Call, waiting: list[StepRun]) -> None:
    """Keep the team and the person of the work; while the user is asked, it stays with those who asked."""
    ours = [
        run for run in waiting if run.team_id is not None and not (run.asks_requester and run.key != "answer")
    ]
    if ours:
        call.team_id = ours[0].team_id
        call.person_id = ours[0].person_id


def _passed_on(call: Call, to: object, why: object, change: Change) -> None:
    """Count that somebody passed a call to another team; within one team it was only given to a person.

    Where the rules of the desk send a new call is no escalation: nobody had it before.
    """
    team_id = next((each.team_id for each in change.happened if each.kind == "passed_on"), None)
    before = Call.objects.filter(pk=call.pk).values_list("team_id", flat=True).first() if call.pk else None
    if before is None or team_id == before:
        return
    call.moves += 1
    Escalation.objects.create(
        council_id=call.council_id,
        call_id=call.pk,
        way=Escalation.Way.FUNCTIONAL,
        at=change.now,
        to=str(to)[:150],
        why=str(why)[:300],
        by=change.by.name[:150],
    )


def _resolved(call: Call, change: Change) -> None:
    """Keep when it was resolved, by whom, and whether that held."""
    resolved = not call.open and call.state in {states.RESOLVED, states.CLOSED}
    if not resolved:
        if call.resolved_at is not None:
            call.reopened += 1
            call.reopened_at, call.resolved_at = change.now, None
        return
    if call.resolved_at is not None:
        return
    run = _working(change.case)
    counts = change.case.status != "closed" or states.ended_as(change.case.ending) == states.DONE
    if not counts or run is None or run.state != "done":
        return
    call.resolved_at = run.done_at
    call.first_resolved_at = call.first_resolved_at or run.done_at
    call.resolved_team_id = run.team_id
    call.resolved_by_id = _staff_of(run)
    call.first_contact = _at_first_contact(call, change.case, run)


def _working(case: CaseState) -> StepRun | None:
    """Return the step in which the work was done last."""
    found = [run for key in states.WORKING if (run := case.steps.get(key)) is not None]
    return max(found, key=lambda run: run.done_at or run.opened_at, default=None)


def _staff_of(run: StepRun) -> int | None:
    kind, _, number = run.done_by.partition(":")
    if kind != "user" or not number.isdecimal():
        return None
    return Staff.objects.filter(user_id=int(number)).values_list("id", flat=True).first()


def _at_first_contact(call: Call, case: CaseState, run: StepRun) -> bool | None:
    """Say whether whoever took it first resolved it without passing it on or asking; unknown where nobody could.

    What has to be approved, and what nobody reported, is no contact (SDI: resolvable at first line).
    """
    if call.automatic or call.kind not in {Kind.INCIDENT, Kind.REQUEST} or _was_approved(case):
        return None
    triage = case.steps.get("triage")
    same = triage is None or triage.state != "done" or triage.done_by == run.done_by
    return same and call.moves == 0 and call.reopened == 0 and run.run == 1


def _was_approved(case: CaseState) -> bool:
    return any(key.startswith("approve_") and run.state == "done" for key, run in case.steps.items())


def _say(call: Call, before: _Before, now: datetime) -> None:
    """Tell whoever hung something; a call that is being logged is told of by the action that logs it."""
    if before.priority not in {0, call.priority}:
        for heard in hooks.reprioritised:
            heard(call, before.priority, now)
    if call.state == before.state:
        return
    if call.state == states.RESOLVED or (call.state == states.CLOSED and before.open and call.resolved_at):
        for each in hooks.resolved:
            each(call, now)
    if call.state == states.CLOSED:
        for each in hooks.closed:
            each(call, now)
