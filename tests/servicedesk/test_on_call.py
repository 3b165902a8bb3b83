"""Rotas: who is on call, what nobody covers, swaps, and rotas that repeat across the nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils.models import Staff
from moothall.plain.errors import Invalid, NotFound
from moothall.servicedesk.actions.on_call import Duty, delete_shift, keep_shift, make_rota, swap
from moothall.servicedesk.models import Shift
from moothall.servicedesk.queries import on_call as queries
from moothall.servicedesk.rules import on_call as rules
from moothall.servicedesk.rules.on_call import NotInTheTeam, ShiftAlready, Stretch
from tests.servicedesk.desked import NOW, Desk, make_desk

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db: None, everything: None) -> Desk:
    del db, everything
    return make_desk(published=())


def a_shift(
    desk: Desk, who: str = "analyst", start: datetime = NOW, hours: int = 8, second: str = ""
) -> Shift:
    duty = Duty(
        desk.staff[who].pk,
        start,
        start + hours * HOUR,
        desk.staff[second].pk if second else None,
        "01632 960 111",
    )
    return keep_shift(by=desk.manager, team_id=desk.desk.pk, duty=duty, now=NOW)


class TestWhoIsOnCall:
    def test_is_whoever_has_the_shift_from_its_first_moment_to_its_last(self, desk: Desk) -> None:
        shift = a_shift(desk)
        assert queries.on_call(desk.desk.pk, NOW) == shift
        assert queries.on_call(desk.desk.pk, NOW + 8 * HOUR - timedelta(seconds=1)) == shift
        assert queries.on_call(desk.desk.pk, NOW + 8 * HOUR) is None
        assert queries.on_call(desk.platforms.pk, NOW) is None

    def test_of_two_is_whoever_came_later(self, desk: Desk) -> None:
        a_shift(desk)
        later = a_shift(desk, "colleague", NOW + HOUR)
        assert queries.on_call(desk.desk.pk, NOW + 2 * HOUR) == later

    def test_is_never_somebody_who_has_left(self, desk: Desk) -> None:
        a_shift(desk)
        Staff.objects.filter(pk=desk.staff["analyst"].pk).update(ended_on=NOW.date() - timedelta(days=1))
        assert queries.on_call(desk.desk.pk, NOW) is None


class TestAShift:
    def test_is_for_people_of_the_team(self, desk: Desk) -> None:
        with pytest.raises(NotInTheTeam):
            a_shift(desk, "engineer")
        with pytest.raises(NotInTheTeam):
            a_shift(desk, second="engineer")

    def test_ends_after_it_starts_and_within_a_month(self, desk: Desk) -> None:
        for hours in (0, -1, 24 * 32):
            with pytest.raises(Invalid):
                a_shift(desk, hours=hours)

    def test_is_never_ones_own_second(self, desk: Desk) -> None:
        with pytest.raises(Invalid):
            a_shift(desk, second="analyst")

    def test_is_changed_by_those_who_set_up_the_desk_only(self, desk: Desk) -> None:
        shift = a_shift(desk)
        with pytest.raises(NotFound):
            delete_shift(by=desk.analyst, shift_id=shift.pk, now=NOW)
        delete_shift(by=desk.manager, shift_id=shift.pk, now=NOW)
        assert not Shift.objects.exists()


class TestSwapping:
    def test_lets_people_take_each_others_times_and_their_numbers_with_them(self, desk: Desk) -> None:
        one, other = a_shift(desk), a_shift(desk, "colleague", NOW + 8 * HOUR, second="analyst")
        Shift.objects.filter(pk=other.pk).update(phone="01632 960 222")
        swap(by=desk.manager, shift_id=one.pk, other_id=other.pk, now=NOW)
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.staff, one.phone) == (desk.staff["colleague"], "01632 960 222")
        assert (other.staff, other.second) == (desk.staff["analyst"], desk.staff["colleague"])

    def test_is_between_two_people_of_one_team(self, desk: Desk) -> None:
        one, other = a_shift(desk), a_shift(desk, "analyst", NOW + 8 * HOUR)
        with pytest.raises(Invalid):
            swap(by=desk.manager, shift_id=one.pk, other_id=other.pk, now=NOW)


class TestAWeek:
    def test_shows_when_nobody_and_when_two_are_on_call(self, desk: Desk) -> None:
        monday = rules.at_london(date(2026, 11, 23), time.min)
        first = a_shift(desk, start=monday, hours=24)
        second = a_shift(desk, "colleague", monday + 20 * HOUR, hours=24 * 6)
        week = queries.week(desk.desk.pk, date(2026, 11, 25))
        assert week.monday == date(2026, 11, 23)
        assert week.overlaps == [Stretch(monday + 20 * HOUR, monday + 24 * HOUR, (first.pk, second.pk))]
        assert [(each.start, each.end) for each in week.gaps] == [(monday + 164 * HOUR, monday + 168 * HOUR)]
        assert [len(day.shifts) for day in week.days] == [2, 1, 1, 1, 1, 1, 1]

    def test_counts_who_has_the_nights_and_the_weekends(self, desk: Desk) -> None:
        rota = make_rota(
            by=desk.manager,
            team_id=desk.desk.pk,
            staff_ids=[desk.staff["analyst"].pk, desk.staff["colleague"].pk],
            first=date(2026, 11, 23),
            weeks=3,
            now=NOW,
        )
        assert [each[1:] for each in queries.shares(rota)] == [(14, 4), (7, 2)]


class TestARotaThatRepeats:
    def test_hands_over_at_nine_in_london_all_year(self, desk: Desk) -> None:
        people = [desk.staff[each].pk for each in ("analyst", "colleague", "manager")]
        made = make_rota(
            by=desk.manager, team_id=desk.desk.pk, staff_ids=people, first=date(2026, 1, 1), weeks=53, now=NOW
        )
        assert {each.starts_at.astimezone(rules.LONDON).time() for each in made} == {time(9)}
        assert {each.starts_at.astimezone(rules.LONDON).weekday() for each in made} == {0}
        assert all(one.ends_at == other.starts_at for one, other in pairwise(made))
        lengths = sorted({each.ends_at - each.starts_at for each in made})
        assert lengths == [timedelta(hours=167), timedelta(hours=168), timedelta(hours=169)]
        assert [each.staff_id for each in made[:4]] == [*people, people[0]]
        assert [each.second_id for each in made[:3]] == [people[1], people[2], people[0]]

    def test_is_refused_where_there_are_shifts(self, desk: Desk) -> None:
        a_shift(desk)
        with pytest.raises(ShiftAlready):
            make_rota(
                by=desk.manager,
                team_id=desk.desk.pk,
                staff_ids=[desk.staff["analyst"].pk],
                first=NOW.date(),
                weeks=2,
                now=NOW,
            )

    def test_of_one_person_has_no_second(self) -> None:
        assert [each.second_id for each in rules.weekly([7], date(2026, 11, 23), 2)] == [None, None]


MOMENTS = st.integers(0, 500).map(lambda hours: datetime(2026, 3, 20, tzinfo=UTC) + hours * HOUR)
SHIFTS = st.lists(st.tuples(MOMENTS, st.integers(1, 200)), max_size=8)


class TestWhatNobodyCovers:
    @given(SHIFTS)
    def test_is_every_hour_without_a_shift_and_no_other(self, drawn: list[tuple[datetime, int]]) -> None:
        shifts = [Stretch(at, at + hours * HOUR, (number,)) for number, (at, hours) in enumerate(drawn)]
        start, end = datetime(2026, 3, 21, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
        gaps = rules.gaps(shifts, start, end)
        twice = rules.overlaps(shifts)
        at = start
        while at < end:
            running = sum(each.start <= at < each.end for each in shifts)
            assert (running == 0) == any(each.start <= at < each.end for each in gaps)
            assert (running > 1) == any(each.start <= at < each.end for each in twice)
            at += HOUR


class TestALondonTime:
    def test_that_the_clocks_skip_comes_an_hour_later(self) -> None:
        assert rules.at_london(date(2026, 3, 29), time(1)).astimezone(UTC).hour == 1

    def test_begins_and_ends_a_week_of_167_or_169_hours(self) -> None:
        for day, hours in ((date(2026, 3, 29), 167), (date(2026, 10, 25), 169)):
            start, end = rules.week_of(day)
            assert end.astimezone(UTC) - start.astimezone(UTC) == hours * HOUR
