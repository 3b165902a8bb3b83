"""Working time: opening hours, holidays and closing days, added up to the second.

A calendar is a value. Hours are wall-clock times of the council's own zone; sums are of elapsed seconds, so the night
on which the clocks change counts as long as it was. Sums come from tables of running totals, so they cost the same
over an hour and over a decade. Whole seconds only: parts of a second are dropped.

How working days are counted is how councils and the law count them (Freedom of Information Act 2000, section 10): the
first working day *after* the day on which something came is day one, whatever the hour it came, and it is due when the
council closes on the last of them.
"""

from bisect import bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = 86_400
_SATURDAY = 5
_YEARS_AHEAD = 60
_NO_ZONE = "A time without its zone cannot be added up."
LONDON = ZoneInfo("Europe/London")

Hours = tuple[tuple[int, int], ...]


class NeverOpen(ValueError):
    """A calendar that is not open again within sixty years."""


@dataclass(frozen=True, slots=True)
class Week:
    """Opening hours, Monday first; each day's hours are (from, to) in seconds after midnight, in order, apart."""

    days: tuple[Hours, ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(DAY_NAMES):
            raise ValueError("a week has seven days")
        for name, hours in zip(DAY_NAMES, self.days, strict=True):
            edges = [edge for opens, closes in hours for edge in (opens, closes)]
            if any(a >= b for a, b in pairwise(edges)) or (edges and not 0 <= edges[0] < edges[-1] <= _DAY):
                raise ValueError(f"the hours of {name} must be in order, apart, and between 00:00 and 24:00")
        if not any(self.days):
            raise ValueError("there must be at least one day with opening hours")

    @classmethod
    def of(cls, written: Mapping[str, Sequence[Sequence[str]]]) -> "Week":
        """Read hours as they are written down; a day that is not named is closed.

        >>> Week.of({"monday": [["09:00", "12:30"], ["13:30", "17:00"]]}).days[0]
        ((32400, 45000), (48600, 61200))
        """
        if unknown := sorted(set(written) - set(DAY_NAMES)):
            raise ValueError(f"“{unknown[0]}” is not a day of the week; days are {', '.join(DAY_NAMES)}")
        return cls(tuple(tuple(_hours(name, pair) for pair in written.get(name, ())) for name in DAY_NAMES))

    @classmethod
    def always(cls) -> "Week":
        """Return hours round the clock."""
        return cls((((0, _DAY),),) * 7)


def _hours(day: str, pair: Sequence[str]) -> tuple[int, int]:
    if len(pair) != 2:  # noqa: PLR2004
        raise ValueError(f"hours of {day} are written as [from, to]")
    return _seconds(day, pair[0]), _seconds(day, pair[1])


def _seconds(day: str, written: str) -> int:
    hour, _, minute = written.partition(":")
    if not (len(written) == len("09:00") and hour.isdecimal() and minute.isdecimal()):
        raise ValueError(f"“{written}” ({day}) is not a time; write it like 09:00")
    if int(minute) > 59 or int(hour) * 60 + int(minute) > _DAY // 60:  # noqa: PLR2004
        raise ValueError(f"“{written}” ({day}) is not a time of day")
    return int(hour) * 3600 + int(minute) * 60


@dataclass(frozen=True, slots=True)
class Version:
    """Opening hours from a date on, with the bank holidays that then close the council (date to name)."""

    in_force_from: date
    week: Week
    holidays: Mapping[date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with one reason, so that a clock can explain itself."""

    start: datetime
    end: datetime
    is_open: bool
    reason: str

    @property
    def seconds(self) -> int:
        return _at(self.end) - _at(self.start)


class _Year(NamedTuple):
    """The open stretches of one year as UTC seconds, and the open seconds before each of them."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def upto(self, at: int) -> int:
        """Return the open seconds of this year before an instant."""
        place = bisect_right(self.starts, at) - 1
        if place < 0:
            return 0
        return self.before[place] + min(at, self.ends[place]) - self.starts[place]


class _Row(NamedTuple):
    """Years on end: when each open stretch begins, and the open seconds before it. The first stretch is empty."""

    low: int
    high: int
    starts: list[int]
    before: list[int]


_NO_ROW = _Row(0, 0, [], [])


class Calendar:
    """When a council works: versions of its hours, its bank holidays, and closing days of its own.

    Days before the first version follow the first version. Instances are cheap to keep and safe to share: what they
    remember is only what they would work out again.
    """

    def __init__(
        self,
        versions: Iterable[Version],
        *,
        closing_days: Mapping[date, str] | None = None,
        zone: ZoneInfo = LONDON,
        name: str = "office",
    ) -> None:
        self.versions = tuple(sorted(versions, key=lambda version: version.in_force_from))
        if not self.versions:
            raise ValueError("A calendar needs opening hours.")
        self.closing_days = dict(closing_days or {})
        self.zone = zone
        self.name = name
        self._from = [version.in_force_from for version in self.versions]
        self._years: dict[int, _Year] = {}
        self._row = _NO_ROW
        self._days: dict[int, list[int]] = {}

    @classmethod
    def always(cls, *, zone: ZoneInfo = LONDON) -> "Calendar":
        """Return the calendar that never closes."""
        return cls([Version(date.min, Week.always())], zone=zone, name="always")

    def between(self, start: datetime, end: datetime) -> int:
        """Return the open seconds from start to end; negative if end comes first."""
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(_NO_ZONE)
        first, last = int(start.timestamp()), int(end.timestamp())
        low, high, starts, before = self._row
        if not (low <= first < high and low <= last < high):
            _, _, starts, before = self._laid_out(first, last)
        place = bisect_right(starts, first)
        until, most = before[place - 1] + first - starts[place - 1], before[place]
        since = most if until > most else until  # noqa: FURB136 - a call costs as much as all of this
        place = bisect_right(starts, last)
        until, most = before[place - 1] + last - starts[place - 1], before[place]
        return (most if until > most else until) - since  # noqa: FURB136

    def add(self, start: datetime, seconds: int) -> datetime:
        """Return the earliest moment by which that many open seconds have passed since start.

        So `between(start, add(start, n)) == n`, and eight hours begun at opening end at closing, not next morning.
        """
        if seconds < 0:
            raise ValueError("Time is added forwards only.")
        return _moment(self.after(_at(start), seconds), self.zone)

    def after(self, at: int, seconds: int) -> int:
        """Return the same as `add`, in whole seconds since 1970 began: for sums over many moments."""
        if seconds == 0:
            return at
        number = _year_of(at)
        wanted = self._year(number).upto(at) + seconds
        for ahead in range(_YEARS_AHEAD):
            year = self._year(number + ahead)
            if wanted <= year.total:
                place = bisect_right(year.before, wanted - 1) - 1
                return year.starts[place] + wanted - year.before[place]
            wanted -= year.total
        when = _moment(at, self.zone)
        raise NeverOpen(f"The calendar “{self.name}” is not open for {seconds} seconds after {when}.")

    def add_days(self, start: datetime, days: int) -> datetime:
        """Return closing time on the nth working day after the day of start.

        With 0: closing time of that day, or of the next working day if that day has no hours.
        """
        if days < 0:
            raise ValueError("Days are added forwards only.")
        day = start.astimezone(self.zone).date()
        last = day.replace(year=min(day.year + _YEARS_AHEAD, date.max.year), day=1)
        if days == 0:
            day, days = day - timedelta(days=1), 1
        while days:
            day += timedelta(days=1)
            if day > last:
                raise NeverOpen(f"The calendar “{self.name}” has not that many working days after {start}.")
            days -= bool(self.hours(day))
        return _moment(self._stretches(day)[-1][1], self.zone)

    def days_between(self, start: datetime, end: datetime) -> int:
        """Return how many working days come after the day of start, up to and with the day of end."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        if first > last:
            return -self.days_between(end, start)
        whole = sum(self._working_days(year)[-1] for year in range(first.year, last.year))
        return (
            whole
            + self._working_days(last.year)[_place(last)]
            - self._working_days(first.year)[_place(first)]
        )

    def _working_days(self, year: int) -> list[int]:
        """Return, for each day of a year, how many working days there are up to and with it; before them a 0."""
        found = self._days.get(year)
        if found is None:
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(366 if isleap(year) else 365))
            found = self._days[year] = [0, *accumulate(bool(self.hours(day)) for day in days)]
        return found

    def is_open(self, at: datetime) -> bool:
        """Say whether the council is open in the second that begins at this moment."""
        return self.between(at, at + timedelta(seconds=1)) == 1

    def hours(self, day: date) -> Hours:
        """Return the opening hours of one day, as seconds after midnight."""
        version = self._version(day)
        if day in self.closing_days or version.holidays.get(day) is not None:
            return ()
        return version.week.days[day.weekday()]

    def why_closed(self, day: date) -> str:
        """Return in words why a day, or the rest of it, is closed."""
        if reason := self.closing_days.get(day):
            return f"closing day: {reason}"
        if holiday := self._version(day).holidays.get(day):
            return f"bank holiday: {holiday}"
        if self.hours(day):
            return "outside opening hours"
        return (
            "weekend" if day.weekday() >= _SATURDAY else f"closed on {DAY_NAMES[day.weekday()].capitalize()}s"
        )

    def explain(self, start: datetime, end: datetime) -> list[Span]:
        """Return every stretch from start to end with its reason; the open ones add up to `between`."""
        spans: list[Span] = []
        first, last = _at(start), _at(end)
        day = start.astimezone(self.zone).date()
        while first < last:
            closes = self._midnight(day + timedelta(days=1))
            for begins, ends, is_open in _with_gaps(self._stretches(day), first, min(closes, last)):
                reason = "open" if is_open else self.why_closed(day)
                same = spans and spans[-1].reason == reason and _at(spans[-1].end) == begins
                since = spans.pop().start if same else _moment(begins, self.zone)
                spans.append(Span(since, _moment(ends, self.zone), is_open, reason))
            first, day = max(first, closes), day + timedelta(days=1)
        return spans

    def _version(self, day: date) -> Version:
        return self.versions[max(bisect_right(self._from, day) - 1, 0)]

    def _midnight(self, day: date) -> int:
        return _at(datetime.combine(day, time(), self.zone))

    def _laid_out(self, first: int, last: int) -> _Row:
        """Return the years of two seconds and all between in one row, with those that are there already if near."""
        begins, ends = sorted((_year_of(first), _year_of(last)))
        if self._row.high:
            known = _year_of(self._row.low), _year_of(self._row.high - 1)
            if max(ends, known[1]) - min(begins, known[0]) <= _YEARS_AHEAD:
                begins, ends = min(begins, known[0]), max(ends, known[1])
        starts, lengths = [_new_year(begins)], [0]
        for number in range(begins, ends + 1):
            year = self._year(number)
            starts += year.starts
            lengths += [end - start for start, end in zip(year.starts, year.ends, strict=True)]
        before = [0, *accumulate(lengths)]
        self._row = _Row(_new_year(begins), _new_year(ends + 1), starts, before)
        return self._row

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._add_up(number)
        return year

    def _add_up(self, number: int) -> _Year:
        opening, closing = _new_year(number), _new_year(number + 1)
        starts: list[int] = []
        ends: list[int] = []
        day = date(number, 1, 1) - timedelta(days=1)
        while day.year <= number or day == date(number + 1, 1, 1):
            for start, end in self._stretches(day):
                first, last = max(start, opening), min(end, closing)
                if first < last and ends and ends[-1] == first:
                    ends[-1] = last
                elif first < last:
                    starts.append(first)
                    ends.append(last)
            day += timedelta(days=1)
        before = [0, *accumulate(end - start for start, end in zip(starts, ends, strict=True))]
        return _Year(starts, ends, before[:-1], before[-1])

    def _stretches(self, day: date) -> list[tuple[int, int]]:
        """Return a day's open stretches as UTC seconds; on a night of changing clocks each hour as long as it was."""
        hours = self.hours(day)
        if not hours:
            return []
        midnight, next_midnight = self._midnight(day), self._midnight(day + timedelta(days=1))
        if next_midnight - midnight == _DAY:
            return [(midnight + opens, midnight + closes) for opens, closes in hours]
        change = self._change(midnight, next_midnight)
        shift = next_midnight - midnight - _DAY  # an hour less in spring, an hour more in autumn
        parts = ((midnight, change, midnight), (change, next_midnight, midnight + shift))
        return [
            (max(zero + opens, begins), min(zero + closes, ends))
            for begins, ends, zero in parts
            for opens, closes in hours
            if max(zero + opens, begins) < min(zero + closes, ends)
        ]

    def _change(self, low: int, high: int) -> int:
        """Return the second at which the clocks change on a day when they do."""
        before = _moment(low, self.zone).utcoffset()
        while high - low > 1:
            middle = (low + high) // 2
            if _moment(middle, self.zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        return high


def _at(moment: datetime) -> int:
    """Return whole seconds since 1970 began in Greenwich."""
    if moment.tzinfo is None:
        raise ValueError(_NO_ZONE)
    return int(moment.timestamp() // 1)


def _moment(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone)


def _new_year(number: int) -> int:
    return _at(datetime(number, 1, 1, tzinfo=UTC))


_FIRST_YEAR = 1970
_NEW_YEARS = [_new_year(number) for number in range(_FIRST_YEAR, 2200)]


def _place(day: date) -> int:
    """Return which day of its year it is, from 1."""
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _year_of(at: int) -> int:
    if not _NEW_YEARS[0] <= at < _NEW_YEARS[-1]:
        raise ValueError("Working time is added up between 1970 and 2198.")
    return _FIRST_YEAR + bisect_right(_NEW_YEARS, at) - 1


def _with_gaps(stretches: list[tuple[int, int]], first: int, last: int) -> Iterator[tuple[int, int, bool]]:
    """Cut the time from first to last into open and closed pieces."""
    at = first
    for start, end in stretches:
        begins, ends = max(start, first), min(end, last)
        if begins >= ends:
            continue
        if at < begins:
            yield at, begins, False
        yield begins, ends, True
        at = ends
    if at < last:
        yield at, last, False
