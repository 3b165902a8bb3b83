"""How due times are said, and how a clock adds up. Plain values in, words out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from moothall.look import dates
from moothall.plain.working_time import Calendar

SOON = timedelta(hours=24)
WEEK = 7
_MINUTE = timedelta(minutes=1)

DueState = Literal["late", "soon", "good", "none"]


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due, in words; the state chooses the sign beside them, never instead of them."""

    state: DueState
    words: str


NO_DUE = Due("none", "No due time")


def due_of(due_at: datetime | None, now: datetime, calendar: Calendar | None) -> Due:
    """Return a due time as people say it. The calendar is only asked about what is late."""
    if due_at is None:
        return NO_DUE
    if due_at <= now:
        return Due("late", _lateness(due_at, now, calendar))
    return Due("soon" if due_at - now < SOON else "good", f"Due {moment(due_at, now)}")


def moment(at: datetime, now: datetime) -> str:
    """Return a moment ahead, as short as it is clear: its day of the week within a week, then its date."""
    days = (at.astimezone(dates.LONDON).date() - now.astimezone(dates.LONDON).date()).days
    if -1 <= days <= 1:
        return dates.near(at, now)
    if 1 < days < WEEK:
        return f"{dates.weekday(at).partition(' ')[0]} at {dates.time_of_day(at)}"
    return f"{dates.short(at)} at {dates.time_of_day(at)}"


def _lateness(due_at: datetime, now: datetime, calendar: Calendar | None) -> str:
    """Return how late it is in working time; since when, if the council has been closed ever since."""
    if calendar is None:
        return f"{dates.length(now - due_at)} late"
    days = calendar.days_between(due_at, now)
    if days > 0:
        return f"{days:,} working day{'' if days == 1 else 's'} late"
    open_since = timedelta(seconds=max(0, calendar.between(due_at, now)))
    if open_since < _MINUTE <= now - due_at:
        return f"Late since {_day_since(due_at, now)} at {dates.time_of_day(due_at)}"
    return f"{dates.length(open_since)} late"


def _day_since(at: datetime, now: datetime) -> str:
    today = at.astimezone(dates.LONDON).date() == now.astimezone(dates.LONDON).date()
    return "today" if today else dates.weekday(at).partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stood still: for what, and who began it. `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    waiting_for: str
    by: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a clock's life. Only counted ones use up the promise."""

    start: datetime
    end: datetime
    counted: bool
    reason: str

    @property
    def seconds(self) -> int:
        return int(self.end.timestamp() // 1) - int(self.start.timestamp() // 1)


def stretches(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause]) -> list[Stretch]:
    """Return every stretch from start to end; the counted ones add up to what the clock has used.

    The calendar says when the council was open; while the clock stood still, nothing counts, open or not.
    """
    found: list[Stretch] = []
    at = start
    for pause in sorted(pauses, key=lambda each: each.since):
        begins, ends = max(at, min(pause.since, end)), max(at, min(pause.until or end, end))
        found += _counted(calendar, at, begins)
        if ends > begins:
            who = f", by {pause.by}" if pause.by else ""
            reason = f"stood still for “{pause.waiting_for}”{who}" if pause.waiting_for else "stood as kept"
            found.append(Stretch(begins, ends, counted=False, reason=reason))
        at = ends
    return found + _counted(calendar, at, end)


def _counted(calendar: Calendar, start: datetime, end: datetime) -> list[Stretch]:
    if end <= start:
        return []
    return [Stretch(span.start, span.end, span.is_open, span.reason) for span in calendar.explain(start, end)]


def used(found: Iterable[Stretch]) -> int:
    """Return the seconds that counted."""
    return sum(each.seconds for each in found if each.counted)


def to_the_second(seconds: int) -> str:
    """Return a length of time with nothing left out.

    >>> to_the_second(8 * 3600 + 62), to_the_second(0)
    ('8 hours 1 minute 2 seconds', '0 seconds')
    """
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    said = [f"{count:,} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count]
    return " ".join(said) or "0 seconds"
