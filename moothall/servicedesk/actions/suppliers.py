"""Calls with suppliers: their clock inside ours, chased once when it is late, and ended when the call comes back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.estate.models import SupportRoute
from moothall.estate.rules import promised
from moothall.journal import actions as journal
from moothall.look import dates
from moothall.messages.actions import send_email
from moothall.process import actions as process
from moothall.process.hooks import Change as CaseChange
from moothall.servicedesk.actions import working
from moothall.servicedesk.errors.suppliers import NoSuchRoute, NotWithSupplier
from moothall.servicedesk.models import Call, SupplierCall
from moothall.servicedesk.queries.calls import call_to_work
from moothall.servicedesk.rules import kinds

STEP = "supplier"
AT_ONCE = 100
_NAME = 120


@transaction.atomic
def pass_to_supplier(
    *, by: Viewer, call_id: int, route_id: int, their_reference: str, expected: int | None, now: datetime
) -> SupplierCall:
    """Pass a call to a supplier by one of the council's support routes; from now on their clock runs inside ours.

    What the route promises for the call's priority is written down with it: a later change of the contract, or of the
    priority, is not the supplier's fault.
    """
    call = call_to_work(by, call_id)
    route = _route(call, route_id, now)
    name = route.supplier.name[:_NAME]
    said = f"{name}, reference {their_reference.strip()}" if their_reference.strip() else name
    call = working.with_supplier(by=by, call_id=call.pk, supplier=said, expected=expected, now=now)
    kept: SupplierCall = SupplierCall.objects.create(
        council_id=call.council_id,
        call=call,
        route=route,
        their_reference=their_reference.strip()[:60],
        passed_at=now,
        **_clock(route, call.priority, now),
    )
    journal.write(
        by=by.actor,
        what="servicedesk.passed_to_supplier",
        about=f"call:{call.pk}",
        council_id=call.council_id,
        now=now,
        facts={"route": route.pk, "supplier": route.supplier_id},
    )
    return kept


def _route(call: Call, route_id: int, now: datetime) -> SupportRoute:
    """Return a support route of the call's council that is in force; refuses every other."""
    today = now.astimezone(dates.LONDON).date()
    in_force = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = SupportRoute.objects.filter(
        in_force, pk=route_id, council_id=call.council_id, starts_on__lte=today
    )
    found: SupportRoute | None = rows.select_related("supplier").first()
    if found is None:
        raise NoSuchRoute({"route": [NoSuchRoute.message]})
    return found


def _clock(route: SupportRoute, priority: int, now: datetime) -> dict[str, object]:
    """Return what a route promises from now on, for a priority, in its hours at that council."""
    promise = promised(route.targets, priority)
    calendar = calendar_of(route.council_id, route.hours)
    found: dict[str, object] = {"hours": route.hours}
    if promise.respond is not None:
        found["respond_seconds"] = promise.respond * 60
        found["respond_due_at"] = calendar.add(now, promise.respond * 60)
    if promise.resolve is not None:
        found["target_seconds"] = promise.resolve * 60
        found["due_at"] = calendar.add(now, promise.resolve * 60)
    return found


@transaction.atomic
def supplier_responded(
    *, by: Viewer, call_id: int, now: datetime, their_reference: str = "", at: datetime | None = None
) -> SupplierCall:
    """Write down that the supplier has answered: now, or when they say that they did; the first time counts."""
    call = call_to_work(by, call_id)
    held = _held(call)
    changed = []
    if held.responded_at is None:
        held.responded_at = min(max(at or now, held.passed_at), now)
        changed.append("responded_at")
    if their_reference.strip():
        held.their_reference = their_reference.strip()[:60]
        changed.append("their_reference")
    held.save(update_fields=changed)
    journal.write(
        by=by.actor,
        what="servicedesk.supplier_responded",
        about=f"call:{call.pk}",
        council_id=call.council_id,
        now=now,
        facts={"route": held.route_id},
    )
    return held


def _held(call: Call) -> SupplierCall:
    rows = SupplierCall.objects.select_for_update().filter(call=call, returned_at=None)
    found: SupplierCall | None = rows.order_by("-passed_at", "-id").first()
    if found is None:
        raise NotWithSupplier
    return found


@transaction.atomic
def returned(*, by: Viewer, call_id: int, text: str, expected: int | None, now: datetime) -> SupplierCall:
    """Take a call back from a supplier, with what they did; whether they kept their promise is certain now."""
    call = call_to_work(by, call_id)
    held = _held(call)
    working.bring_back(by=by, call_id=call.pk, text=text, expected=expected, now=now)
    held.refresh_from_db()
    return held


def follow_suppliers(change: CaseChange) -> None:
    """End a supplier's clock when their step is over, however that came: given back, resolved over it, or ended."""
    case = change.case
    if case.definition.key not in kinds.KIND or STEP not in case.definition.steps:
        return
    run = case.steps.get(STEP)
    if run is None or (run.state == "open" and case.status == "open"):
        return
    for held in SupplierCall.objects.filter(
        call__case_id=case.id, returned_at=None, passed_at__lte=change.now
    ):
        if run.opened_at <= held.passed_at:
            _end(held, change.now)


def _end(held: SupplierCall, now: datetime) -> None:
    calendar = calendar_of(held.council_id, held.hours)
    held.returned_at = now
    held.responded_at = held.responded_at or now
    held.seconds = max(0, calendar.between(held.passed_at, now))
    held.met = None if held.due_at is None else now <= held.due_at
    held.save(update_fields=["returned_at", "responded_at", "seconds", "met"])


def late_suppliers(now: datetime) -> int:
    """Chase what is late at every council: periodic work."""
    with scope.everything("late suppliers are chased at every council"):
        return chase_late(now)


def chase_late(now: datetime) -> int:
    """Write once to every supplier whose promise has run out while they have a call, and note it on the call.

    Where a route has no email address, the note asks whoever works on the call to ring them.
    """
    late = Q(due_at__lte=now) | Q(respond_due_at__lte=now, responded_at=None)
    rows = SupplierCall.objects.filter(late, returned_at=None, chased_at=None).order_by("due_at")
    return sum(_chase(number, now) for number in list(rows.values_list("pk", flat=True)[:AT_ONCE]))


@transaction.atomic
def _chase(number: int, now: datetime) -> int:
    rows = SupplierCall.objects.select_for_update().filter(pk=number, returned_at=None, chased_at=None)
    held: SupplierCall | None = rows.first()
    if held is None:
        return 0
    call, route = held.call, SupportRoute.objects.select_related("supplier").get(pk=held.route_id)
    resolving = held.due_at is not None and held.due_at <= now
    due_at = held.due_at if resolving else held.respond_due_at
    assert due_at is not None
    when = dates.with_time(due_at)
    what = "put it right" if resolving else "answer"
    if route.email:
        _write(held, call, route, f"{what} by {when}", now)
    how = (
        f"We have written to {route.email}."
        if route.email
        else f"Ring them: {route.phone or 'no number is kept'}."
    )
    words = f"{route.supplier.name} promised to {what} by {when} and has not. {how}"
    process.note(by=Viewer.system(), case_id=call.case_id, text=words, now=now)
    SupplierCall.objects.filter(pk=held.pk).update(chased_at=now)
    return 1


def _write(held: SupplierCall, call: Call, route: SupportRoute, promise: str, now: datetime) -> None:
    council = Council.objects.get(pk=held.council_id)
    theirs = f"Your reference: {held.their_reference}\n" if held.their_reference else ""
    contract = f"Contract: {route.contract}\n" if route.contract else ""
    send_email(
        council_id=held.council_id,
        about=f"case:{call.case_id}",
        to=route.email,
        subject=f"Overdue: our call {call.reference} with you",
        body=(
            f"{council.name} passed you call {call.reference} on {dates.with_time(held.passed_at)}.\n"
            f"You promised to {promise}. We have not had that yet.\n\n{theirs}{contract}\n"
            "Please tell us when we may expect it. Answer this email, and it is kept with the call."
        ),
        key=f"supplier:{held.pk}:late",
        now=now,
    )
