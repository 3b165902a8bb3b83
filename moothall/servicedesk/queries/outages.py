"""Outages: what is known to be away just now, for whoever comes to report it, and how long something was away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.errors import NoSuchCalendar
from moothall.councils.permissions import Permission
from moothall.councils.prepared import Slot, prepared
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.estate.models import Maintenance, Use
from moothall.estate.queries.following import in_force
from moothall.plain.working_time import Calendar
from moothall.servicedesk.errors.majors import NoSuchOutage
from moothall.servicedesk.models import Notice, Outage
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules.outages import Away, Stretch, away

PAGE = 50
SOON = timedelta(days=2)
"""How long before planned work users see it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What users may read of one outage: the system, since when or from when to when, and when they hear again."""

    outage_id: int
    item_id: int
    item: str
    text: str
    since: datetime
    until: datetime | None
    planned: bool
    degraded: bool
    next_at: datetime | None
    major: bool

    def is_coming(self, now: datetime) -> bool:
        """Whether it has not begun yet."""
        return self.since > now


def known_now(council_id: int, now: datetime) -> list[Known]:
    """Return what is away for the users of a council now, or soon will be; the worst first.

    Anybody of its staff may know: no permission is asked for. Lesser ones stand after what is away, planned ones last.
    """
    rows = _around.all(council_id=council_id, now=now, soon=now + SOON)
    found = [each for each in rows if not each.planned or each.ended_at]
    told = _next_notices(council_id, [each.major_id for each in found if each.major_id], now)
    known = [_known(each, told.get(each.major_id or 0)) for each in found]
    return sorted(known, key=lambda each: (each.is_coming(now), each.planned, each.degraded, each.since))


@prepared
def _around(council_id: Slot, now: Slot, soon: Slot) -> Any:
    going_on = Q(ended_at=None) | Q(ended_at__gt=now)
    rows = Outage.objects.filter(going_on, council_id=council_id, started_at__lte=soon)
    return rows.select_related("item")


def _known(row: Outage, next_at: datetime | None) -> Known:
    return Known(
        outage_id=row.pk,
        item_id=row.item_id,
        item=row.item.name,
        text=row.public,
        since=row.started_at,
        until=row.ended_at,
        planned=row.planned,
        degraded=row.degraded,
        next_at=next_at,
        major=row.major_id is not None,
    )


def _next_notices(council_id: int, majors: Sequence[int], now: datetime) -> dict[int, datetime]:
    """Return for each major incident when this council was promised to hear next, if that is still to come."""
    if not majors:
        return {}
    rows = Notice.objects.filter(major_id__in=majors, council_id=council_id).order_by("at", "pk")
    said = dict(rows.values_list("major_id", "next_at"))
    return {major: at for major, at in said.items() if at is not None and at > now}


def away_between(council_id: int, item_id: int, start: datetime, end: datetime, *, now: datetime) -> Away:
    """Return how long an item was away for a council between two moments, within agreed service time.

    What works badly (degraded) is not away. An outage that goes on counts up to now.
    """
    outages = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=start),
        council_id=council_id,
        item_id=item_id,
        started_at__lt=end,
        degraded=False,
    )
    agreed = Maintenance.objects.filter(
        council_id=council_id, item_id=item_id, starts_at__lt=end, ends_at__gt=start
    )
    return away(
        (Stretch(each.started_at, min(each.ended_at or now, end), each.users) for each in outages),
        (Stretch(each.starts_at, each.ends_at) for each in agreed),
        _hours(council_id, item_id, start),
        start,
        end,
    )


def minutes_away(council_id: int, item_id: int, start: datetime, end: datetime) -> int:
    """Return for how many minutes of agreed service time an item was away for a council, without agreed maintenance."""
    return away_between(council_id, item_id, start, end, now=timezone.now()).minutes


def _hours(council_id: int, item_id: int, start: datetime) -> Calendar:
    """Return the calendar in which a council wants the item to be there; office hours if it has said nothing."""
    uses = Use.objects.filter(in_force(timezone.localdate(start)), council_id=council_id, item_id=item_id)
    name = uses.values_list("hours", flat=True).first()
    try:
        return calendar_of(council_id, name) if name else calendar_of(council_id)
    except NoSuchCalendar:
        return calendar_of(council_id)


def users_of(council_id: int, item_id: int, now: datetime) -> int:
    """Return how many people of a council use an item today; 0 if nobody has counted them."""
    uses = Use.objects.filter(in_force(timezone.localdate(now)), council_id=council_id, item_id=item_id)
    return uses.values_list("users", flat=True).first() or 0


def there(viewer: Viewer, can: Permission = Can.SEE) -> "QuerySet[Outage]":
    """Return the outages of the councils at which the viewer may do this."""
    return gate.narrow(viewer, can, Outage.objects.all())


def outages(viewer: Viewer, now: datetime) -> list[Outage]:
    """Return what is away now or planned, at every council that the viewer reaches, the oldest first."""
    going_on = Q(ended_at=None) | Q(ended_at__gt=now)
    rows = there(viewer).filter(going_on).select_related("item", "council", "call")
    return list(rows.order_by("started_at", "pk")[: 4 * PAGE])


def ended(viewer: Viewer, now: datetime, before: tuple[datetime, int] | None = None) -> list[Outage]:
    """Return what was away and is back, the newest first; `before` is where the list goes on."""
    rows = there(viewer).filter(ended_at__lte=now)
    if before is not None:
        at, number = before
        rows = rows.filter(Q(started_at__lt=at) | Q(started_at=at, pk__lt=number))
    rows = rows.select_related("item", "council", "call")
    return list(rows.order_by("-started_at", "-pk")[: PAGE + 1])


def outage_seen(viewer: Viewer, number: int, can: Permission = Can.SEE) -> Outage:
    """Return an outage that is there for the viewer, who may do this at its council."""
    found: Outage | None = there(viewer).filter(pk=number).select_related("item", "council", "call").first()
    if found is None:
        raise NoSuchOutage
    gate.allow(viewer, can, found.council_id)
    return found
