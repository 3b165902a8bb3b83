"""Availability: agreed service time of every item in use, and what of it the item was away."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.db.models import Q

from moothall.councils.errors import NoSuchCalendar
from moothall.councils.queries import calendar_of
from moothall.estate.models import Maintenance, Use
from moothall.plain.working_time import LONDON, Calendar
from moothall.servicedesk.models import Outage
from moothall.servicedesk.queries.figures.reading import Reading
from moothall.servicedesk.rules.figures import Book
from moothall.servicedesk.rules.outages import Stretch, away

_HOUR = 3600
_Key = tuple[int, int]


def count(reading: Reading, book: Book) -> None:
    """Count what was agreed and what of it was there, plainly and by users, and the breaks."""
    start, at = reading.month.start, reading.at
    if at <= start:
        return
    outages, maintenance = _outages(reading), _maintenance(reading)
    uses = Use.objects.filter(Q(until=None) | Q(until__gt=reading.month.first), since__lte=at.date())
    for use in uses.filter(council_id__in=reading.councils).select_related("item").order_by("id"):
        key = (use.council_id, use.item_id)
        begins = max(start, datetime.combine(use.since, time(), LONDON))
        ends = at if use.until is None else min(at, datetime.combine(use.until, time(), LONDON))
        if begins >= ends:
            continue
        found = away(outages[key], maintenance[key], _hours(use), begins, ends)
        there, agreed = (found.agreed - found.seconds) / _HOUR, found.agreed / _HOUR
        users = (found.agreed * use.users - min(found.user_seconds, found.agreed * use.users)) / _HOUR
        for at_slice in ("", f"tier-{use.item.tier}"):
            book.put(use.council_id, "availability", at_slice, there, agreed)
            book.put(use.council_id, "availability_users", at_slice, users, agreed * use.users)
        book.put(use.council_id, "breaks", "", of=found.breaks)
        book.put(use.council_id, "mtbf", "", there, found.breaks)


def _hours(use: Use) -> Calendar:
    try:
        return calendar_of(use.council_id, use.hours)
    except NoSuchCalendar:
        return calendar_of(use.council_id)


def _outages(reading: Reading) -> dict[_Key, list[Stretch]]:
    found: dict[_Key, list[Stretch]] = defaultdict(list)
    rows = Outage.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=reading.month.start),
        council_id__in=reading.councils,
        started_at__lt=reading.at,
        planned=False,
        degraded=False,
    )
    for row in rows:
        ended = row.ended_at or reading.at + timedelta(seconds=1)
        found[row.council_id, row.item_id].append(Stretch(row.started_at, ended, row.users))
    return found


def _maintenance(reading: Reading) -> dict[_Key, list[Stretch]]:
    found: dict[_Key, list[Stretch]] = defaultdict(list)
    rows = Maintenance.objects.filter(
        council_id__in=reading.councils, starts_at__lt=reading.at, ends_at__gt=reading.month.start
    )
    for row in rows:
        found[row.council_id, row.item_id].append(Stretch(row.starts_at, row.ends_at))
    return found
