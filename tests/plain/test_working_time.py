"""Working time against a slow second opinion that only knows clocks on the wall."""

import timeit
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.plain.working_time import DAY_NAMES, LONDON, Calendar, NeverOpen, Version, Week

MINUTE = timedelta(minutes=1)
CHRISTMAS = {date(2026, 12, 25): "Christmas Day", date(2026, 12, 28): "Boxing Day (substitute)"}
OFFICE_HOURS = Week.of({day: [["09:00", "17:00"]] for day in DAY_NAMES[:5]})
OFFICE = Calendar([Version(date(2020, 1, 1), OFFICE_HOURS, CHRISTMAS)])


def at(text: str) -> datetime:
    """A moment on a London clock."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """What the clock on the wall says, without any sums."""
    local = moment.astimezone(calendar.zone)
    in_force = calendar.versions[0]
    for version in calendar.versions:
        if version.in_force_from <= local.date():
            in_force = version
    if local.date() in calendar.closing_days or local.date() in in_force.holidays:
        return False
    second = local.hour * 3600 + local.minute * 60 + local.second
    return any(opens <= second < closes for opens, closes in in_force.week.days[local.weekday()])


def slowly(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Open seconds, minute by minute: hours begin and end on whole minutes."""
    minutes = int((end - start) / MINUTE)
    return sum(60 for n in range(minutes) if is_open(calendar, start.astimezone(UTC) + n * MINUTE))


@st.composite
def hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Up to three stretches a day, lunch break or not, perhaps the whole day."""
    edges = sorted(draw(st.sets(st.integers(0, 96), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((opens * 900, closes * 900) for opens, closes in pairs)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar around a changing night, a leap day, a New Year or a plain week."""
    near = draw(NIGHTS)
    days = st.dates(near - timedelta(days=6), near + timedelta(days=6))
    weeks = st.one_of(
        st.just(Week.always()),
        st.lists(hours(), min_size=7, max_size=7).filter(any).map(lambda week: Week(tuple(week))),
    )
    version = st.builds(Version, days, weeks, st.dictionaries(days, st.just("a holiday"), max_size=2))
    versions = draw(st.lists(version, min_size=1, max_size=3, unique_by=lambda one: one.in_force_from))
    return Calendar(versions, closing_days=draw(st.dictionaries(days, st.just("snow"), max_size=2)))


NIGHTS = st.sampled_from(
    [
        date(2026, 3, 29),
        date(2026, 10, 25),
        date(2024, 2, 29),
        date(2027, 1, 1),
        date(2026, 12, 25),
        date(2026, 7, 1),
    ]
)


@st.composite
def stretches(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """Two whole minutes, at most twelve days apart."""
    start = (
        datetime.combine(draw(NIGHTS) - timedelta(days=5), time(), UTC) + draw(st.integers(0, 4000)) * MINUTE
    )
    return start, start + draw(st.integers(0, 12 * 1440)) * MINUTE


class TestAddingUp:
    @settings(max_examples=150, deadline=None)
    @given(calendars(), stretches())
    def test_agrees_with_a_clock_on_the_wall(
        self, calendar: Calendar, stretch: tuple[datetime, datetime]
    ) -> None:
        assert calendar.between(*stretch) == slowly(calendar, *stretch)

    @settings(max_examples=200, deadline=None)
    @given(calendars(), stretches(), st.integers(0, 12 * 86_400))
    def test_is_the_same_in_parts_and_backwards(
        self, calendar: Calendar, stretch: tuple[datetime, datetime], seconds: int
    ) -> None:
        start, end = stretch
        middle = start + timedelta(seconds=seconds)
        whole = calendar.between(start, end)
        assert calendar.between(start, middle) + calendar.between(middle, end) == whole
        assert calendar.between(end, start) == -whole

    @settings(max_examples=200, deadline=None)
    @given(calendars(), stretches(), st.integers(0, 400_000))
    def test_adding_is_its_inverse(
        self, calendar: Calendar, stretch: tuple[datetime, datetime], seconds: int
    ) -> None:
        start, end = stretch
        try:
            due = calendar.add(start, seconds)
        except NeverOpen:
            return
        assert calendar.between(start, due) == seconds
        assert seconds == 0 or calendar.between(start, due - timedelta(seconds=1)) == seconds - 1
        assert calendar.add(start, calendar.between(start, end)) <= end

    @settings(max_examples=100, deadline=None)
    @given(calendars(), stretches())
    def test_explains_every_second_once(self, calendar: Calendar, stretch: tuple[datetime, datetime]) -> None:
        start, end = stretch
        spans = calendar.explain(start, end)
        assert sum(span.seconds for span in spans) == int((end - start).total_seconds())
        assert sum(span.seconds for span in spans if span.is_open) == calendar.between(start, end)
        for before, after in pairwise(spans):
            assert before.end.timestamp() == after.start.timestamp()
            assert before.reason != after.reason


class TestTheOfficeCalendar:
    def test_a_whole_day_begun_at_opening_ends_at_closing(self) -> None:
        assert OFFICE.add(at("2026-11-23 09:00"), 8 * 3600) == at("2026-11-23 17:00")

    def test_an_evening_counts_for_nothing(self) -> None:
        assert OFFICE.add(at("2026-11-23 20:00"), 60) == at("2026-11-24 09:01")

    def test_a_weekend_and_christmas_are_passed_over(self) -> None:
        assert OFFICE.between(at("2026-12-24 16:00"), at("2026-12-29 10:00")) == 2 * 3600

    def test_parts_of_a_second_are_dropped(self) -> None:
        start = at("2026-11-23 09:00:00.900000")
        assert OFFICE.between(start, at("2026-11-23 09:00:01.100000")) == 1

    def test_says_why_it_is_closed(self) -> None:
        calendar = Calendar(OFFICE.versions, closing_days={date(2026, 12, 24): "staff conference"})
        reasons = [span.reason for span in calendar.explain(at("2026-12-23 16:30"), at("2026-12-29 09:30"))]
        assert reasons == [
            "open",
            "outside opening hours",
            "closing day: staff conference",
            "bank holiday: Christmas Day",
            "weekend",
            "bank holiday: Boxing Day (substitute)",
            "outside opening hours",
            "open",
        ]

    def test_a_day_without_hours_in_the_week_says_so(self) -> None:
        calendar = Calendar([Version(date.min, Week.of({"monday": [["09:00", "17:00"]]}))])
        assert calendar.why_closed(date(2026, 11, 25)) == "closed on Wednesdays"

    def test_a_time_without_its_zone_is_refused(self) -> None:
        with pytest.raises(ValueError, match="zone"):
            OFFICE.between(datetime(2026, 1, 1), at("2026-01-02"))  # noqa: DTZ001


class TestTheNightsOnWhichTheClocksChange:
    def test_spring_has_an_hour_less(self) -> None:
        assert Calendar.always().between(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 23 * 3600

    def test_autumn_has_an_hour_more(self) -> None:
        assert Calendar.always().between(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 25 * 3600

    def test_a_night_shift_is_as_long_as_it_was(self) -> None:
        nights = Calendar([Version(date.min, Week.of({"sunday": [["00:00", "06:00"]]}))])
        assert nights.between(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == 5 * 3600
        assert nights.between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 7 * 3600

    def test_hours_that_did_not_happen_count_nothing_and_hours_that_came_twice_count_twice(self) -> None:
        half = Calendar([Version(date.min, Week.of({"sunday": [["01:15", "01:45"]]}))])
        assert half.between(at("2026-03-29 00:00"), at("2026-03-29 12:00")) == 0
        assert half.between(at("2026-10-25 00:00"), at("2026-10-25 12:00")) == 3600

    def test_other_zones_may_change_at_midnight(self) -> None:
        santiago = Calendar.always(zone=ZoneInfo("America/Santiago"))
        start = datetime(2026, 9, 5, 12, tzinfo=UTC)
        assert santiago.between(start, start + timedelta(days=3)) == 3 * 86_400


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("start", "days", "due"),
        [
            ("2026-11-23 10:00", 1, "2026-11-24 17:00"),
            ("2026-11-23 23:00", 1, "2026-11-24 17:00"),
            ("2026-11-21 10:00", 1, "2026-11-23 17:00"),
            ("2026-11-23 10:00", 0, "2026-11-23 17:00"),
            ("2026-11-21 10:00", 0, "2026-11-23 17:00"),
            ("2026-11-20 10:00", 5, "2026-11-27 17:00"),
            ("2026-12-24 10:00", 1, "2026-12-29 17:00"),
            ("2026-11-27 10:00", 20, "2026-12-29 17:00"),
        ],
    )
    def test_begin_with_the_working_day_after(self, start: str, days: int, due: str) -> None:
        assert OFFICE.add_days(at(start), days) == at(due)
        assert days == 0 or OFFICE.days_between(at(start), at(due)) == days

    def test_round_the_clock_they_end_at_midnight(self) -> None:
        assert Calendar.always().add_days(at("2026-11-23 10:00"), 1) == at("2026-11-25 00:00")

    def test_are_counted_backwards_too(self) -> None:
        assert OFFICE.days_between(at("2026-11-27 10:00"), at("2026-11-20 10:00")) == -5


class TestVersions:
    def test_new_hours_count_from_their_day_on(self) -> None:
        shorter = Version(date(2026, 11, 24), Week.of({day: [["10:00", "12:00"]] for day in DAY_NAMES[:5]}))
        calendar = Calendar([*OFFICE.versions, shorter])
        assert calendar.between(at("2026-11-23 00:00"), at("2026-11-25 00:00")) == 10 * 3600

    def test_a_calendar_that_never_opens_again_says_so(self) -> None:
        once = Calendar([Version(date.min, Week.of({"monday": [["09:00", "09:01"]]}))])
        with pytest.raises(NeverOpen):
            once.add(at("2026-11-23 10:00"), 60 * 60 * 60)


class TestWritingHours:
    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ({"funday": [["09:00", "17:00"]]}, "“funday” is not a day"),
            ({"monday": [["9:00", "17:00"]]}, "write it like 09:00"),
            ({"monday": [["09:60", "17:00"]]}, "not a time of day"),
            ({"monday": [["09:00", "24:01"]]}, "not a time of day"),
            ({"monday": [["17:00", "09:00"]]}, "in order, apart"),
            ({"monday": [["09:00", "12:00"], ["12:00", "17:00"]]}, "in order, apart"),
            ({"monday": [["09:00"]]}, "[from, to]"),
            ({}, "at least one day"),
        ],
    )
    def test_says_what_is_wrong(self, written: dict[str, list[list[str]]], words: str) -> None:
        with pytest.raises(ValueError) as refusal:  # noqa: PT011 # the words are compared below
            Week.of(written)
        assert words in str(refusal.value)


class TestItsSpeed:
    def test_does_not_depend_on_the_span(self) -> None:
        start = at("2020-06-01 10:00")
        short, long = _cost(start, start + timedelta(days=1)), _cost(start, start + timedelta(days=3650))
        assert long < 10 * short
        assert long < 0.000_2


def _cost(start: datetime, end: datetime) -> float:
    OFFICE.between(start, end)  # the tables are made once
    return min(timeit.repeat(lambda: OFFICE.between(start, end), number=500, repeat=5)) / 500
