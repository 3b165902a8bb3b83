"""Actions until they are done, and the later P1 that points to the one that was left undone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.messages.models import Message
from moothall.servicedesk.actions import lessons, reviewing
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import LessonAction, Major, RoomEntry
from moothall.servicedesk.queries.lessons import earlier_like
from moothall.servicedesk.rules.lessons import Promise, left_undone
from tests.servicedesk.leading import NOW, WRITTEN, Led, make_led

DAY = timedelta(days=1)
LATER = NOW + 40 * DAY
"""A Saturday in January: letters wait for Monday."""
MONDAY = NOW + 42 * DAY


@pytest.fixture
def led(everything: None, db: None) -> Led:
    return make_led()


def pointing(major: Major) -> list[str]:
    rows = RoomEntry.objects.filter(major=major, text__contains="It promised")
    return list(rows.order_by("pk").values_list("text", flat=True))


class TestAnAction:
    def test_is_done_by_its_owner_in_words(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.written())
        with pytest.raises(NotSaid):
            lessons.finish_action(by=led.desk.engineer, action_id=action.pk, text=" ", now=LATER)
        lessons.finish_action(
            by=led.desk.engineer, action_id=action.pk, text="A test bed is there.", now=LATER
        )
        action.refresh_from_db()
        assert (action.done_at, action.done_text) == (LATER, "A test bed is there.")
        with pytest.raises(NotNow):
            lessons.finish_action(by=led.manager, action_id=action.pk, text="Again.", now=LATER)

    def test_is_dropped_only_for_a_reason(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.written())
        with pytest.raises(NotSaid):
            lessons.drop_action(by=led.manager, action_id=action.pk, why="", now=LATER)
        lessons.drop_action(by=led.manager, action_id=action.pk, why="The firewall goes.", now=LATER)
        action.refresh_from_db()
        assert action.dropped_why == "The firewall goes."

    def test_is_not_closed_by_anybody_else(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.written())
        with pytest.raises(NotNow):
            lessons.finish_action(by=led.desk.analyst, action_id=action.pk, text="Done.", now=LATER)

    @pytest.mark.parametrize("due_on", [NOW.date() - DAY, NOW.date() + 800 * DAY])
    def test_is_due_on_a_day_that_can_be(self, led: Led, due_on: date) -> None:
        with pytest.raises(NotSaid):
            led.promised(led.restored(), due_on=due_on, now=NOW)


class TestChasing:
    def test_writes_once_a_week_to_whoever_is_overdue_in_working_hours(self, led: Led) -> None:
        led.written()
        Message.objects.all().delete()
        assert lessons.chase_actions(LATER) == 0  # a Saturday
        assert lessons.chase_actions(MONDAY) == 1
        assert lessons.chase_actions(MONDAY + DAY) == 0
        assert lessons.chase_actions(MONDAY + 7 * DAY) == 1
        assert Message.objects.count() == 2

    def test_stops_once_it_is_done(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.written())
        lessons.finish_action(by=led.manager, action_id=action.pk, text="Done.", now=LATER)
        assert lessons.chase_actions(MONDAY) == 0


class TestALaterP1:
    def test_of_the_same_system_points_to_the_action_left_undone_from_the_start(self, led: Led) -> None:
        first = led.approved()
        second = led.major(now=LATER)
        (line,) = pointing(second)
        assert first.case.reference in line
        assert "Try rules out first" in line
        (earlier,) = earlier_like(led.manager, second)
        assert [each.text for each in earlier.undone] == ["Try rules out first"]
        assert not earlier.same_cause

    def test_says_once_its_cause_is_set_that_it_is_the_same(self, led: Led) -> None:
        led.approved()
        second = led.restored(now=LATER)
        reviewing.save_report(
            by=led.manager, major_id=second.pk, report=WRITTEN, cause_item_id=led.item.pk, now=LATER
        )
        reviewing.save_report(
            by=led.manager, major_id=second.pk, report=WRITTEN, cause_item_id=led.item.pk, now=LATER
        )
        second.refresh_from_db()
        assert [("same cause" in line) for line in pointing(second)] == [False, True]
        assert earlier_like(led.manager, second)[0].same_cause

    def test_does_not_point_to_what_had_been_done_in_time(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.approved())
        lessons.finish_action(by=led.manager, action_id=action.pk, text="Done.", now=NOW + 10 * DAY)
        assert pointing(led.major(now=LATER)) == []

    def test_points_to_what_was_done_only_afterwards(self, led: Led) -> None:
        action = LessonAction.objects.get(major=led.approved())
        second = led.major(now=LATER)
        lessons.finish_action(by=led.manager, action_id=action.pk, text="Done.", now=LATER + DAY)
        assert [each.pk for each in earlier_like(led.manager, second)[0].undone] == [action.pk]

    def test_of_another_cause_does_not_point_to_it(self, led: Led) -> None:
        led.approved()
        second = led.restored(now=LATER, item_id=None)
        assert pointing(second) == []
        assert earlier_like(led.manager, second) == []

    def test_does_not_tell_a_council_of_what_was_another_councils_alone(self, led: Led) -> None:
        led.approved()
        second = led.major(now=LATER, council=led.desk.elm)
        assert pointing(second) == []
        assert len(earlier_like(led.manager, second)) == 1


class TestWhatWasLeftUndone:
    @given(st.lists(st.tuples(st.integers(0, 60), st.none() | st.integers(0, 60), st.booleans()), max_size=8))
    def test_is_everything_that_was_not_done_by_the_day_it_began(
        self, given: list[tuple[int, int | None, bool]]
    ) -> None:
        first, began = date(2026, 10, 1), date(2026, 10, 31)
        promises = [
            Promise(number, first + due * DAY, None if done is None else first + done * DAY, dropped)
            for number, (due, done, dropped) in enumerate(given)
        ]
        left = set(left_undone(promises, began))
        for each in promises:
            in_time = each.done_on is not None and each.done_on <= began and not each.dropped
            assert (each.number in left) is not in_time
