"""How long a system was away: nothing is counted twice, and nothing that was agreed or outside its hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.plain.working_time import Calendar, Version, Week
from moothall.servicedesk.rules.outages import Stretch, away, joined, user_minutes, within, without

BEGIN = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the day before the clocks go back
END = BEGIN + timedelta(hours=48)
SLOT = timedelta(minutes=20)
SLOTS = (END - BEGIN) // SLOT
SECONDS = int(SLOT.total_seconds())
ALWAYS = Calendar.always()
OFFICE = Calendar(
    [Version(BEGIN.date(), Week.of({"saturday": [["09:00", "17:00"]], "sunday": [["10:00", "16:00"]]}))]
)


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    start = draw(st.integers(0, SLOTS - 1))
    length = draw(st.integers(0, SLOTS - start))
    users = draw(st.integers(0, 500))
    return Stretch(BEGIN + start * SLOT, BEGIN + (start + length) * SLOT, users)


many = st.lists(stretches(), max_size=6)


def slots(of: list[Stretch]) -> dict[datetime, int]:
    """Return, slot by slot and slowly, how many users were hit."""
    found: dict[datetime, int] = {}
    for each in of:
        at = each.start
        while at < each.end:
            found[at] = max(found.get(at, 0), each.users)
            at += SLOT
    return found


class TestStretches:
    @given(many)
    def test_that_are_joined_cover_the_same_time_each_once(self, given: list[Stretch]) -> None:
        together = joined(given)
        assert slots(together) == slots(given)
        assert sum(each.seconds for each in together) == SECONDS * len(slots(given))
        assert all(a.end <= b.start for a, b in pairwise(together))

    @given(many)
    def test_that_are_joined_twice_are_as_if_joined_once(self, given: list[Stretch]) -> None:
        assert joined(joined(given)) == joined(given)

    @given(many, many)
    def test_lose_exactly_what_is_taken_out(self, given: list[Stretch], taken: list[Stretch]) -> None:
        left = slots(without(joined(given), joined(taken)))
        assert left == {at: users for at, users in slots(given).items() if at not in slots(taken)}

    def test_are_cut_at_both_ends(self) -> None:
        whole = [Stretch(BEGIN - timedelta(hours=1), END + timedelta(hours=1), 5)]
        assert within(whole, BEGIN, END) == [Stretch(BEGIN, END, 5)]


class TestTimeAway:
    @given(many, many, st.sampled_from([ALWAYS, OFFICE]))
    def test_is_what_a_slow_count_gives(
        self, outages: list[Stretch], agreed: list[Stretch], calendar: Calendar
    ) -> None:
        found = away(outages, agreed, calendar, BEGIN, END)
        planned = slots(agreed)
        gone = {
            at: users
            for at, users in slots(outages).items()
            if at not in planned and calendar.between(at, at + SLOT) == SECONDS
        }
        assert found.seconds == SECONDS * len(gone)
        assert found.user_seconds == SECONDS * sum(gone.values())

    @given(many, many)
    def test_is_never_more_than_what_was_agreed(self, outages: list[Stretch], agreed: list[Stretch]) -> None:
        found = away(outages, agreed, OFFICE, BEGIN, END)
        assert 0 <= found.seconds <= found.agreed <= OFFICE.between(BEGIN, END)
        assert found.breaks <= found.seconds

    @given(many, stretches())
    def test_grows_with_every_outage(self, outages: list[Stretch], more: Stretch) -> None:
        before, after = (away(each, (), OFFICE, BEGIN, END) for each in (outages, [*outages, more]))
        assert before.seconds <= after.seconds
        assert before.user_seconds <= after.user_seconds

    @given(many, st.integers(0, SLOTS))
    def test_of_two_parts_is_that_of_the_whole(self, outages: list[Stretch], cut: int) -> None:
        middle = BEGIN + cut * SLOT
        parts = [away(outages, (), OFFICE, a, b).seconds for a, b in ((BEGIN, middle), (middle, END))]
        assert sum(parts) == away(outages, (), OFFICE, BEGIN, END).seconds

    def test_counts_the_hour_that_comes_twice_when_the_clocks_go_back(self) -> None:
        night = Stretch(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC), 10)
        assert away([night], (), ALWAYS, BEGIN, END).minutes == 120

    def test_is_one_break_while_only_the_number_of_users_changes(self) -> None:
        hour = timedelta(hours=1)
        both = [Stretch(BEGIN, BEGIN + hour, 5), Stretch(BEGIN + hour, BEGIN + 2 * hour, 90)]
        assert away(both, (), ALWAYS, BEGIN, END).breaks == 1
        apart = [both[0], Stretch(BEGIN + 3 * hour, BEGIN + 4 * hour, 5)]
        assert away(apart, (), ALWAYS, BEGIN, END).breaks == 2


class TestImpact:
    @pytest.mark.parametrize("users", [0, 1, 250])
    def test_is_minutes_times_users(self, users: int) -> None:
        assert user_minutes([Stretch(BEGIN, BEGIN + timedelta(minutes=30), users)]) == 30 * users

    def test_does_not_count_the_same_users_twice(self) -> None:
        end = BEGIN + timedelta(minutes=30)
        assert user_minutes([Stretch(BEGIN, end, 100), Stretch(BEGIN, end, 40)]) == 3000
