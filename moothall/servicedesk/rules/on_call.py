"""Rotas: who is on call, what nobody covers, and rotas that repeat. Times are London's; plain values only."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from moothall.plain.errors import HouseError, NotFound

LONDON = ZoneInfo("Europe/London")
WEEK = timedelta(days=7)
HANDOVER = time(9)
MOST_WEEKS = 53
LONGEST_SHIFT = timedelta(days=31)


class NoSuchShift(NotFound):
    code = "servicedesk.no_such_shift"
    message = "We cannot find that shift."
    next_step = "Somebody may have deleted it. Look at the rota."


class NotInTheTeam(HouseError):
    code = "servicedesk.not_in_the_team"
    status = 422
    title = "Choose somebody of the team"
    message = "{name} is not in this team, or has left."
    next_step = "Choose somebody of the team, or put them into it first."


class ShiftAlready(HouseError):
    code = "servicedesk.shift_already"
    status = 409
    title = "These weeks have shifts already"
    message = "Somebody is on call already between {start} and {end}."
    next_step = "Begin later, or delete those shifts first."


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time from one moment to another, and whose shifts it is made of."""

    start: datetime
    end: datetime
    shifts: tuple[int, ...] = ()


def at_london(day: date, at: time) -> datetime:
    """Return a moment of a day in London. A time that the clocks skip comes an hour later; one twice, the first.

    >>> at_london(date(2026, 3, 29), time(1, 30)).isoformat(), at_london(date(2026, 10, 25), time(1, 30)).isoformat()
    ('2026-03-29T01:30:00+00:00', '2026-10-25T00:30:00+00:00')
    """
    # in UTC, where differences and comparisons are right also in the nights when the clocks change
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def week_of(day: date) -> tuple[datetime, datetime]:
    """Return when the week of a day begins and ends in London."""
    monday = monday_of(day)
    return at_london(monday, time.min), at_london(monday + WEEK, time.min)


def gaps(shifts: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """Return when, between two moments, nobody is on call."""
    found, at = [], start
    for shift in sorted(shifts, key=lambda each: (each.start, each.end)):
        if shift.start > at and at < end:
            found.append(Stretch(at, min(shift.start, end)))
        at = max(at, shift.end)
    if at < end:
        found.append(Stretch(at, end))
    return found


def overlaps(shifts: Iterable[Stretch]) -> list[Stretch]:
    """Return when two shifts run at the same time, pair by pair."""
    found: list[Stretch] = []
    running: list[Stretch] = []
    for shift in sorted(shifts, key=lambda each: (each.start, each.end)):
        running = [each for each in running if each.end > shift.start]
        found += [
            Stretch(shift.start, min(each.end, shift.end), each.shifts + shift.shifts) for each in running
        ]
        running.append(shift)
    return found


@dataclass(frozen=True, slots=True)
class Planned:
    """A shift that a pattern makes."""

    staff_id: int
    second_id: int | None
    start: datetime
    end: datetime


def weekly(people: Sequence[int], first: date, weeks: int, *, at: time = HANDOVER) -> Iterator[Planned]:
    """Return shifts of a week each, the people in turn, handed over on Monday at the same time of day all year.

    Whoever is next is the second person. A week in which the clocks change has an hour more or less.

    >>> [each.start.isoformat() for each in weekly([1, 2], date(2026, 10, 21), 2)]
    ['2026-10-19T08:00:00+00:00', '2026-10-26T09:00:00+00:00']
    """
    monday = monday_of(first)
    for number in range(min(weeks, MOST_WEEKS)):
        mine, following = people[number % len(people)], people[(number + 1) % len(people)]
        begins = at_london(monday + number * WEEK, at)
        ends = at_london(monday + (number + 1) * WEEK, at)
        yield Planned(mine, following if following != mine else None, begins, ends)


def night_and_weekend(start: datetime, end: datetime) -> tuple[int, int]:
    """Return how many nights and how many weekend days a shift touches, for a fair share of both.

    >>> night_and_weekend(at_london(date(2026, 11, 23), time(9)), at_london(date(2026, 11, 30), time(9)))
    (7, 2)
    """
    day, last = start.astimezone(LONDON).date(), end.astimezone(LONDON).date()
    nights = (last - day).days
    days = (day + timedelta(days=number) for number in range(nights + 1))
    weekend = sum(
        each.weekday() >= 5 and at_london(each, time.min) < end  # noqa: PLR2004 - Saturday and Sunday
        for each in days
    )
    return nights, weekend
