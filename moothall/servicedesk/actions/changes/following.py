"""A change follows its case: after each step, in the same transaction, its row says what the case has come to.

What may not be is refused here, whichever page it comes from: a window in a freeze, and systems that there are not.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moothall.councils.models import Council, Staff
from moothall.look import dates
from moothall.process.engine.state import CaseState, StepRun
from moothall.process.hooks import Change as CaseChange
from moothall.servicedesk.errors.changes import AlreadyMade, ChangeRefused, Frozen
from moothall.servicedesk.models import Call, Change, ChangeItem
from moothall.servicedesk.queries.freezes import freezes_holding
from moothall.servicedesk.queries.risk import items_named, moment_in
from moothall.servicedesk.rules import changes as rules
from moothall.servicedesk.rules.changes import StepSeen
from moothall.servicedesk.rules.risk import LEVEL, LOW


def follow_changes(happened: CaseChange) -> None:
    """Bring the change of a case up to date; one that was raised just now gets its row."""
    case = happened.case
    if case.definition.key != rules.PROCESS:
        return
    raised = case.steps.get("raise")
    if raised is None or raised.state != "done":
        _prepared_again(case)
        return
    if any(each.kind == "done" and each.step == "raise" for each in happened.happened):
        _check(case)
    if any(each.kind == "ended_early" for each in happened.happened):
        _not_made_yet(case)
    change = Change.objects.filter(call__case_id=case.id).first() or _new(case)
    _read(change, case)
    change.save()
    _touch(change, case)


def _prepared_again(case: CaseState) -> None:
    """Say of a change that was sent back to its author that it is being prepared, or that it was withdrawn."""
    state = rules.WITHDRAWN if case.status == "closed" else rules.RAISED
    Change.objects.filter(call__case_id=case.id).update(state=state)


def _not_made_yet(case: CaseState) -> None:
    """Refuse to end a change by hand once it was made: what failed or was undone is closed by its review alone."""
    if any(_done(case.steps, key) for key in ("make", "verify")):
        raise AlreadyMade


def _new(case: CaseState) -> Change:
    call = Call.objects.get(case_id=case.id)
    return Change(council_id=case.council_id, call=call)


def _check(case: CaseState) -> None:
    """Refuse systems that there are not, and a window in which a council that it touches wants nothing changed."""
    codes = [str(each).strip().lower() for each in case.data.get("items") or ()]
    known = {each.code for each in items_named(codes)}
    if unknown := [each for each in codes if each not in known]:
        why = f"There is no system “{unknown[0]}”. Look for its code in the list of systems."
        raise ChangeRefused({"items": [why]}, why=why)
    if case.data.get("retrospective") is True:
        return
    starts, ends = moment_in(case.data, "starts"), moment_in(case.data, "ends")
    touched = Council.objects.filter(code__in=case.data.get("councils") or ()).values_list("id", flat=True)
    if starts is None or ends is None or case.data.get("freeze_reason"):
        return
    for freeze in freezes_holding(touched, starts, ends):
        raise Frozen(
            council=freeze.council.name,
            start=dates.with_time(freeze.starts_at),
            end=dates.with_time(freeze.ends_at),
            reason=freeze.reason,
        )


def _read(change: Change, case: CaseState) -> None:
    data, steps = case.data, case.steps
    change.type = data["kind"]
    change.retrospective = data.get("retrospective") is True
    change.impact = LEVEL.get(str(data.get("impact")), LOW)
    change.risk = LEVEL.get(str(data.get("risk")), LOW)
    change.complex = data.get("complex") is True
    change.freeze_reason = str(data.get("freeze_reason") or "")
    change.starts_at, change.ends_at = _window(data)
    change.author_id = _staff(steps["raise"])
    attended, named = _done(steps, "attend"), data.get("second")
    change.second_id = (
        _staff(attended) if attended else named["staff"] if isinstance(named, Mapping) else None
    )
    seen = {key: StepSeen(run.state, run.outcome) for key, run in steps.items()}
    change.state = rules.state_of(seen, closed=case.status == "closed", ending=case.ending)
    change.decided_at = _decided(change, steps)
    made, reviewed = steps.get("make"), _done(steps, "review")
    change.began_at = made.opened_at if made is not None and made.state in {"open", "done"} else None
    change.finished_at = made.done_at if made is not None and made.state == "done" else None
    if change.retrospective:
        change.began_at, change.finished_at = change.starts_at, change.ends_at
    change.reviewed_at = reviewed.done_at if reviewed is not None else None
    change.review = str(data.get("findings") or "")
    change.objectives_met = data.get("objectives")


def _window(data: Mapping[str, Any]) -> tuple[datetime, datetime]:
    starts, ends = moment_in(data, "starts"), moment_in(data, "ends")
    assert starts is not None  # a change is raised with its window
    assert ends is not None
    return starts, ends


def _done(steps: Mapping[str, StepRun], key: str) -> StepRun | None:
    run = steps.get(key)
    return run if run is not None and run.state == "done" else None


def _decided(change: Change, steps: Mapping[str, StepRun]) -> datetime | None:
    """Return when it was decided whether it may be made: a standard change was, once for all."""
    if change.type == rules.STANDARD:
        return steps["raise"].done_at
    for key in ("board", "ecab", *(("afterwards",) if change.retrospective else ())):
        if (run := _done(steps, key)) is not None:
            return run.done_at
    return None


def _staff(run: StepRun) -> int | None:
    kind, _, number = run.done_by.partition(":")
    if kind != "user" or not number.isdecimal():
        return None
    return Staff.objects.filter(user_id=int(number)).values_list("id", flat=True).first()


def _touch(change: Change, case: CaseState) -> None:
    """Keep which items it touches, and let its call be about the one that most depends on."""
    items = items_named(case.data.get("items"))
    wanted = {each.pk for each in items}
    rows = ChangeItem.objects.filter(change=change)
    known = set(rows.values_list("item_id", flat=True))
    if known == wanted:
        return
    rows.exclude(item_id__in=sorted(wanted)).delete()
    ChangeItem.objects.bulk_create(
        ChangeItem(council_id=change.council_id, change=change, item_id=each)
        for each in sorted(wanted - known)
    )
    Call.objects.filter(pk=change.call_id).update(item_id=items[0].pk if items else None)
