"""When a span of time runs out: by the clock, in working time, or by the calendar on the wall."""

from calendar import monthrange
from datetime import UTC, datetime

from moothall.plain.working_time import Calendar, NeverOpen
from moothall.process.definition import Span
from moothall.process.engine.state import NEVER, Around

ALWAYS = "always"
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
_MONTHS = {"months": 1, "years": 12}


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
