"""Working time second by second: a slow second opinion that knows clocks on the wall and running totals, and no more.

A plan is written down as a council would: hours of each day, from when on, and the days on which it is closed. What is
open is found out by asking of every minute what a clock on the wall shows (hours begin on whole minutes, and so do the
nights on which clocks change), and every second of it is counted one by one.
"""

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

from moothall.plain.working_time import DAY_NAMES, Calendar, Version, Week

CASES = int(os.environ.get("MOOTHALL_TEST_CLOCK_CASES", "300"))
"""How many random cases are tried; 100,000 take a quarter of an hour."""
LONDON = "Europe/London"
NIGHTS = (
    date(2024, 2, 29), date(2024, 3, 31), date(2024, 10, 27), date(2024, 12, 31), date(2026, 3, 29),
    date(2026, 5, 25), date(2026, 10, 25), date(2027, 12, 31), date(2028, 2, 29), date(2000, 1, 1),
)  # fmt: skip
BEFORE, DAYS = 8, 28
Hours = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Written:
    """Opening hours from a day on, with the bank holidays that then close the council."""

    since: date
    hours: Hours
    holidays: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Plan:
    """When a council works, as it is written down."""

    versions: tuple[Written, ...]
    closed: frozenset[date] = field(default_factory=frozenset)

    def calendar(self, zone: str, name: str = "office") -> Calendar:
        """Return the calendar of the house that is to agree with it."""
        versions = [
            Version(each.since, Week.of(each.hours), dict.fromkeys(each.holidays, "a holiday"))
            for each in self.versions
        ]
        closing = dict.fromkeys(self.closed, "snow")
        return Calendar(versions, closing_days=closing, zone=ZoneInfo(zone), name=name)

    def open_minutes(self, day: date) -> bytes:
        """Return for each minute of the wall clock of a day whether it is open."""
        in_force = min(self.versions, key=lambda each: each.since)
        for each in self.versions:
            if in_force.since < each.since <= day:
                in_force = each
        found = bytearray(1440)
        if day not in self.closed and day not in in_force.holidays:
            for opens, closes in in_force.hours.get(DAY_NAMES[day.weekday()], ()):
                first, last = _minute(opens), _minute(closes)
                found[first:last] = b"\1" * (last - first)
        return bytes(found)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


ALWAYS = Plan((Written(date(1900, 1, 1), {day: [("00:00", "24:00")] for day in DAY_NAMES}),))


@lru_cache(maxsize=2)
def walls(near: date, zone: str) -> tuple[int, tuple[tuple[date, int], ...]]:
    """Return what clocks on the wall show in each minute of four weeks: the day and its minute; and when they begin."""
    first = int(datetime.combine(near - timedelta(days=BEFORE), time(), UTC).timestamp())
    here = ZoneInfo(zone)
    shown = (datetime.fromtimestamp(first + 60 * n, here) for n in range(DAYS * 1440))
    return first, tuple((each.date(), each.hour * 60 + each.minute) for each in shown)


class Seconds:
    """Every second of four weeks, with how many open ones have passed before it. Times are seconds since 1970."""

    def __init__(self, plan: Plan, near: date, zone: str = LONDON) -> None:
        self.first, minutes = walls(near, zone)
        self.last = self.first + 60 * len(minutes)
        self.minutes = minutes
        days = {day: plan.open_minutes(day) for day in dict.fromkeys(day for day, _ in minutes)}
        self.open = bytes(days[day][minute] for day, minute in minutes)
        per_second = (second for minute in self.open for second in (minute,) * 60)
        self.passed = array("I", accumulate(per_second, initial=0))

    def between(self, start: int, end: int) -> int:
        """Return the open seconds from start to end."""
        return self.passed[end - self.first] - self.passed[start - self.first]

    def used(self, start: int, end: int, stood: Iterable[tuple[int, int]] = ()) -> int:
        """Return the open seconds from start to end, without those of the stretches in which it stood still."""
        return sum(self.between(begins, ends) for begins, ends in moving(start, end, stood))

    def reach(self, start: int, seconds: int, stood: Iterable[tuple[int, int]] = ()) -> int | None:
        """Return the first moment by which so many open seconds have passed; None if these four weeks are too short."""
        for begins, ends in moving(start, self.last, stood):
            if (gone := self.between(begins, ends)) >= seconds:
                wanted = self.passed[begins - self.first] + seconds
                return self.first + bisect_left(self.passed, wanted)
            seconds -= gone
        return None

    def closing(self, start: int, days: int) -> int | None:
        """Return when it closes on the nth day after the day of start that is open at all."""
        today = self.minutes[(start - self.first) // 60][0]
        last: dict[date, int] = {}
        for number, (day, _) in enumerate(self.minutes):
            if day > today and self.open[number]:
                last[day] = self.first + 60 * (number + 1)
        found = sorted(last)
        whole = self.minutes[-1][0]
        return last[found[days - 1]] if len(found) >= days and found[days - 1] < whole else None


def moving(start: int, end: int, stood: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches from start to end in which it did not stand still."""
    found: list[tuple[int, int]] = []
    for begins, ends in stood:
        if begins >= end:
            break
        found.append((start, begins))
        start = min(ends, end)
    return [*found, (start, end)]


def one_by_one(seconds: Seconds, start: int, target: int, stood: Sequence[tuple[int, int]]) -> int | None:
    """Return `reach` by looking at one second after the other, for the sake of `reach`."""
    gone = 0
    for at in range(start, seconds.last):
        still = any(begins <= at < ends for begins, ends in stood)
        gone += seconds.open[(at - seconds.first) // 60] and not still
        if gone == target:
            return at + 1
    return None


def some_plan(random: Random, near: date) -> Plan:
    """Return a plan around a day: lunch gaps, day and night, odd nights, several versions, closed days."""

    def days(most: int) -> frozenset[date]:
        spread = [near + timedelta(days=n) for n in range(-6, 16)]
        return frozenset(random.sample(spread, random.randint(0, most)))

    count = random.choice((1, 1, 1, 2, 2, 3))
    starts = random.sample(range(-5, 15), count - 1)
    since = [date(1990, 1, 1), *(near + timedelta(days=n) for n in sorted(starts))]
    return Plan(tuple(Written(each, _some_hours(random), days(3)) for each in since), days(2))


def _some_hours(random: Random) -> Hours:
    kind = random.choice(("office", "lunch", "always", "odd", "odd", "night", "saturdays"))
    if kind == "office":
        return {day: [("09:00", "17:00")] for day in DAY_NAMES[:5]}
    if kind == "lunch":
        return {day: [("08:30", "12:30"), ("13:15", "17:00")] for day in DAY_NAMES[:5]}
    if kind == "always":
        return {day: [("00:00", "24:00")] for day in DAY_NAMES}
    if kind == "night":
        return {day: [("00:00", "02:00"), ("22:30", "24:00")] for day in DAY_NAMES}
    if kind == "saturdays":
        return {day: [("10:00", "12:00")] for day in (*DAY_NAMES[1:4], "saturday")}
    found = {day: _some_day(random) for day in DAY_NAMES}
    return found if any(found.values()) else {"sunday": [("00:30", "01:30")]}


def _some_day(random: Random) -> list[tuple[str, str]]:
    edges = sorted(random.sample(range(0, 1441, random.choice((5, 15, 60))), random.choice((0, 2, 2, 4, 6))))
    text = [f"{edge // 60:02}:{edge % 60:02}" for edge in edges]
    return list(zip(text[::2], text[1::2], strict=True))


def moment(at: int) -> datetime:
    """Return a second as the house has it."""
    return datetime.fromtimestamp(at, UTC)
