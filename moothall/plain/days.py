"""When a day begins where the councils are."""

from datetime import UTC, date, datetime, time

from moothall.plain.working_time import LONDON


def begin_of(day: date) -> datetime:
    """Return when a day begins in London, in UTC.

    >>> begin_of(date(2026, 7, 1)).isoformat()
    '2026-06-30T23:00:00+00:00'
    """
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
