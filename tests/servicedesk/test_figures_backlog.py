"""The backlog of any month, past or not, against a reference that goes through everything that happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from moothall.servicedesk.actions.resolutions import keep_resolution
from moothall.servicedesk.models import Resolution
from moothall.servicedesk.queries.figures import Counted, counted
from moothall.servicedesk.rules.figures import Month
from moothall.servicedesk.rules.figures.spells import Spell, life_of
from tests.servicedesk.rows import (
    Ground,
    History,
    add_step,
    at,
    make_call,
    make_call_of,
    make_ground,
)

OCTOBER = Month(date(2026, 10, 1))
NOW = at(20, month=12)
MONTHS = [OCTOBER.back(number) for number in (3, 2, 1, 0, -1, -2)]
minutes = st.integers(0, 60 * 24 * 120)


def value(found: Counted, name: str, key: str = "", council: int = 0) -> float:
    held = found.figures[council][name, key].value
    assert held is not None
    return float(held)


@st.composite
def histories(draw: st.DrawFn) -> History:
    moments = sorted(draw(st.lists(minutes, min_size=1, max_size=8, unique=True)))
    logged, *turns = [at(1, 0, month=8) + timedelta(minutes=each) for each in moments]
    resolved = len(turns) % 2 == 1
    ended = draw(st.booleans()) and not resolved
    return History(logged, turns, (turns or [logged])[-1] + timedelta(hours=1) if ended else None)


class TestTheLifeOfACall:
    @given(histories(), minutes)
    def test_is_open_exactly_when_everything_that_happened_says_so(self, history: History, when: int) -> None:
        moment = at(1, 0, month=8) + timedelta(minutes=when)
        columns = history.columns()
        life = life_of(
            history.logged,
            columns["first_resolved_at"],
            columns["reopened"],
            columns["reopened_at"],
            columns["resolved_at"],
            history.ended,
            [Spell(*row) for row in history.rows()],
        )
        assert life.open_at(moment) is history.open_at(moment)
        if columns["resolved_at"] is not None or history.ended is None:
            assert [each.resolved_at for each in life.spells] == history.resolved

    def test_without_rows_of_its_own_counts_as_resolved_between_the_first_and_the_last(self) -> None:
        history = History(at(1), [at(2), at(3), at(4), at(5), at(6)])
        columns = history.columns()
        life = life_of(history.logged, at(2), columns["reopened"], at(5), at(6), None)
        assert list(life.spells) == [Spell(at(2), at(5)), Spell(at(6))]


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestKeepingEachResolution:
    def test_keeps_nothing_of_a_call_that_was_never_reopened(self) -> None:
        call = make_call(make_ground(), at(1), resolved=at(2))
        keep_resolution(call, at(2))
        assert not Resolution.objects.exists()

    @pytest.mark.parametrize("times", [2, 3, 4])
    def test_keeps_what_the_history_says_as_it_happens(self, times: int) -> None:
        turns = [at(number) for number in range(2, 2 * times + 1)]
        whole = History(at(1), turns)
        call = make_call(make_ground(), at(1))
        for number in range(1, len(turns) + 1, 2):
            for name, each in History(at(1), turns[:number]).columns().items():
                setattr(call, name, each)
            keep_resolution(call, turns[number - 1])
            keep_resolution(call, turns[number - 1])
        rows = Resolution.objects.order_by("resolved_at").values_list("resolved_at", "reopened_at")
        assert list(rows) == whole.rows()


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestTheBacklogOfAMonth:
    def _random(self, grounds: Sequence[Ground], seed: int, number: int) -> dict[int, list[History]]:
        random = Random(seed)
        made: dict[int, list[History]] = {ground.council.pk: [] for ground in grounds}
        for _ in range(number):
            ground = random.choice(grounds)
            moments = sorted(
                random.sample(range(60 * 24 * 110), random.choice([1, 2, 2, 2, 3, 4, 4, 5, 6, 7]))
            )
            logged, *turns = [at(1, 0, month=8) + timedelta(minutes=each) for each in moments]
            ended = len(turns) % 2 == 0 and random.random() < 0.3
            history = History(logged, turns, (turns or [logged])[-1] + timedelta(hours=2) if ended else None)
            make_call_of(ground, history, kind=random.choice(["incident", "request"]))
            made[ground.council.pk].append(history)
        return made

    @pytest.mark.parametrize("seed", [1, 2])
    def test_is_that_of_the_slow_reference_and_adds_up_every_month(self, seed: int) -> None:
        grounds = [make_ground(), make_ground()]
        made = self._random(grounds, seed, 120)
        before: float | None = None
        for month in MONTHS:
            found = counted(month, NOW)
            for council, each in made.items():
                assert value(found, "backlog", council=council) == _open(each, month.end)
                assert value(found, "backlog_before", council=council) == _open(each, month.start)
                assert value(found, "resolved", council=council) == _between(each, month, "resolved")
                assert value(found, "reopenings", council=council) == _between(each, month, "reopened")
                assert value(found, "backlog_difference", council=council) == 0
            assert value(found, "backlog_difference") == 0
            assert before is None or value(found, "backlog_before") == before
            before = value(found, "backlog")
        assert before

    def test_counts_a_moved_call_at_its_new_council_alone(self) -> None:
        old, new = make_ground(), make_ground()
        make_call(old, at(3), ended="moved", closed_at=at(5))
        make_call(new, at(3))
        found = counted(OCTOBER, NOW)
        assert value(found, "backlog", council=old.council.pk) == 0
        assert value(found, "logged", "incident", old.council.pk) == 0
        assert value(found, "backlog", council=new.council.pk) == value(found, "backlog") == 1

    def test_belongs_to_the_month_of_london(self) -> None:
        ground = make_ground()
        make_call(ground, datetime.fromisoformat("2026-09-30T23:30:00+00:00"))  # 0:30 on 1 October there
        assert value(counted(OCTOBER, NOW), "came") == 1
        assert value(counted(OCTOBER.back(1), NOW), "came") == 0

    def test_tells_what_is_not_sorted_and_what_is_on_hold_as_it_was_then(self) -> None:
        ground = make_ground()
        unsorted_then = make_call(ground, at(30))
        add_step(unsorted_then, "triage", at(30), at(2, month=11))
        held_then = make_call(ground, at(3), resolved=at(9, month=11))
        add_step(held_then, "triage", at(3), at(4))
        add_step(held_then, "supplier", at(20), at(8, month=11))
        make_call(ground, at(4), state="new")
        october, november = counted(OCTOBER, NOW), counted(OCTOBER.back(-1), NOW)
        assert [value(october, "backlog", key) for key in ("", "untriaged", "held")] == [3, 2, 1]
        assert [value(november, "backlog", key) for key in ("", "untriaged", "held")] == [2, 1, 0]

    def test_is_as_old_as_the_working_days_since_it_was_logged(self) -> None:
        ground = make_ground()
        make_call(ground, at(30))  # a Friday; the month ends on Saturday
        make_call(ground, at(23))  # five working days before that Friday
        make_call(ground, at(1, month=6))
        found = counted(OCTOBER, NOW)
        assert [value(found, "age", key) for key in ("0-2", "3-5", "61+")] == [1, 1, 1]
        assert value(found, "age_median") == 5
        assert value(found, "age_oldest") > 100

    def test_shrinks_where_more_went_than_came(self) -> None:
        ground = make_ground()
        make_call(ground, at(3, month=9), resolved=at(5))
        make_call(ground, at(4, month=9), ended="merged", closed_at=at(6))
        make_call(ground, at(7))
        assert value(counted(OCTOBER, NOW), "backlog_change") == 2

    def test_asks_as_many_questions_however_many_calls_there_are(self) -> None:
        grounds = [make_ground(), make_ground()]
        self._random(grounds, 3, 10)
        counted(OCTOBER, NOW)  # from here on, calendars are remembered
        with CaptureQueriesContext(connection) as few:
            counted(OCTOBER, NOW)
        self._random(grounds, 4, 60)
        with CaptureQueriesContext(connection) as many:
            counted(OCTOBER, NOW)
        assert len(many) == len(few) < 45


def _open(made: Sequence[History], moment: datetime) -> int:
    return sum(each.open_at(moment) for each in made)


def _between(made: Sequence[History], month: Month, what: str) -> int:
    return sum(month.start <= each < month.end for history in made for each in getattr(history, what))
