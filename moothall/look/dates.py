"""Dates and times as people in the UK write them, in the time of the UK."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_NOON = 12


def _here(moment: date | datetime) -> date | datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(LONDON)
    return moment


def in_words(day: date | datetime | None) -> str:
    """Return a date as words.

    >>> in_words(date(2026, 11, 22))
    '22 November 2026'
    """
    if day is None:
        return ""
    day = _here(day)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short(day: date | datetime | None) -> str:
    """Return a date for tables.

    >>> short(date(2026, 11, 2))
    '2 Nov 2026'
    """
    if day is None:
        return ""
    day = _here(day)
    return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"


def weekday(day: date | datetime | None) -> str:
    """Return a date with the name of its day.

    >>> weekday(date(2026, 11, 22))
    'Sunday 22 November 2026'
    """
    return "" if day is None else f"{_DAYS[_here(day).weekday()]} {in_words(day)}"


def time_of_day(moment: datetime | None) -> str:
    """Return the time of day.

    >>> time_of_day(datetime(2026, 11, 22, 15, 5, tzinfo=UTC))
    '3:05pm'
    >>> time_of_day(datetime(2026, 11, 22, 12, tzinfo=UTC))
    'midday'
    """
    if moment is None:
        return ""
    here = _here(moment)
    assert isinstance(here, datetime)
    if here.minute == 0 and here.hour in {0, _NOON}:
        return "midday" if here.hour else "midnight"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % _NOON or _NOON}{minutes}{'am' if here.hour < _NOON else 'pm'}"


def with_time(moment: datetime | None) -> str:
    """Return a moment as words.

    >>> with_time(datetime(2026, 11, 22, 15, 5, tzinfo=UTC))
    '22 November 2026 at 3:05pm'
    """
    return "" if moment is None else f"{in_words(moment)} at {time_of_day(moment)}"


def short_with_time(moment: datetime | None) -> str:
    """Return a moment for tables.

    >>> short_with_time(datetime(2026, 7, 2, 15, 5, tzinfo=UTC))
    '2 Jul 2026, 4:05pm'
    """
    return "" if moment is None else f"{short(moment)}, {time_of_day(moment)}"


def machine(moment: date | datetime | None) -> str:
    """Return a date or moment for the `datetime` attribute of a time element.

    >>> machine(datetime(2026, 7, 2, 15, 5, tzinfo=UTC))
    '2026-07-02T16:05:00+01:00'
    """
    return "" if moment is None else _here(moment).isoformat()


def near(moment: date | datetime | None, now: datetime) -> str:
    """Return a date as people say it when it is near, and in full when it is not.

    >>> near(date(2026, 11, 23), datetime(2026, 11, 22, 15, 5, tzinfo=UTC))
    'tomorrow'
    """
    if moment is None:
        return ""
    there, here = _here(moment), _here(now)
    day = there.date() if isinstance(there, datetime) else there
    today = here.date() if isinstance(here, datetime) else here
    words = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - today).days)
    if words is None:
        return in_words(moment)
    return f"{words} at {time_of_day(moment)}" if isinstance(moment, datetime) else words


def working_days(days: int) -> str:
    """Return a distance in working days as words; below zero is past.

    >>> working_days(2), working_days(0), working_days(-1)
    ('in 2 working days', 'today', '1 working day ago')
    """
    if not days:
        return "today"
    said = f"{abs(days)} working day{'' if abs(days) == 1 else 's'}"
    return f"in {said}" if days > 0 else f"{said} ago"


def length(span: timedelta) -> str:
    """Return a length of time in its two largest parts.

    >>> length(timedelta(days=2, hours=3, minutes=4)), length(timedelta(seconds=20))
    ('2 days 3 hours', 'less than a minute')
    """
    minutes = int(abs(span).total_seconds() // 60)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said[:2]) or "less than a minute"
