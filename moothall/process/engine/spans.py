"""When a span of time runs out: by the clock, in working time, or by the calendar on the wall.

What has been used of one is the open time since it began, without the stretches in which it stood still.
"""

import json
from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime

from moothall.plain.working_time import Calendar, NeverOpen
from moothall.process.definition import Span
from moothall.process.engine.state import NEVER, Around

ALWAYS = "always"
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_MONTHS = {"months": 1, "years": 12}
NO_END = 2198
"""The first year that calendars are not added up for: what ends then or later has no end."""
Stretch = tuple[int, int]
"""From and until, in seconds since 1970."""


def due(span: Span, calendar: Calendar, start: datetime) -> datetime:
    """Return when a span that starts now runs out; working days end at closing time (see `working_time`).

    One that is longer than calendars are looked through (sixty years) never does.
    """
    try:
        return _due(span, calendar, start)
    except NeverOpen:
        return NEVER


def _due(span: Span, calendar: Calendar, start: datetime) -> datetime:
    if span.unit in _MONTHS:
        return _months_after(calendar, start, span.count * _MONTHS[span.unit])
    if span.working and span.unit in {"days", "weeks"}:
        return calendar.add_days(start, span.count * (5 if span.unit == "weeks" else 1)).astimezone(UTC)
    return after(calendar, start, span.count * _SECONDS[span.unit])


def in_seconds(span: Span) -> int | None:
    """Return the length of a span that is counted second by second; None for working days, months and years."""
    if span.unit in _MONTHS or (span.working and span.unit in {"days", "weeks"}):
        return None
    return span.count * _SECONDS[span.unit]


def after(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """Return the moment so many seconds later, in UTC: on the night the clocks go back, one hour comes twice."""
    return calendar.add(start, seconds).astimezone(UTC)


def _months_after(calendar: Calendar, start: datetime, months: int) -> datetime:
    """Return the same day and hour so many months later; the last day of the month where it has no such day.

    >>> _months_after(Calendar.always(), datetime(2027, 1, 31, 9, tzinfo=UTC), 1).isoformat()
    '2027-02-28T09:00:00+00:00'
    """
    here = start.astimezone(calendar.zone)
    years, month = divmod(here.month - 1 + months, 12)
    if here.year + years >= NEVER.year:
        return NEVER
    day = min(here.day, monthrange(here.year + years, month + 1)[1])
    return here.replace(year=here.year + years, month=month + 1, day=day, fold=0).astimezone(UTC)


def ends(span: Span, around: Around, start: datetime, calendar: str = "office") -> datetime:
    """Return when a span runs out that is counted in this calendar, if it is one of working time."""
    return due(span, around.calendar(calendar if span.working else ALWAYS), start)


def whole(span: Span, calendar: Calendar, start: datetime) -> int | None:
    """Return how many open seconds a span has that starts then; None if it never runs out."""
    at = due(span, calendar, start)
    return None if at.year >= NO_END else calendar.between(start, at)


def stretches(stood: str) -> list[Stretch]:
    """Return the stretches in which a clock stood still, as they are kept with it."""
    return [(since, until) for since, until in json.loads(stood)] if stood else []


def with_stretch(stood: str, since: datetime, until: datetime) -> str:
    """Return the stretches with one more, as they are kept; parts of a second are dropped, as calendars do.

    >>> with_stretch("[[60,120]]", datetime(1970, 1, 1, 0, 3, tzinfo=UTC), datetime(1970, 1, 1, 0, 4, tzinfo=UTC))
    '[[60,120],[180,240]]'
    """
    first, last = int(since.timestamp() // 1), int(until.timestamp() // 1)
    if first >= last:
        return stood
    return f"{stood[:-1]},[{first},{last}]]" if stood else f"[[{first},{last}]]"


def elapsed(calendar: Calendar, start: datetime, until: datetime, stood: Iterable[Stretch]) -> int:
    """Return the open seconds from start to until, without those in which it stood still."""
    still = sum(calendar.between(_utc(since), _utc(end)) for since, end in stood)
    return max(0, calendar.between(start, until) - still)


def reach(calendar: Calendar, start: datetime, stood: Iterable[Stretch], seconds: int) -> datetime:
    """Return the earliest moment by which so many open seconds have passed without those in which it stood still."""
    for since, end in stood:
        gone = calendar.between(start, _utc(since))
        if gone >= seconds:
            break
        seconds, start = seconds - gone, _utc(end)
    try:
        return after(calendar, start, seconds)
    except NeverOpen:
        return NEVER


def _utc(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
