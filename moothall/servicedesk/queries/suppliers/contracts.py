"""Suppliers over a month: promises kept, credits due, notice dates, and where their promises outlast ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache, partial

from django.db.models import Q

from moothall.councils import gate
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.estate.models import SupportRoute
from moothall.estate.permissions import Can as EstateCan
from moothall.estate.rules import PRIORITIES, promised
from moothall.look import dates
from moothall.plain.working_time import Calendar
from moothall.process import queries as process
from moothall.process import store
from moothall.process.definition import Clock, Span
from moothall.process.engine.spans import due as span_due
from moothall.process.engine.spans import in_seconds
from moothall.process.engine.targets import calendar_name
from moothall.process.errors import NoSuchProcess
from moothall.servicedesk.models import SupplierCall
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.suppliers.nested import shares_of
from moothall.servicedesk.rules import kinds
from moothall.servicedesk.rules import suppliers as rules
from moothall.servicedesk.rules.suppliers import Gap, Kept, Promised, Shares

_OURS = "resolve"
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Contract:
    """A support route over one month. `shares` is whose the time was of the calls that they had."""

    route: SupportRoute
    responded: Kept
    resolved: Kept
    credit_pence: int
    shares: Shares
    open: int

    @property
    def missed(self) -> int:
        return self.responded.missed + self.resolved.missed


def contracts(viewer: Viewer, month: date, now: datetime) -> Sequence[Contract]:
    """Return every support route that was in force in a month, with what became of its promises, by council."""
    begin, end = month_of(month)
    in_force = Q(starts_on__lt=end.date()) & (Q(ends_on=None) | Q(ends_on__gte=month))
    routes = gate.narrow(viewer, EstateCan.SEE, SupportRoute.objects.filter(in_force))
    rows = list(
        routes.select_related("council", "item", "supplier").order_by("council__name", "supplier__name", "id")
    )
    had = _had(viewer, begin, end)
    shares = shares_of({each.call_id: each.call for each in had}.values(), now)
    return [
        _contract(route, [one for one in had if one.route_id == route.pk], shares, begin, end, now)
        for route in rows
    ]


def month_of(month: date) -> tuple[datetime, datetime]:
    """Return when a month begins and when the next one does, in London."""
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    midnight = partial(datetime.combine, time=time(), tzinfo=dates.LONDON)
    return midnight(first), midnight(following)


def _had(viewer: Viewer, begin: datetime, end: datetime) -> list[SupplierCall]:
    """Return the times in a month that suppliers had a call which is there for the viewer."""
    rows = gate.narrow(viewer, Can.SEE, SupplierCall.objects.filter(passed_at__lt=end))
    during = Q(returned_at=None) | Q(returned_at__gte=begin)
    late = Q(due_at__gte=begin) | Q(respond_due_at__gte=begin)
    found = rows.filter(during | late, call__in=there(viewer).values("id"))
    return list(found.select_related("call").order_by("passed_at", "id"))


def promises_of(calls: Iterable[SupplierCall]) -> list[Promised]:
    """Return what suppliers promised on calls, each promise by itself."""
    found = []
    for each in calls:
        if each.respond_due_at is not None:
            found.append(Promised("respond", each.respond_due_at, each.responded_at))
        if each.due_at is not None:
            found.append(Promised("resolve", each.due_at, each.returned_at))
    return found


def _contract(
    route: SupportRoute,
    had: Sequence[SupplierCall],
    shares: dict[int, Shares],
    begin: datetime,
    end: datetime,
    now: datetime,
) -> Contract:
    promises = promises_of(had)
    responded = rules.kept((each for each in promises if each.kind == "respond"), begin, end, now)
    resolved = rules.kept((each for each in promises if each.kind == "resolve"), begin, end, now)
    credit = rules.credit_pence(
        responded.missed + resolved.missed,
        route.monthly_charge_pence,
        route.credit_basis_points,
        route.credit_limit_basis_points,
    )
    theirs = [shares[each] for each in {one.call_id for one in had}]
    whole = Shares(
        sum(each.ours for each in theirs),
        sum(each.user for each in theirs),
        sum(each.supplier for each in theirs),
    )
    return Contract(route, responded, resolved, credit, whole, sum(each.returned_at is None for each in had))


def with_suppliers(viewer: Viewer) -> Sequence[SupplierCall]:
    """Return the calls that suppliers have now, the most overdue first; those without a promise at the end."""
    rows = gate.narrow(viewer, Can.SEE, SupplierCall.objects.filter(returned_at=None))
    found = rows.filter(call__in=there(viewer).values("id")).select_related(
        "call__council", "route__supplier"
    )
    far = datetime.max.replace(tzinfo=dates.LONDON)
    return sorted(found[:_MOST_SHOWN], key=lambda each: (each.due_at or far, each.pk))


def route_gaps(route: SupportRoute, now: datetime) -> dict[int, Gap]:
    """Return, by priority, where what a route promises may outlast what we promise the users: not back to back."""
    return gaps_of([route], now)[route.pk]


def gaps_of(routes: Iterable[SupportRoute], now: datetime) -> dict[int, dict[int, Gap]]:
    """Return the same of several routes, by their number; calendars and our promises are looked up once for all.

    Both are counted in the hours they are promised in, for calls that come at any hour of two weeks. Where the desk's
    process is not published, or promises nothing, there is no gap.
    """
    monday = (now.astimezone(dates.LONDON) - timedelta(days=now.weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    calendar = cache(calendar_of)
    clock_at = cache(_our_clock)
    found: dict[int, dict[int, Gap]] = {}
    for route in routes:
        mine = found.setdefault(route.pk, {})
        clock = clock_at(route.council_id)
        for priority in PRIORITIES:
            if clock is None:
                break
            promise, target = promised(route.targets, priority), clock.target(f"P{priority}")
            if promise.resolve is None or target is None or target.span is None:
                continue
            ours = calendar(route.council_id, calendar_name(clock, target))
            theirs = calendar(route.council_id, route.hours)
            gap = worst_gap(target.span, ours, theirs, promise.resolve * 60, monday)
            if gap is not None:
                mine[priority] = gap
    return found


@lru_cache(maxsize=512)
def worst_gap(span: Span, ours: Calendar, theirs: Calendar, seconds: int, since: datetime) -> Gap | None:
    """Return the worst gap of two promises; remembered, since calendars and contracts seldom change."""
    place = rules.worst(_ours_at(span, ours, since), _counted_at(theirs, seconds, since))
    if place is None:
        return None
    at = since + place * rules.TRIED_EVERY
    return Gap(at, span_due(span, ours, at), theirs.add(at, seconds))


@lru_cache(maxsize=8)
def _tried(since: datetime) -> list[int]:
    return [int(each.timestamp()) for each in rules.tried(since)]


@lru_cache(maxsize=256)
def _counted_at(calendar: Calendar, seconds: int, since: datetime) -> list[int]:
    """Return when so many open seconds are over for a call at each moment that is tried, in seconds since 1970."""
    found: list[int] = []
    before = None
    for at, opened in zip(_tried(since), _opened(calendar, since), strict=True):
        found.append(found[-1] if opened == before else calendar.after(at, seconds))
        before = opened
    return found


@lru_cache(maxsize=64)
def _opened(calendar: Calendar, since: datetime) -> list[int]:
    """Return how long it was open up to each moment: between two with the same, nothing runs."""
    return [calendar.between(since, each) for each in rules.tried(since)]


@lru_cache(maxsize=256)
def _ours_at(span: Span, calendar: Calendar, since: datetime) -> list[int]:
    """Return when our own promise runs out for each of them; in working days, the same for all calls of one day."""
    seconds = in_seconds(span)
    if seconds is not None:
        return _counted_at(calendar, seconds, since)
    if not span.working:
        return [int(span_due(span, calendar, each).timestamp()) for each in rules.tried(since)]
    by_day: dict[date, int] = {}
    found = []
    for each in rules.tried(since):
        day = each.astimezone(calendar.zone).date()
        if day not in by_day:
            by_day[day] = int(span_due(span, calendar, each).timestamp())
        found.append(by_day[day])
    return found


def _our_clock(council_id: int) -> Clock | None:
    """Return our promise to mend incidents, as that council has it today."""
    try:
        version = process.newest_version(kinds.PROCESS[kinds.INCIDENT], council_id)
    except NoSuchProcess:
        return None
    return next((each for each in store.definition_of(version).clocks.values() if each.key == _OURS), None)
