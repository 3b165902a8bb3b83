"""The change board: who sits, who may vote for a council, its meetings and how long it takes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.councils.models import Team
from moothall.messages.models import Message
from moothall.plain.errors import HouseError, Refused
from moothall.process.models import Vote
from moothall.servicedesk.actions import board as actions
from moothall.servicedesk.errors.changes import ChangeRefused, LookedAt, NotYourSeat
from moothall.servicedesk.models import AgendaItem, Change, Meeting
from moothall.servicedesk.queries import board as queries
from moothall.servicedesk.rules import board as rules
from moothall.servicedesk.rules.board import SeatHeld, Waiting
from tests.estate.estates import use
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_viewer
from tests.servicedesk.changing import LONG, NOW, Board, a_change, again, approved, cast, make_board, step
from tests.servicedesk.desked import KINDS

database = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SINCE = date(2026, 4, 1)
THURSDAY = NOW + timedelta(days=3)


@pytest.fixture
def board(everything: None) -> Board:
    del everything
    return make_board()


@pytest.fixture
def waiting(board: Board) -> Change:
    """A change of both councils that waits for the board."""
    return step(a_change(board), board.colleague, "peer", outcome="sound")


def a_meeting(board: Board, at: object = THURSDAY) -> Meeting:
    return actions.call_meeting(by=board.manager, at=at, place="Committee room 2", now=NOW)  # type: ignore[arg-type]


class TestVotingInASeat:
    pytestmark = database

    def test_each_council_that_is_touched_has_one_vote_and_all_of_them_are_needed(
        self, board: Board, waiting: Change
    ) -> None:
        assert cast(waiting, board.ash_seat).state == Change.State.BOARD
        assert cast(waiting, board.elm_seat).state == Change.State.APPROVED

    def test_two_of_three_do_not_decide_before_the_third_has_voted(self, board: Board) -> None:
        fir, manager = make_council(name="Fir"), board.staff["manager"]
        pact = make_agreement(councils=(board.ash, fir), kinds=KINDS)
        holder = make_staff(council=fir, roles=("ict-client",))
        make_grant(staff=holder, role="ict-client", council=board.ash, agreement=pact)
        make_grant(staff=manager, role="change-manager", council=fir, agreement=pact)
        team = Team.objects.get(function="cab")
        team.councils.add(fir)
        team.memberships.create(staff=holder)
        use(fir, board.portal, 50)
        actions.set_seat(
            by=make_viewer(manager),
            council_id=fir.pk,
            holder_id=holder.pk,
            deputy_id=None,
            since=SINCE,
            now=NOW,
        )
        change = step(a_change(board), board.colleague, "peer", outcome="sound")
        cast(change, board.ash_seat)
        assert cast(change, board.elm_seat).state == Change.State.BOARD
        assert cast(change, make_viewer(holder), "abstain").state == Change.State.APPROVED

    def test_one_vote_against_is_enough(self, board: Board, waiting: Change) -> None:
        cast(waiting, board.ash_seat)
        assert cast(waiting, board.elm_seat, "against", text="Elections.").state == Change.State.REJECTED

    def test_a_council_that_is_not_touched_has_no_vote(self, board: Board) -> None:
        change = step(a_change(board, items=("care",)), board.colleague, "peer", outcome="sound")
        with pytest.raises(HouseError):
            cast(change, board.elm_seat)

    def test_a_deputy_does_not_vote_while_the_holder_is_there(self, board: Board, waiting: Change) -> None:
        with pytest.raises(NotYourSeat, match="You are the deputy"):
            cast(waiting, board.elm_deputy)
        assert not Vote.objects.exists()

    def test_a_deputy_votes_while_the_holder_is_away_and_is_marked(
        self, board: Board, waiting: Change
    ) -> None:
        actions.holder_away(
            by=board.elm_seat,
            council_id=board.elm.pk,
            away_from=NOW.date(),
            away_until=NOW.date() + timedelta(days=7),
            now=NOW,
        )
        cast(waiting, board.elm_deputy)
        [vote] = queries.votes_of([waiting])[waiting.pk]
        assert (vote.council, vote.deputy, vote.choice) == ("Elm", True, "for")

    def test_a_deputy_votes_at_a_meeting_at_which_the_holder_is_not(
        self, board: Board, waiting: Change
    ) -> None:
        meeting = a_meeting(board)
        there = [board.staff["ash_seat"].pk, board.staff["elm_deputy"].pk]
        actions.mark_present(by=board.manager, meeting_id=meeting.pk, staff_ids=there, now=THURSDAY)
        cast(waiting, board.elm_deputy, now=THURSDAY)
        assert queries.votes_of([waiting])[waiting.pk][0].deputy

    def test_not_if_both_are_at_the_meeting(self, board: Board, waiting: Change) -> None:
        meeting = a_meeting(board)
        there = [board.staff["elm_seat"].pk, board.staff["elm_deputy"].pk]
        actions.mark_present(by=board.manager, meeting_id=meeting.pk, staff_ids=there, now=THURSDAY)
        with pytest.raises(NotYourSeat):
            cast(waiting, board.elm_deputy, now=THURSDAY)

    def test_an_emergency_is_voted_on_by_its_board_whoever_holds_a_seat(self, board: Board) -> None:
        change = a_change(board, kind="emergency", starts_at=NOW + LONG, ends_at=NOW + 2 * LONG)
        change = step(change, board.colleague, "peer", outcome="sound")
        assert queries.waiting_for_board(board.manager, (queries.EMERGENCY,)) == [change]
        with pytest.raises(HouseError):
            cast(change, board.ash_seat)
        cast(change, board.manager)
        assert cast(change, board.third).state == Change.State.APPROVED
        votes = queries.votes_of([change], queries.ON_PAGE)[change.pk]
        assert [(each.step, each.deputy) for each in votes] == [("ecab", False)] * 2
        assert queries.votes_of([change]) == {}
        assert queries.waiting_for_board(board.manager) == [change]

    def test_is_refused_where_nothing_is_voted_on(self, board: Board) -> None:
        with pytest.raises(LookedAt):
            cast(a_change(board), board.ash_seat)


class TestSeats:
    pytestmark = database

    def test_whoever_sat_before_did_until_the_day_before(self, board: Board) -> None:
        actions.set_seat(
            by=board.manager,
            council_id=board.elm.pk,
            holder_id=board.staff["elm_deputy"].pk,
            deputy_id=None,
            since=NOW.date(),
            now=NOW,
        )
        before, after = (queries.seats(NOW.date() - timedelta(days=days)) for days in (1, 0))
        assert before[board.elm.pk].holder == board.staff["elm_seat"]
        assert after[board.elm.pk].holder == board.staff["elm_deputy"]

    @pytest.mark.parametrize(
        ("holder", "deputy", "why"),
        [
            ("ash_seat", None, "of the council who is in the team"),
            ("stranger", None, "of the council who is in the team"),
            ("elm_seat", "elm_seat", "other than the holder"),
        ],
    )
    def test_refuses_whoever_could_not_vote_there(
        self, board: Board, holder: str, deputy: str | None, why: str
    ) -> None:
        with pytest.raises(ChangeRefused, match=why):
            actions.set_seat(
                by=board.manager,
                council_id=board.elm.pk,
                holder_id=board.staff[holder].pk,
                deputy_id=board.staff[deputy].pk if deputy else None,
                since=NOW.date(),
                now=NOW,
            )

    def test_are_given_by_whoever_holds_the_board(self, board: Board) -> None:
        with pytest.raises(Refused):
            actions.set_seat(
                by=board.elm_seat,
                council_id=board.elm.pk,
                holder_id=board.staff["elm_seat"].pk,
                deputy_id=None,
                since=NOW.date(),
                now=NOW,
            )


class TestMeetings:
    pytestmark = database

    def test_are_called_with_what_waits_the_riskiest_first(self, board: Board, waiting: Change) -> None:
        risky = a_change(
            board,
            rollback_tested=False,
            done_before=False,
            service_away=True,
            second_id=board.staff["third"].pk,
        )
        step(risky, board.colleague, "peer", outcome="sound")
        meeting = a_meeting(board)
        assert [each.change for each in queries.agenda(board.manager, meeting)] == [risky, waiting]

    def test_every_seat_is_written_to_with_what_touches_its_council(
        self, board: Board, waiting: Change
    ) -> None:
        a_meeting(board)
        letters = Message.objects.filter(subject__startswith="The change board meets")
        assert {each.to for each in letters} == {
            board.staff[name].user.email for name in ("ash_seat", "elm_seat", "elm_deputy")
        }
        assert all(waiting.call.reference in each.body for each in letters)

    def test_what_comes_later_is_added_and_what_is_on_it_stays_once(
        self, board: Board, waiting: Change
    ) -> None:
        meeting = a_meeting(board)
        later = step(a_change(board), board.colleague, "peer", outcome="sound")
        assert [actions.fill_agenda(by=board.manager, meeting_id=meeting.pk, now=NOW) for _ in range(2)] == [
            1,
            0,
        ]
        assert [each.change for each in queries.agenda(board.manager, meeting)] == [waiting, later]
        actions.take_off(by=board.manager, meeting_id=meeting.pk, change_id=later.pk, now=NOW)
        assert AgendaItem.objects.filter(meeting=meeting).count() == 1

    def test_are_closed_with_minutes_once(self, board: Board, waiting: Change) -> None:
        meeting = a_meeting(board)
        item = actions.note_item(
            by=board.manager, meeting_id=meeting.pk, change_id=waiting.pk, note="Ask Elm.", now=THURSDAY
        )
        assert item.note == "Ask Elm."
        with pytest.raises(ChangeRefused, match="not begun"):
            actions.hold_meeting(by=board.manager, meeting_id=meeting.pk, minutes="All there.", now=NOW)
        held = actions.hold_meeting(
            by=board.manager, meeting_id=meeting.pk, minutes="All there.", now=THURSDAY + LONG
        )
        assert held.state == Meeting.State.HELD
        with pytest.raises(LookedAt):
            actions.cancel_meeting(by=board.manager, meeting_id=meeting.pk, now=THURSDAY + LONG)

    def test_are_not_called_for_a_time_that_is_past_or_by_anybody(self, board: Board) -> None:
        with pytest.raises(ChangeRefused, match="still to come"):
            a_meeting(board, NOW - LONG)
        with pytest.raises(Refused):
            actions.call_meeting(by=board.elm_seat, at=THURSDAY, place="", now=NOW)


class TestLeadTime:
    pytestmark = database

    def test_is_from_raised_to_decided(self, board: Board) -> None:
        change = approved(board)
        assert again(change).decided_at == NOW
        found = queries.lead_time(board.manager, NOW + LONG)
        assert (found.number, found.median) == (1, 0)


class TestTheLawOfTheBoard:
    SEATS = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)

    @given(st.sets(st.integers(1, 8)), SEATS, st.sets(st.integers(1, 40)))
    def test_whose_council_is_touched_sits_or_is_missed_and_nobody_else(
        self, touched: set[int], councils: list[int], present: set[int]
    ) -> None:
        seats = [SeatHeld(each, each * 10, each * 10 + 1) for each in councils]
        found, missing = rules.must_sit(touched, seats)
        assert {each.council_id for each in found} | set(missing) == touched
        assert not {each.council_id for each in found} & set(missing)
        alone = all({each.holder_id, each.deputy_id} & present for each in found)
        assert rules.has_quorum(found, present) == alone

    @given(
        st.integers(1, 4),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.one_of(st.none(), st.sets(st.integers(1, 4))),
    )
    def test_holder_and_deputy_never_may_both_vote_as_the_only_ones_there(
        self, who: int, on: date, present: set[int] | None
    ) -> None:
        held = SeatHeld(1, 1, 2, date(2026, 6, 1), date(2026, 6, 30))
        may = not rules.why_not(who, held, on, present)
        assert may == (
            who == 1
            or (who == 2 and (held.is_away(on) or (2 in (present or ()) and 1 not in (present or ()))))
        )

    @given(st.lists(st.tuples(st.integers(1, 16), st.integers(1, 4)), max_size=12))
    def test_an_agenda_has_every_change_once_the_riskiest_first(self, risks: list[tuple[int, int]]) -> None:
        waiting = [Waiting(number, product, risk, NOW) for number, (product, risk) in enumerate(risks)]
        order = rules.agenda_of(waiting)
        assert sorted(order) == list(range(len(risks)))
        products = [risks[number][0] for number in order]
        assert products == sorted(products, reverse=True)
