"""Working time equals a second opinion that counts every second: around nights, leap days, holidays, and versions."""

from random import Random

import pytest

from moothall.plain.working_time import Calendar
from tests.plain.by_the_second import (
    ALWAYS,
    CASES,
    LONDON,
    NIGHTS,
    Seconds,
    moment,
    one_by_one,
    some_plan,
)

ZONES = (LONDON, LONDON, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
AT_ONCE = 50 if CASES <= 1_000 else 250


class TestWorkingTime:
    @pytest.mark.parametrize("seed", range(-(-CASES // AT_ONCE)))
    def test_is_what_it_comes_to_second_by_second(self, seed: int) -> None:
        random = Random(seed)
        near, zone = NIGHTS[seed % len(NIGHTS)], random.choice(ZONES)
        plan = some_plan(random, near)
        calendar, seconds = plan.calendar(zone), Seconds(plan, near, zone)
        for _ in range(AT_ONCE):
            start, end = sorted(random.randint(seconds.first, seconds.last) for _ in range(2))
            apart = seconds.between(start, end)
            assert calendar.between(moment(start), moment(end)) == apart
            assert calendar.between(moment(end), moment(start)) == -apart
            explained = calendar.explain(moment(start), moment(end))
            assert sum(each.seconds for each in explained if each.is_open) == apart
            self.adds(calendar, seconds, random, start)

    def adds(self, calendar: Calendar, seconds: Seconds, random: Random, start: int) -> None:
        length = random.choice((1, 60, 3600, random.randint(1, 400_000)))
        if (due := seconds.reach(start, length)) is not None:
            assert calendar.add(moment(start), length).timestamp() == due
        days = random.randint(1, 9)
        if (closing := seconds.closing(start, days)) is not None:
            assert calendar.add_days(moment(start), days).timestamp() == closing

    def test_of_a_council_that_never_closes_is_the_time_itself(self) -> None:
        seconds = Seconds(ALWAYS, NIGHTS[1])
        assert seconds.between(seconds.first + 7, seconds.last - 5) == seconds.last - seconds.first - 12
        assert seconds.reach(seconds.first, 999) == seconds.first + 999


class TestTheSecondOpinion:
    def test_is_what_it_comes_to_one_second_after_the_other(self) -> None:
        random = Random(5)
        for near in NIGHTS[:4]:
            seconds = Seconds(some_plan(random, near), near)
            start = random.randint(seconds.first, seconds.last - 400_000)
            stood = [(start + 5_000, start + 21_000), (start + 21_001, start + 90_000)]
            for target in (1, 3_000, 20_000):
                assert seconds.reach(start, target, stood) == one_by_one(seconds, start, target, stood)
