"""Changes: raised, judged by what they touch, approved by the councils they touch, made, verified and reviewed."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError, NotFound, Refused
from moothall.process import actions as process
from moothall.process.actions.keeping import around
from moothall.process.engine.choosing import unmet
from moothall.process.errors import NotYet, NotYourStep
from moothall.process.models import Clock, Step
from moothall.servicedesk import hooks
from moothall.servicedesk.actions.changes import raise_change
from moothall.servicedesk.errors.changes import AlreadyMade, ChangeRefused, NoSuchChange
from moothall.servicedesk.models import Change, ChangeItem
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.queries import changes as queries
from moothall.servicedesk.queries.changes.colliding import planned
from tests.servicedesk.changing import (
    ASKED,
    LONG,
    NOW,
    WINDOW,
    Board,
    a_change,
    again,
    approved,
    case_of,
    cast,
    make_board,
    opened,
    step,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
LOOKED_BACK = {
    "objectives": False,
    "backout_used": "worked",
    "findings": "The plan was wrong.",
    "lessons": "Try the way back before.",
}
RISKY: dict[str, Any] = {"rollback_tested": False, "done_before": False, "service_away": True}


@pytest.fixture
def board(everything: None) -> Board:
    del everything
    return make_board()


def made_already(board: Board) -> Change:
    """Return an emergency that was made before anybody approved it, and whose plan a colleague found sound."""
    change = a_change(
        board, kind="emergency", retrospective=True, starts_at=NOW - 2 * LONG, ends_at=NOW - LONG
    )
    return step(change, board.colleague, "peer", outcome="sound")


def undone(board: Board) -> Change:
    """Return a change that was made and undone."""
    change = opened(approved(board, items=("portal",)))
    return step(change, board.author, "make", answers={"result": "No."}, outcome="backed-out", now=WINDOW)


def open_steps(change: Change) -> set[str]:
    rows = Step.objects.filter(case_id=change.call.case_id, state="open", current=True)
    return set(rows.values_list("key", flat=True))


class TestRaisingAChange:
    def test_works_out_impact_risk_and_who_must_vote_from_the_systems(self, board: Board) -> None:
        change = a_change(board, **RISKY)
        assert (change.impact, change.risk, change.complex) == (3, 3, True)
        data = case_of(change).data
        assert data["councils"] == sorted([board.ash.code, board.elm.code])
        assert "1,300 people use what it touches." in data["because"]
        assert change.call.kind == Kind.CHANGE

    def test_that_touches_one_council_needs_only_that_ones_vote(self, board: Board) -> None:
        change = a_change(board, items=("care",))
        assert case_of(change).data["councils"] == [board.ash.code]
        step(change, board.colleague, "peer", outcome="sound")
        assert cast(change, board.ash_seat).state == Change.State.APPROVED

    def test_keeps_which_systems_it_touches_and_is_about_the_most_critical(self, board: Board) -> None:
        change = a_change(board, items=("portal", "care"))
        assert set(ChangeItem.objects.filter(change=change).values_list("item__code", flat=True)) == {
            "portal",
            "care",
        }
        assert change.call.item == board.care

    def test_sent_twice_is_raised_once(self, board: Board) -> None:
        for _ in range(2):
            raise_change(by=board.author, council=board.ash, asked=ASKED, now=NOW, submission="the same one")
        assert Change.objects.count() == 1

    @pytest.mark.parametrize(
        ("asked", "why"),
        [
            ({"items": ("nothing",)}, "There is no system “nothing”"),
            ({"ends_at": WINDOW - LONG}, "must close after it opens"),
            ({"starts_at": NOW - LONG, "kind": "emergency"}, "must be still to come"),
            ({"starts_at": NOW + LONG}, "at least 5 days before"),
            ({"kind": "standard", "done_before": False}, "Only what has been done before"),
        ],
    )
    def test_refuses_what_cannot_be_and_says_why(self, board: Board, asked: dict[str, Any], why: str) -> None:
        with pytest.raises(ChangeRefused, match=why):
            a_change(board, **asked)
        assert not Change.objects.exists()

    def test_goes_where_its_process_says_whatever_the_rules_of_the_desk_are(
        self, board: Board, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            hooks, "routes", [lambda _call, _now: hooks.Route(board.resolvers.pk, None, "a rule")]
        )
        assert a_change(board, kind="standard").state == Change.State.APPROVED

    def test_is_for_those_who_may(self, board: Board) -> None:
        with pytest.raises((Refused, NotFound)):
            a_change(board, by=board.ash_seat)


class TestFourEyes:
    def test_its_author_checks_no_plan_of_their_own(self, board: Board) -> None:
        with pytest.raises(NotYet, match="other than the author"):
            step(a_change(board), board.author, "peer", outcome="sound")

    def test_a_complex_one_is_not_sound_before_a_second_resource_is_named(self, board: Board) -> None:
        with pytest.raises(NotYet, match="second technical resource"):
            step(a_change(board, **RISKY), board.colleague, "peer", outcome="sound")
        second = a_change(board, second_id=board.staff["third"].pk, **RISKY)
        assert step(second, board.colleague, "peer", outcome="sound").state == Change.State.BOARD
        assert again(second).second == board.staff["third"]

    def test_the_second_resource_attends_before_somebody_else_makes_it(self, board: Board) -> None:
        change = opened(approved(board, second_id=board.staff["third"].pk, **RISKY))
        assert open_steps(change) == {"attend"}
        change = step(change, board.third, "attend", outcome="attending", now=WINDOW)
        made: dict[str, Any] = {"answers": {"result": "Done."}, "outcome": "made", "now": WINDOW + LONG}
        with pytest.raises(NotYet, match="other than the one who attends"):
            step(change, board.third, "make", **made)
        assert step(change, board.author, "make", **made).state == Change.State.IMPLEMENTED

    def test_who_made_it_does_not_verify_it(self, board: Board) -> None:
        change = opened(approved(board))
        change = step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        with pytest.raises(NotYet, match="other than the one who made the change"):
            step(change, board.author, "verify", answers={"objectives": True}, outcome="works", now=WINDOW)

    def test_verifying_stays_with_the_team_and_not_with_who_made_it(self, board: Board) -> None:
        change = opened(approved(board))
        change = step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        verify = case_of(change).steps["verify"]
        assert (verify.team_id, verify.person_id) == (board.resolvers.pk, None)

    def test_checking_the_plan_stays_with_the_team_and_not_with_its_author(self, board: Board) -> None:
        assert case_of(a_change(board)).steps["peer"].person_id is None

    def test_the_second_resource_verifies_a_complex_one_and_nobody_else(self, board: Board) -> None:
        third = board.staff["third"]
        change = opened(approved(board, second_id=third.pk, **RISKY))
        change = step(change, board.third, "attend", outcome="attending", now=WINDOW)
        assert case_of(change).steps["make"].person_id is None
        change = step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        assert case_of(change).steps["verify"].person_id == third.pk
        works: dict[str, Any] = {"answers": {"objectives": True}, "outcome": "works", "now": WINDOW}
        with pytest.raises(NotYourStep):
            step(change, board.colleague, "verify", **works)
        assert step(change, board.third, "verify", **works).objectives_met is True

    def test_a_second_resource_who_made_it_after_all_leaves_it_to_the_team(self, board: Board) -> None:
        change = opened(approved(board, second_id=board.staff["third"].pk))
        change = step(change, board.third, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        assert case_of(change).steps["verify"].person_id is None

    def test_the_author_of_one_that_was_made_already_does_not_verify_it(self, board: Board) -> None:
        change = made_already(board)
        with pytest.raises(NotYet, match="other than its author"):
            step(change, board.author, "verify", answers={"objectives": True}, outcome="works")

    def test_its_author_and_who_checked_it_do_not_vote(self, board: Board) -> None:
        change = step(a_change(board), board.colleague, "peer", outcome="sound")
        for by in (board.author, board.colleague):
            with pytest.raises(HouseError):
                cast(change, by)


class TestTheLifeOfAChange:
    def test_a_simple_one_ends_when_it_is_verified(self, board: Board) -> None:
        change = a_change(board, items=("portal",))
        assert change.state == Change.State.RAISED
        change = step(change, board.colleague, "peer", outcome="sound")
        assert change.state == Change.State.BOARD
        cast(change, board.ash_seat)
        change = cast(change, board.elm_seat, now=NOW + LONG)
        assert (change.state, change.decided_at) == (Change.State.APPROVED, NOW + LONG)
        change = opened(change)
        assert (change.state, change.began_at) == (Change.State.MAKING, WINDOW)
        after = WINDOW + LONG
        change = step(change, board.author, "make", answers={"result": "Patched."}, outcome="made", now=after)
        assert (change.state, change.finished_at) == (Change.State.IMPLEMENTED, after)
        change = step(
            change, board.colleague, "verify", answers={"objectives": True}, outcome="works", now=after
        )
        assert (change.state, change.objectives_met, change.call.state) == ("implemented", True, "closed")

    @pytest.mark.parametrize(
        ("made", "state"), [("backed-out", Change.State.BACKED_OUT), ("failed", Change.State.FAILED)]
    )
    def test_one_that_goes_wrong_is_reviewed_before_it_is_closed(
        self, board: Board, made: str, state: str
    ) -> None:
        change = opened(approved(board, items=("portal",)))
        change = step(change, board.author, "make", answers={"result": "No."}, outcome=made, now=WINDOW)
        assert open_steps(change) == {"review"}
        clock = Clock.objects.get(case_id=change.call.case_id, key="review")
        assert clock.within == "10 working days"
        change = step(
            change,
            board.manager,
            "review",
            answers=LOOKED_BACK,
            outcome=made,
            now=WINDOW,
        )
        assert (change.state, change.objectives_met, change.review) == (state, False, "The plan was wrong.")
        assert case_of(change).status == "closed"

    def test_a_risky_one_is_reviewed_also_when_it_works(self, board: Board) -> None:
        change = opened(approved(board, second_id=board.staff["third"].pk, **RISKY))
        step(change, board.third, "attend", outcome="attending", now=WINDOW)
        step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        step(change, board.third, "verify", answers={"objectives": True}, outcome="works", now=WINDOW)
        assert open_steps(change) == {"review"}

    @pytest.mark.parametrize(
        ("left_out", "outcome", "why"),
        [
            ({"backout_used": "not-used"}, "backed-out", "Say whether the way back worked"),
            ({"lessons": ""}, "backed-out", "what will be done otherwise next time"),
            ({}, "implemented", "must not be"),
        ],
    )
    def test_one_that_was_undone_is_not_closed_without_its_way_back_and_lessons(
        self, board: Board, left_out: dict[str, str], outcome: str, why: str
    ) -> None:
        change = undone(board)
        with pytest.raises(NotYet, match=why):
            step(change, board.manager, "review", answers=LOOKED_BACK | left_out, outcome=outcome, now=WINDOW)
        assert open_steps(change) == {"review"}

    def test_one_that_works_is_asked_for_no_lessons(self, board: Board) -> None:
        change = opened(approved(board, items=("portal",)))
        step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        step(change, board.third, "verify", answers={"objectives": False}, outcome="partly", now=WINDOW)
        answers: dict[str, Any] = {"objectives": True, "findings": "It works now."}
        case = case_of(change)
        place = around(board.manager, case.council_id, WINDOW)
        assert unmet(case, case.definition.steps["review"], case.data, place) == []
        answers |= {"backout_used": "not-used"}
        change = step(change, board.manager, "review", answers=answers, outcome="implemented", now=WINDOW)
        assert change.state == Change.State.IMPLEMENTED

    def test_one_whose_way_back_was_used_later_is_no_success(self, board: Board) -> None:
        change = opened(approved(board, items=("portal",)))
        step(change, board.author, "make", answers={"result": "x"}, outcome="made", now=WINDOW)
        step(change, board.third, "verify", answers={"objectives": False}, outcome="partly", now=WINDOW)
        with pytest.raises(NotYet):
            step(change, board.manager, "review", answers=LOOKED_BACK, outcome="implemented", now=WINDOW)
        change = step(change, board.manager, "review", answers=LOOKED_BACK, outcome="backed-out", now=WINDOW)
        assert change.state == Change.State.BACKED_OUT

    @pytest.mark.parametrize("ending", ["withdrawn", "duplicate", "made-in-error"])
    def test_one_that_was_undone_is_not_closed_by_hand(self, board: Board, ending: str) -> None:
        change = undone(board)
        with pytest.raises(AlreadyMade):
            process.end_case(
                by=Viewer.system(), case_id=change.call.case_id, ending=ending, expected=None, now=WINDOW, text="x"
            )  # fmt: skip
        assert (again(change).state, case_of(change).status) == (Change.State.BACKED_OUT, "open")

    def test_a_standard_one_needs_nobody(self, board: Board) -> None:
        change = a_change(board, kind="standard", starts_at=NOW + LONG, ends_at=NOW + 2 * LONG)
        assert (change.state, change.decided_at) == (Change.State.APPROVED, NOW)

    def test_an_emergency_is_approved_by_two_and_afterwards_by_the_board_within_48_hours(
        self, board: Board
    ) -> None:
        change = a_change(board, kind="emergency", starts_at=NOW + LONG, ends_at=NOW + 2 * LONG)
        step(change, board.colleague, "peer", outcome="sound")
        for by in (board.manager, board.third):
            cast_in(change, by)
        assert again(change).state == Change.State.APPROVED
        assert "afterwards" in open_steps(change)
        clock = Clock.objects.get(case_id=change.call.case_id, key="afterwards")
        assert clock.due_at == NOW + timedelta(hours=48)
        cast(change, board.ash_seat)
        cast(change, board.elm_seat)
        assert "afterwards" not in open_steps(change)
        assert again(change).state == Change.State.APPROVED

    def test_one_that_was_made_already_waits_for_the_board_and_a_review(self, board: Board) -> None:
        change = made_already(board)
        assert (change.state, change.finished_at) == (Change.State.IMPLEMENTED, NOW - LONG)
        assert {"afterwards", "verify"} <= open_steps(change)

    def test_one_that_is_sent_back_is_being_prepared_again(self, board: Board) -> None:
        change = step(a_change(board), board.colleague, "peer", outcome="rework", text="More detail.")
        assert (change.state, open_steps(change)) == (Change.State.RAISED, {"raise"})

    def test_one_that_is_withdrawn_says_so(self, board: Board) -> None:
        change = a_change(board)
        process.end_case(
            by=board.manager,
            case_id=change.call.case_id,
            ending="withdrawn",
            expected=None,
            now=NOW,
            text="Not needed.",
        )
        assert again(change).state == Change.State.WITHDRAWN

    def test_a_rejected_one_says_when(self, board: Board) -> None:
        change = step(a_change(board), board.colleague, "peer", outcome="sound")
        change = cast(change, board.elm_seat, "against", text="Not in that week.")
        assert (change.state, change.decided_at, change.call.ended) == ("rejected", NOW, "cancelled")


def cast_in(change: Change, by: object) -> None:
    process.cast(
        by=by,  # type: ignore[arg-type] # a viewer
        case_id=change.call.case_id,
        step="ecab",
        expected=None,
        choice="for",
        now=NOW,
    )


class TestWhatItRunsInto:
    def test_is_said_with_its_day_once_where_it_ends_the_same_day(self, board: Board) -> None:
        a_change(board, items=("portal",), what="Patch the portal")
        [said] = [
            each.words
            for each in queries.change_file(board.author, a_change(board).call.reference, NOW).collisions
        ]
        assert said == "Patch the portal (3 Dec 2026, 9pm to 11pm) touches Virtual servers as well."


class TestWhoSeesAChange:
    def test_not_somebody_without_the_permission_at_its_council(self, board: Board) -> None:
        reference = a_change(board).call.reference
        with scope.only([board.elm.pk]), pytest.raises(NoSuchChange):
            queries.change_seen(board.stranger, reference)

    def test_the_list_and_the_month_have_it(self, board: Board) -> None:
        change = a_change(board)
        assert queries.changes_page(board.elm_seat).rows == [change]
        month = queries.month_page(board.elm_seat, WINDOW.date())
        [day] = month.days
        assert (day.day, day.changes) == (WINDOW.date(), [change])

    def test_its_file_has_what_it_touches(self, board: Board) -> None:
        file = queries.change_file(board.elm_seat, a_change(board).call.reference, NOW)
        assert [each.code for each in file.items] == ["vm-cluster"]
        assert set(file.councils) == {board.ash, board.elm}
        assert set(file.open_steps) == {"peer"}


class TestWhatItAsksTheDatabase:
    @pytest.mark.parametrize("number", [1, 3])
    def test_the_calendar_and_the_list_ask_the_same_however_many_changes_there_are(
        self, board: Board, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(number):
            a_change(board)
        with django_assert_num_queries(3):
            queries.month_page(board.manager, WINDOW.date())
        with django_assert_num_queries(1):
            queries.changes_page(board.manager)
        with django_assert_num_queries(5):
            queries.collisions(board.manager, planned(0, [board.portal.pk], WINDOW, WINDOW + LONG))
