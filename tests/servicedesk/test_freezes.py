"""Freezes and collisions: when nothing may be changed, and what a window runs into."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils import scope
from moothall.plain.errors import NotFound, Refused
from moothall.servicedesk.actions import freezes as actions
from moothall.servicedesk.errors.changes import ChangeRefused, Frozen
from moothall.servicedesk.models import Change, Freeze
from moothall.servicedesk.queries import changes as queries
from moothall.servicedesk.queries import freezes
from moothall.servicedesk.queries.changes.colliding import planned
from moothall.servicedesk.rules import changes as rules
from moothall.servicedesk.rules.changes import Planned
from tests.servicedesk.changing import LONG, NOW, WINDOW, Board, a_change, make_board

database = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def board(everything: None) -> Board:
    del everything
    return make_board()


def frozen(board: Board) -> Freeze:
    """Let Elm want nothing changed about the window of the change."""
    return actions.set_freeze(
        by=board.manager,
        council_id=board.elm.pk,
        reason="Elections to the council",
        starts_at=WINDOW - timedelta(days=2),
        ends_at=WINDOW + timedelta(days=2),
        now=NOW,
    )


class TestAFreeze:
    pytestmark = database

    def test_holds_back_every_change_that_touches_the_council_whoever_raises_it(self, board: Board) -> None:
        frozen(board)
        with pytest.raises(Frozen, match=r"Elm wants nothing changed .* Elections"):
            a_change(board)
        assert not Change.objects.exists()

    def test_does_not_hold_back_what_touches_others(self, board: Board) -> None:
        frozen(board)
        assert a_change(board, items=("care",)).state == Change.State.RAISED

    def test_an_emergency_passes_with_a_written_reason_only(self, board: Board) -> None:
        frozen(board)
        with pytest.raises(Frozen):
            a_change(board, kind="emergency")
        passed = a_change(board, kind="emergency", freeze_reason="The hole is being used already.")
        assert passed.freeze_reason == "The hole is being used already."

    def test_that_was_lifted_holds_nothing_back(self, board: Board) -> None:
        actions.lift_freeze(by=board.manager, freeze_id=frozen(board).pk, now=NOW)
        assert a_change(board).state == Change.State.RAISED
        assert freezes.freezes_to_come(board.manager, NOW) == []

    def test_stands_in_the_calendar(self, board: Board) -> None:
        held = frozen(board)
        days = queries.month_page(board.elm_seat, WINDOW.date()).days
        assert [each.freezes for each in days] == [[held]] * 5

    def test_is_set_by_those_who_hold_the_board_and_for_a_time_to_come(self, board: Board) -> None:
        with pytest.raises(Refused):
            actions.set_freeze(
                by=board.elm_seat, council_id=board.elm.pk, reason="x", starts_at=NOW, ends_at=WINDOW, now=NOW
            )
        with pytest.raises(ChangeRefused, match="over already"):
            actions.set_freeze(
                by=board.manager,
                council_id=board.elm.pk,
                reason="x",
                starts_at=NOW - 2 * LONG,
                ends_at=NOW - LONG,
                now=NOW,
            )

    def test_does_not_exist_for_whoever_may_not_see_it(self, board: Board) -> None:
        number = frozen(board).pk
        with scope.only([board.elm.pk]), pytest.raises(NotFound):
            actions.lift_freeze(by=board.stranger, freeze_id=number, now=NOW)


class TestACollision:
    pytestmark = database

    def test_is_of_windows_that_overlap_on_the_same_system_or_one_that_it_stands_on(
        self, board: Board
    ) -> None:
        cluster = a_change(board)
        this = planned(0, [board.portal.pk], WINDOW + LONG / 2, WINDOW + 2 * LONG)
        [found] = queries.collisions(board.manager, this)
        assert (found.change, list(found.items)) == (cluster, ["Virtual servers"])
        beside = planned(0, [board.portal.pk], WINDOW + LONG, WINDOW + 2 * LONG)
        assert queries.collisions(board.manager, beside) == []

    def test_of_systems_that_have_nothing_in_common_is_none(self, board: Board) -> None:
        a_change(board, items=("care",))
        assert queries.collisions(board.manager, planned(0, [board.portal.pk], WINDOW, WINDOW + LONG)) == []

    def test_with_a_change_that_one_may_not_see_does_not_say_what_it_is(self, board: Board) -> None:
        a_change(board, what="A secret of Ash")
        [found] = queries.collisions(board.stranger, planned(0, [board.cluster.pk], WINDOW, WINDOW + LONG))
        assert found.change is None
        assert "secret" not in found.words

    def test_and_a_crowded_night_are_said_before_a_window_is_chosen(self, board: Board) -> None:
        for hour in range(3):
            a_change(
                board, items=("care",), starts_at=WINDOW + hour * LONG, ends_at=WINDOW + (hour + 1) * LONG
            )
        this = planned(0, [board.portal.pk], WINDOW, WINDOW + LONG)
        [crowded, away] = queries.advice(board.manager, this, council_ids=[board.elm.pk], service_away=True)
        assert "4 changes are made in the night of 3 December 2026" in crowded
        assert "No maintenance has been agreed for Resident portal" in away


MOMENTS = st.integers(0, 100).map(lambda hours: WINDOW + timedelta(hours=hours))
ITEMS = st.frozensets(st.integers(1, 5), max_size=3)


@st.composite
def plans(draw: st.DrawFn) -> Planned:
    start, length = draw(MOMENTS), draw(st.integers(1, 30))
    items = draw(ITEMS)
    return Planned(
        draw(st.integers(1, 99)), start, start + timedelta(hours=length), items, items | draw(ITEMS)
    )


class TestTheLawOfCollisions:
    @given(plans(), plans())
    def test_it_is_the_same_from_both_sides(self, one: Planned, other: Planned) -> None:
        assert rules.collision(one, other) == rules.collision(other, one)

    @given(plans(), plans())
    def test_there_is_one_only_where_some_hour_and_some_system_is_in_both(
        self, one: Planned, other: Planned
    ) -> None:
        hours = [WINDOW + timedelta(hours=number) for number in range(140)]
        both = any(_on(one, hour) and _on(other, hour) for hour in hours)
        shared = (one.items & other.below) | (other.items & one.below)
        assert bool(rules.collision(one, other)) == (both and bool(shared))

    @given(MOMENTS, st.integers(1, 80))
    def test_a_window_touches_exactly_the_nights_of_its_minutes(self, start: datetime, hours: int) -> None:
        end = start + timedelta(hours=hours)
        minutes: Sequence[datetime] = [start + timedelta(minutes=10 * number) for number in range(hours * 6)]
        wanted = {night for each in minutes if (night := rules.night_of(each)) is not None}
        assert rules.nights(start, end) == wanted


def _on(each: Planned, hour: datetime) -> bool:
    return each.starts_at <= hour < each.ends_at
