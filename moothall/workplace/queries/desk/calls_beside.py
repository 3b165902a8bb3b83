"""What stands beside a call: its system with who helps, what is known to be away, and other calls that matter to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.estate.models import Item, SupportRoute
from moothall.estate.queries import needed_by, routes_for
from moothall.estate.rules import promised
from moothall.look import dates
from moothall.servicedesk.models import Call, ChangeItem
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.outages import Known, known_now
from moothall.workplace.rules import moment

MOST = 4
FAMILY = 100
_SINCE = timedelta(days=30)


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
    recent: Sequence[Call]
    changes: Sequence[Call]


@dataclass(frozen=True, slots=True)
class Family:
    """The calls that hang on a call: those under it, those merged into it, and the incidents of a problem."""

    children: Sequence[Call] = ()
    merged: Sequence[Call] = ()
    incidents: Sequence[Call] = ()

    @property
    def open_children(self) -> int:
        return sum(each.open for each in self.children)


def system_of(viewer: Viewer, call: Call, now: datetime) -> SystemSaid | None:
    """Return what is known of a call's system; nothing if none is named."""
    if call.item is None:
        return None
    today = timezone.localdate(now)
    rows = there(viewer).filter(item_id=call.item.pk).exclude(pk=call.pk)
    return SystemSaid(
        item=call.item,
        routes=[
            Route(each, promise_of(each, call.priority))
            for each in routes_for(call.council_id, call.item.pk, today)
        ],
        outages=outages_at(call.council_id, now, needed_by([call.item.pk])),
        recent=list(rows.filter(logged_at__gte=now - _SINCE).order_by("-logged_at")[:MOST]),
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
    away = "will be away" if coming else "works badly" if known.degraded else "is away"
    until = f" until {moment(known.until, now)}" if known.until else ""
    if known.planned:
        since = f"Planned, from {moment(known.since, now)}{until}"
    else:
        since = f"We know of it since {moment(known.since, now)}"
    if known.next_at:
        since += f". You hear more by {moment(known.next_at, now)}"
    return OutageSaid(
        title=f"{known.item} {away}",
        public=known.text,
        since=since,
        planned=known.planned,
        id=known.outage_id,
    )


def _changes(viewer: Viewer, item_id: int) -> Sequence[Call]:
    """Return the calls of the newest changes of an item: what was done to it before it broke."""
    changed = ChangeItem.objects.filter(item_id=item_id).values("change__call_id")
    return list(there(viewer).filter(pk__in=changed).order_by("-logged_at")[:MOST])


def others_of_user(viewer: Viewer, call: Call) -> Sequence[Call]:
    """Return the newest other calls of whoever asked for a call."""
    if call.requester_id is not None:
        rows = there(viewer).filter(requester_id=call.requester_id)
    elif call.caller_email:
        rows = there(viewer).filter(caller_email=call.caller_email)
    else:
        return ()
    return list(rows.exclude(pk=call.pk).order_by("-id")[:MOST])


def family_of(viewer: Viewer, call: Call) -> Family:
    """Return the calls that hang on a call, as far as they are there for the viewer."""
    hanging = Q(parent_id=call.pk) | Q(merged_into_id=call.pk) | Q(problem_id=call.pk)
    rows = list(there(viewer).filter(hanging).select_related("council").order_by("-open", "id")[:FAMILY])
    return Family(
        children=[each for each in rows if each.parent_id == call.pk],
        merged=[each for each in rows if each.merged_into_id == call.pk],
        incidents=[each for each in rows if each.problem_id == call.pk],
    )


def similar_to(viewer: Viewer, call: Call, *, now: datetime) -> Sequence[Call]:
    """Return open calls of the same council that may be the same: of the same system, or the same user."""
    alike = (
        Q(requester_id=call.requester_id) if call.requester_id else Q(caller_email=call.caller_email or "-")
    )
    if call.item_id is not None:
        alike |= Q(item_id=call.item_id, logged_at__gte=now - _SINCE)
    rows = there(viewer).filter(alike, council_id=call.council_id, open=True).exclude(pk=call.pk)
    return list(rows.order_by("-logged_at")[:8])


def similar_open(viewer: Viewer, item_id: int | None) -> "QuerySet[Call]":
    """Return the open calls about a system that others may be put under, those that are no other's first."""
    rows = there(viewer).filter(item_id=item_id or 0, open=True, parent=None)
    return rows.select_related("council").order_by("-logged_at")
