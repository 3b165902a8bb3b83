"""How due times are said, and how a clock adds up."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.plain.working_time import Calendar, Version, Week
from moothall.workplace import rules
from moothall.workplace.rules import Pause

WEEK = Week.of(
    {day: [["09:00", "17:00"]] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
)
OFFICE = Calendar([Version(date.min, WEEK, {date(2026, 11, 25): "Founders' Day"})])
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class TestADueTime:
    @pytest.mark.parametrize(
        ("due_at", "words"),
        [
            (None, "No due time"),
            (datetime(2026, 11, 23, 17, tzinfo=UTC), "Due today at 5pm"),
            (datetime(2026, 11, 24, 17, tzinfo=UTC), "Due tomorrow at 5pm"),
            (datetime(2026, 11, 27, 12, tzinfo=UTC), "Due Friday at midday"),
            (datetime(2026, 12, 7, 17, tzinfo=UTC), "Due 7 Dec 2026 at 5pm"),
            (datetime(2026, 11, 20, 17, tzinfo=UTC), "1 working day late"),
            (datetime(2026, 11, 19, 12, tzinfo=UTC), "2 working days late"),
            (datetime(2026, 11, 23, 9, 15, tzinfo=UTC), "15 minutes late"),
        ],
    )
    def test_is_said_as_people_say_it(self, due_at: datetime | None, words: str) -> None:
        assert rules.due_of(due_at, MONDAY, OFFICE).words == words

    def test_is_soon_within_a_day(self) -> None:
        assert rules.due_of(MONDAY + timedelta(hours=23), MONDAY, OFFICE).state == "soon"
        assert rules.due_of(MONDAY + timedelta(hours=25), MONDAY, OFFICE).state == "good"
        assert rules.due_of(MONDAY, MONDAY, OFFICE).state == "late"

    def test_is_late_since_closing_time_while_the_council_is_closed(self) -> None:
        friday, sunday = datetime(2026, 11, 20, 17, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC)
        assert rules.due_of(friday, sunday, OFFICE).words == "Late since Friday at 5pm"
        assert rules.due_of(sunday - timedelta(hours=1), sunday, OFFICE).words == "Late since today at 7am"

    def test_is_late_by_the_clock_on_the_wall_where_no_calendar_is_known(self) -> None:
        assert rules.due_of(MONDAY - timedelta(days=3), MONDAY, None).words == "3 days late"


class TestAClock:
    def test_says_why_each_stretch_did_not_count(self) -> None:
        end = datetime(2026, 11, 26, 10, tzinfo=UTC)
        found = rules.stretches(OFFICE, MONDAY, end, [])
        assert rules.used(found) == (7 * 60 + 30 + 8 * 60 + 60) * 60
        reasons = [each.reason for each in found if not each.counted]
        assert "bank holiday: Founders' Day" in reasons

    def test_stands_still_for_whom_and_by_whom(self) -> None:
        pause = Pause(
            MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=3), "Answer from the resident", "Ann"
        )
        found = rules.stretches(OFFICE, MONDAY, MONDAY + timedelta(hours=4), [pause])
        assert [each.reason for each in found] == [
            "open",
            "stood still for “Answer from the resident”, by Ann",
            "open",
        ]
        assert rules.used(found) == 2 * 3600

    @given(
        st.integers(0, 20 * 86_400),
        st.lists(st.tuples(st.integers(0, 86_400 * 20), st.integers(0, 86_400 * 3)), max_size=4),
    )
    def test_adds_up_to_the_second_whatever_happens(self, length: int, pauses: list[tuple[int, int]]) -> None:
        end = MONDAY + timedelta(seconds=length)
        made = [
            Pause(MONDAY + timedelta(seconds=at), MONDAY + timedelta(seconds=at + span), "x", "")
            for at, span in pauses
        ]
        found = rules.stretches(OFFICE, MONDAY, end, made)
        assert sum(each.seconds for each in found) == length
        stood = sum(
            OFFICE.between(each.start, each.end) for each in found if each.reason.startswith("stood still")
        )
        assert rules.used(found) == OFFICE.between(MONDAY, end) - stood
        assert all(one.end == other.start for one, other in pairwise(found))
