"""The clocks inside the clock of a call: whose its time was, and what a supplier who has it has promised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.db.models import Q

from moothall.councils.queries import calendar_of
from moothall.estate import queries as estate
from moothall.estate.models import SupportRoute
from moothall.look import dates
from moothall.plain.working_time import Calendar
from moothall.process.models import Clock, Step
from moothall.servicedesk.models import Call, SupplierCall
from moothall.servicedesk.rules import suppliers as rules
from moothall.servicedesk.rules.suppliers import Shares, Spell

NEVER_COUNTED = datetime(2198, 1, 1, tzinfo=UTC)
"""From when on calendars are not added up: what is due then is due never."""
_OURS_IN = "resolve"
_OFFICE = "office"
_NEVER_OPEN = Q(state=Step.State.SKIPPED) | Q(state=Step.State.RESET, done_at=None)
"""Steps that were not needed, also when their turn was taken back later: nobody had the call then."""
_WHOSE: Mapping[str, str] = {
    "answer": rules.USER,
    "supplier": rules.SUPPLIER,
    "confirm": rules.RESOLVED,
    "watch": rules.RESOLVED,
}


def share_of_clock(call: Call, now: datetime) -> Shares:
    """Return whose the time of a call was, in the open seconds of the calendar that its resolution is promised in."""
    return shares_of([call], now)[call.pk]


def shares_of(calls: Iterable[Call], now: datetime) -> dict[int, Shares]:
    """Return whose the time of each call was, by the call's number; two questions for all of them.

    From when it was logged until it was resolved, or ended, or now. While it waits for the user's word whether it
    works, its time is nobody's.
    """
    held = list(calls)
    cases = [each.case_id for each in held]
    calendars = _calendars(held, cases)
    spells = _spells(held, cases, now)
    return {
        each.pk: rules.shares(
            calendars[each.pk], each.logged_at, _until(each, now), spells.get(each.case_id, ())
        )
        for each in held
    }


def _until(call: Call, now: datetime) -> datetime:
    return call.resolved_at or call.closed_at or now


def _spells(calls: Sequence[Call], cases: Sequence[int], now: datetime) -> dict[int, list[Spell]]:
    ends = {each.case_id: _until(each, now) for each in calls}
    found: dict[int, list[Spell]] = {}
    rows = Step.objects.filter(case_id__in=cases, key__in=list(_WHOSE)).exclude(_NEVER_OPEN)
    for case_id, key, opened_at, done_at in rows.values_list("case_id", "key", "opened_at", "done_at"):
        end = done_at or ends[case_id]
        if opened_at < end:
            found.setdefault(case_id, []).append(Spell(_WHOSE[key], opened_at, end))
    return found


def _calendars(calls: Sequence[Call], cases: Sequence[int]) -> dict[int, Calendar]:
    """Return the calendar that the time of each call is counted in: that of its own promise, as it last was."""
    rows = Clock.objects.filter(case_id__in=cases, key=_OURS_IN).order_by("run")
    names = dict(rows.values_list("case_id", "calendar"))
    calendar = cache(calendar_of)
    return {each.pk: calendar(each.council_id, names.get(each.case_id) or _OFFICE) for each in calls}


@dataclass(frozen=True, slots=True)
class Nested:
    """What the page of a call shows of its clocks: whose time it was, and each time that a supplier had it.

    `warning` says that the supplier who has it now may take longer than we had left.
    """

    shares: Shares
    rows: Sequence[tuple[str, int, int]]
    suppliers: Sequence[SupplierCall]
    held: SupplierCall | None
    warning: str = ""


def nested(call: Call, now: datetime) -> Nested:
    """Return the clocks inside the clock of a call that the viewer has been shown."""
    shares = share_of_clock(call, now)
    rows = SupplierCall.objects.filter(call=call).select_related("route__supplier").order_by("passed_at")
    passed = list(rows)
    held = next((each for each in reversed(passed) if each.returned_at is None), None)
    return Nested(shares, rules.spent_in_words(shares), passed, held, _warning(call, held) if held else "")


def _warning(call: Call, held: SupplierCall) -> str:
    clock = Clock.objects.filter(case_id=call.case_id, key=_OURS_IN).order_by("-run").first()
    if clock is None or clock.state not in {Clock.State.RUNNING, Clock.State.PAUSED}:
        return ""
    ours = calendar_of(call.council_id, clock.calendar or _OFFICE)
    left = clock.left_seconds
    if left is None:
        left = ours.between(held.passed_at, clock.due_at) if clock.due_at < NEVER_COUNTED else None
    ends = rules.outlasts(held.due_at, held.passed_at, left, ours)
    if ends is None or held.due_at is None:
        return ""
    return (
        f"{held.route.supplier.name} promise to put it right by {dates.with_time(held.due_at)}. What was left of our"
        f" own promise would have ended on {dates.with_time(ends)}: tell the user that it will take longer."
    )


def supplier_options(call: Call, now: datetime) -> list[SupportRoute]:
    """Return the support routes by which a call may be passed on: of its system and what that needs, or else all."""
    today = now.astimezone(dates.LONDON).date()
    if call.item_id is not None and (found := estate.routes_for(call.council_id, call.item_id, today)):
        return list(found)
    in_force = Q(ends_on=None) | Q(ends_on__gte=today)
    rows = SupportRoute.objects.filter(in_force, council_id=call.council_id, starts_on__lte=today)
    return list(rows.select_related("supplier", "item").order_by("supplier__name", "item__name"))
