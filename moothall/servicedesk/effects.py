"""A call follows its case: after each change, in the same transaction, its row says what the case has come to."""

from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Staff
from moothall.process.engine.state import CaseState, Happening, StepRun
from moothall.process.hooks import Change
from moothall.servicedesk import hooks
from moothall.servicedesk.models import AskedFor, Call, Escalation
from moothall.servicedesk.models.calls import Ended, Kind
from moothall.servicedesk.queries.following import of_case, read_of, waiting_in
from moothall.servicedesk.rules import kinds, states

FIRST_LINE = "service-desk"
_SORTING = frozenset({"triage", *states.WORKING})


@dataclass(frozen=True, slots=True)
class _Before:
    """What of a call was so before this change, as far as somebody may want to know."""

    state: str
    priority: int
    open: bool
    team_id: int | None


def follow(change: Change) -> None:
    """Bring the call of a case up to date; a case of the desk that has none yet gets one."""
    kind = kinds.KIND.get(change.case.definition.key)
    if kind is None:
        return
    call: Call | None = of_case.first(case_id=change.case.id)
    if call is None:
        _begin(change, Kind(kind))
        return
    before = _Before(call.state, call.priority, call.open, call.team_id)
    _read(call, change, before.team_id)
    call.save()
    _say(call, before, change.now)


def _begin(change: Change, kind: Kind) -> None:
    call = _new(change, kind)
    _read(call, change, None)
    call.save(force_insert=True)
    for heard in hooks.logged:
        heard(call, change.now)


def _new(change: Change, kind: Kind) -> Call:
    """Return the call of a new case, with what whoever logs it knows beside the case.

    Nothing is known of one that was opened by another case, or from “Start work”; what is known of this one is of no
    other that begins while it is being logged.
    """
    case, logging = change.case, hooks.being_logged.get() or hooks.BeingLogged({})
    hooks.being_logged.set(None)
    logging.call = Call(
        council_id=case.council_id,
        case_id=case.id,
        kind=kind,
        reference=case.reference,
        requester_id=case.requester_id,
        due_at=case.due_at,
        changed_at=change.now,
        **{"logged_at": case.opened_at, **logging.told},
    )
    return logging.call


def _read(call: Call, change: Change, had: int | None) -> None:
    """Bring a call up to date; `had` is the team that had it before."""
    case = change.case
    for name, value in read_of(case).items():
        setattr(call, name, value)
    call.changed_at = change.now
    _whose(call, waiting_in(case))
    _resolved(call, change)
    if case.status == "closed":
        call.ended = call.ended if call.ended == Ended.MOVED else Ended(states.ended_as(case.ending))
    for each in change.happened:
        if each.kind == "wrote" and call.first_reply_at is None:
            call.first_reply_at = change.now
        elif each.kind == "passed_on" and each.step in _SORTING and change.by.kind != "system":
            _passed_on(call, each, change, had)


def _whose(call: Call, waiting: list[StepRun]) -> None:
    """Keep the team and the person of the work; while the user is asked, it stays with those who asked."""
    ours = [
        run for run in waiting if run.team_id is not None and not (run.asks_requester and run.key != "answer")
    ]
    if ours:
        call.team_id = ours[0].team_id
        call.person_id = ours[0].person_id


def _passed_on(call: Call, passed: Happening, change: Change, had: int | None) -> None:
    """Count that somebody passed a call to another team; within one team it was only given to a person.

    Where the rules of the desk send a new call is no escalation: nobody had it before.
    """
    if had is None or passed.team_id == had:
        return
    call.moves += 1
    Escalation.objects.create(
        council_id=call.council_id,
        call_id=call.pk,
        way=Escalation.Way.FUNCTIONAL,
        at=change.now,
        to=str(passed.body.get("to", ""))[:150],
        why=str(passed.body.get("text", ""))[:300],
        by=change.by.name[:150],
    )


def _resolved(call: Call, change: Change) -> None:
    """Keep when it was resolved, by whom, and whether that held."""
    if call.open:
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
    is_first = call.first_resolved_at is None
    call.resolved_at = run.done_at
    call.first_resolved_at = call.first_resolved_at or run.done_at
    call.resolved_team_id = run.team_id
    call.resolved_by_id = _staff_of(run)
    if is_first:
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

    It is said once, when a call is first resolved; whether that held, the figure sees by when it was reopened. What
    has to be approved, what the catalogue sends to those who deliver it, and what nobody reported, is no contact that
    the first line could resolve (SDI).
    """
    if call.automatic or call.kind not in {Kind.INCIDENT, Kind.REQUEST} or _was_approved(case):
        return None
    if call.kind == Kind.REQUEST and _is_delivered_elsewhere(call):
        return None
    triage = case.steps.get("triage")
    same = triage is None or triage.state != "done" or triage.done_by == run.done_by
    return same and call.moves == 0 and run.run == 1


def _is_delivered_elsewhere(call: Call) -> bool:
    rows = AskedFor.objects.filter(call_id=call.pk, catalogue_item__team__isnull=False)
    elsewhere: bool = rows.exclude(catalogue_item__team__function=FIRST_LINE).exists()
    return elsewhere


def _was_approved(case: CaseState) -> bool:
    return any(key.startswith("approve_") and run.state == "done" for key, run in case.steps.items())


def _say(call: Call, before: _Before, now: datetime) -> None:
    """Tell whoever hung something on what has changed."""
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
