"""What stands beside a call: its system with who helps, what is known to be away, and other calls that matter to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.prepared import Prepared, Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.models import Item, SupportRoute
from moothall.estate.queries import needed_by, routes_for
from moothall.estate.rules import promised
from moothall.look import dates
from moothall.process import circles
from moothall.servicedesk.models import Call, ChangeItem
from moothall.servicedesk.models.calls import State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.outages import Known, known_now
from moothall.workplace.rules import moment

MOST = 4
SIMILAR = 8
FAMILY = 100
_SINCE = timedelta(days=30)


_BRIEF = (
    "id", "reference", "headline", "priority", "state", "logged_at", "open", "parent_id", "merged_into_id",
    "problem_id", "council_id", "circle",
)  # fmt: skip
_STATES = {each.value: each.label for each in State}
_PASSED_OVER = 20


@dataclass(frozen=True, slots=True)
class Brief:
    """Another call, as it is named beside one."""

    id: int
    reference: str
    headline: str
    priority: int
    state: str
    logged_at: datetime
    open: bool
    parent_id: int | None
    merged_into_id: int | None
    problem_id: int | None


def _briefs(viewer: Viewer, which: Prepared, most: int, **given: Any) -> list[Brief]:
    """Return the first of the calls that answer a question, as far as they are there for the viewer.

    Which circle somebody is in is looked at row by row: for a handful that is a tenth of what the database takes.
    """
    seen = which.all(reached=gate.reach(viewer, Can.SEE), **given)
    found = [row for row in seen if circles.sees(viewer, row[-2], row[-1])]
    return [_brief(row) for row in found[:most]]


def _read(rows: "QuerySet[Call]", reached: frozenset[int] | None, most: int) -> Any:
    return gate.within(rows, reached).values_list(*_BRIEF)[: most + _PASSED_OVER]


@prepared
def _lately(item_id: Slot, since: Slot, but: Slot, *, reached: frozenset[int] | None) -> Any:
    rows = Call.objects.filter(item_id=item_id, logged_at__gte=since).exclude(pk=but)
    return _read(rows.order_by("-logged_at"), reached, MOST)


@prepared
def _asked_for_by(requester_id: Slot, but: Slot, *, reached: frozenset[int] | None) -> Any:
    return _read(
        Call.objects.filter(requester_id=requester_id).exclude(pk=but).order_by("-id"), reached, MOST
    )


@prepared
def _written_from(email: Slot, but: Slot, *, reached: frozenset[int] | None) -> Any:
    return _read(Call.objects.filter(caller_email=email).exclude(pk=but).order_by("-id"), reached, MOST)


@prepared
def _newest_of(numbers: Slot, *, reached: frozenset[int] | None) -> Any:
    return _read(Call.objects.filter(pk__in=numbers).order_by("-logged_at"), reached, MOST)


@prepared
def _relatives(numbers: Slot, *, reached: frozenset[int] | None) -> Any:
    return _read(Call.objects.filter(pk__in=numbers).order_by("-open", "id"), reached, FAMILY)


@prepared
def _changed(item_id: Slot) -> Any:
    rows = ChangeItem.objects.filter(item_id=item_id).order_by("-id")
    return rows.values_list("change__call_id", flat=True)[:_PASSED_OVER]


def _brief(row: Sequence[Any]) -> Brief:
    (
        number,
        reference,
        headline,
        priority,
        state,
        logged_at,
        is_open,
        parent_id,
        merged_into_id,
        problem_id,
    ) = row[:10]
    return Brief(
        id=number,
        reference=reference,
        headline=headline,
        priority=priority,
        state=str(_STATES[state]),
        logged_at=logged_at,
        open=is_open,
        parent_id=parent_id,
        merged_into_id=merged_into_id,
        problem_id=problem_id,
    )


@dataclass(frozen=True, slots=True)
class OutageSaid:
    """Something that is known to be away, or soon will be, in words."""

    title: str
    public: str
    since: str
    planned: bool
    id: int


@dataclass(frozen=True, slots=True)
class Route:
    """Who helps with a system, what they promise for this call, and how they are reached."""

    route: SupportRoute
    promise: str


@dataclass(frozen=True, slots=True)
class SystemSaid:
    """The system of a call, with what is known of it."""

    item: Item
    routes: Sequence[Route]
    outages: Sequence[OutageSaid]
    recent: Sequence[Brief]
    changes: Sequence[Brief]


@dataclass(frozen=True, slots=True)
class Family:
    """The calls that a call belongs to, and those that hang on it: under it, merged into it, incidents of a problem."""

    parent: Brief | None = None
    merged_into: Brief | None = None
    problem: Brief | None = None
    children: Sequence[Brief] = ()
    merged: Sequence[Brief] = ()
    incidents: Sequence[Brief] = ()

    @property
    def open_children(self) -> int:
        return sum(each.open for each in self.children)


def system_of(viewer: Viewer, call: Call, now: datetime) -> SystemSaid | None:
    """Return what is known of a call's system; nothing if none is named."""
    if call.item is None:
        return None
    today, below = timezone.localdate(now), needed_by([call.item.pk])
    return SystemSaid(
        item=call.item,
        routes=[
            Route(each, promise_of(each, call.priority))
            for each in routes_for(call.council_id, call.item.pk, today, below)
        ],
        outages=outages_at(call.council_id, now, below),
        recent=_briefs(viewer, _lately, MOST, item_id=call.item.pk, since=now - _SINCE, but=call.pk),
        changes=_changes(viewer, call.item.pk),
    )


def promise_of(route: SupportRoute, priority: int) -> str:
    """Return what a route promises for a priority, in words; empty if nothing."""
    found = promised(route.targets, priority)
    parts = [
        f"{words} within {dates.length(timedelta(minutes=minutes))}"
        for words, minutes in (("respond", found.respond), ("put it right", found.resolve))
        if minutes
    ]
    return f"They promise to {' and to '.join(parts)}" if parts else ""


def outages_at(
    council_id: int | None, now: datetime, items: frozenset[int] | None = None
) -> Sequence[OutageSaid]:
    """Return what a council's users cannot use now, or soon cannot; of all items, or of some."""
    known = known_now(council_id, now) if council_id is not None else []
    found = [each for each in known if items is None or each.item_id in items]
    return [_outage(each, now) for each in found]


def _outage(known: Known, now: datetime) -> OutageSaid:
    coming = known.is_coming(now)
    away = "planned work" if coming else "working badly" if known.degraded else "not working"
    until = f" until {moment(known.until, now)}" if known.until else ""
    if known.planned:
        since = f"Planned, from {moment(known.since, now)}{until}"
    else:
        since = f"We know of it since {moment(known.since, now)}"
    if known.next_at:
        since += f". You hear more by {moment(known.next_at, now)}"
    return OutageSaid(
        title=f"{known.item}: {away}",
        public=known.text,
        since=since,
        planned=known.planned,
        id=known.outage_id,
    )


def _changes(viewer: Viewer, item_id: int) -> Sequence[Brief]:
    """Return the calls of the newest changes of an item: what was done to it before it broke."""
    if not gate.anywhere(viewer, Can.SEE_CHANGES):
        return ()
    numbers = _changed.all(item_id=item_id)
    return _briefs(viewer, _newest_of, MOST, numbers=numbers) if numbers else ()


def others_of_user(viewer: Viewer, call: Call) -> Sequence[Brief]:
    """Return the newest other calls of whoever asked for a call."""
    if call.requester_id is not None:
        return _briefs(viewer, _asked_for_by, MOST, requester_id=call.requester_id, but=call.pk)
    if call.caller_email:
        return _briefs(viewer, _written_from, MOST, email=call.caller_email, but=call.pk)
    return ()


def family_of(viewer: Viewer, call: Call) -> Family:
    """Return the calls that a call belongs to and that hang on it, as far as they are there for the viewer."""
    above = (call.parent_id, call.merged_into_id, call.problem_id)
    numbers = {each for each in above if each is not None} | set(_hanging_on(viewer, call))
    found = _briefs(viewer, _relatives, FAMILY, numbers=sorted(numbers)) if numbers else []
    by_id = {each.id: each for each in found}
    return Family(
        parent=by_id.get(call.parent_id or 0),
        merged_into=by_id.get(call.merged_into_id or 0),
        problem=by_id.get(call.problem_id or 0),
        children=[each for each in found if each.parent_id == call.pk],
        merged=[each for each in found if each.merged_into_id == call.pk],
        incidents=[each for each in found if each.problem_id == call.pk],
    )


def _hanging_on(viewer: Viewer, call: Call) -> list[int]:
    """Return the calls that name this one as their parent, as the one that goes on, or as the problem behind them.

    Each is looked up in an index of its own; the plus keeps that of the council out, which has every call.
    """
    councils = sorted(gate.councils(viewer, Can.SEE))
    if not councils:
        return []
    places = ", ".join(["%s"] * len(councils))
    each = " UNION ".join(
        f"SELECT c.id FROM servicedesk_call c WHERE c.{column} = %s AND +c.council_id IN ({places})"  # noqa: S608
        for column in ("parent_id", "merged_into_id", "problem_id")
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{each} LIMIT {FAMILY}", [call.pk, *councils] * 3)
        return [row[0] for row in cursor.fetchall()]


def similar_to(viewer: Viewer, call: Call, *, now: datetime) -> Sequence[Call]:
    """Return open calls of the same council that may be the same: of the same user, or about the same system."""
    rows = there(viewer).filter(council_id=call.council_id, open=True).exclude(pk=call.pk)
    found: list[Call] = []
    if call.requester_id is not None:
        found += rows.filter(requester_id=call.requester_id).order_by("-id")[:SIMILAR]
    elif call.caller_email:
        found += rows.filter(caller_email=call.caller_email).order_by("-id")[:SIMILAR]
    if call.item_id is not None:
        lately = rows.filter(item_id=call.item_id, logged_at__gte=now - _SINCE)
        found += lately.order_by("-logged_at")[:SIMILAR]
    alike = {each.pk: each for each in found}
    return sorted(alike.values(), key=lambda each: each.logged_at, reverse=True)[:SIMILAR]


def similar_open(viewer: Viewer, item_id: int | None) -> "QuerySet[Call]":
    """Return the open calls about a system that others may be put under, those that are no other's first."""
    rows = there(viewer).filter(item_id=item_id or 0, open=True, parent=None)
    return rows.select_related("council").order_by("-logged_at")
