"""Votes: who has a seat, how it is counted, and when it is decided."""

from itertools import product

import pytest
from django.db import IntegrityError, transaction

from moothall.councils.models import Membership
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions, queries, store
from moothall.process.actions import keeping
from moothall.process.actions import voting as cast_action
from moothall.process.definition import Definition, Outcome, Step, Vote
from moothall.process.engine import steps, voting
from moothall.process.engine.state import CaseState, Cast, StepRun, Voter
from moothall.process.errors import CaseChanged, ChooseAVote, NotYet, SayWhy, StepNotOpen, VoteRefused
from moothall.process.models import Event
from moothall.process.models import Vote as VoteRow
from tests.makers import make_council, make_staff, make_team, make_viewer
from tests.process.in_memory import (
    ANN,
    BOB,
    CAT,
    DAN,
    EVE,
    around,
    begun,
    do,
    kinds,
    last,
    made,
    open_keys,
    voter,
)
from tests.process.making import MONDAY, Place, make_place, publish_repair

CHANGE = """
process: change
title: Change
owner: desk
start: [desk]
fields:
  what: {ask: What will change?, type: text}
steps:
  raise: {title: Raise, by: desk, ask: [what]}
  board:
    title: Decide
    show: [what]
    vote: {of: board, pass: 2, not: [raise.by]}
    outcomes: {approved: {title: Approved}, rejected: {title: Rejected, end: rejected, need_text: Why not?}}
  do_it: {title: Do it, by: desk, outcomes: {works: {title: It works, end: done}}}
"""
BOARD = (voter(BOB), voter(CAT), voter(DAN), voter(EVE))


@pytest.fixture(scope="module")
def change() -> Definition:
    return made(CHANGE)


@pytest.fixture
def case(change: Definition) -> CaseState:
    case = begun(change)
    do(case, "raise", what="The lift")
    return case


def vote(
    case: CaseState, who: object, choice: str = "for", text: str = "", board: object = BOARD
) -> voting.Standing:
    place = around(who, voters=board)  # type: ignore[arg-type]
    return voting.cast(case, place, step="board", choice=choice, text=text)


class TestAVote:
    def test_passes_with_the_votes_it_needs_at_once(self, case: CaseState) -> None:
        assert vote(case, BOB).decided == ""
        assert open_keys(case) == ["board"]
        assert vote(case, CAT).decided == "for"
        assert (case.steps["board"].outcome, open_keys(case)) == ("approved", ["do_it"])

    def test_fails_as_soon_as_the_rest_cannot_make_it_up(self, case: CaseState) -> None:
        for who in (BOB, CAT):
            vote(case, who, "against", "Too risky.")
        vote(case, DAN, "abstain")
        assert (case.status, case.ending) == ("closed", "rejected")
        assert last(case, "done").body["tally"] == {"for": 0, "against": 2, "abstain": 1}

    def test_is_in_the_history_with_seat_and_words(self, case: CaseState) -> None:
        vote(case, BOB, "against", "Too risky.")
        assert last(case, "voted").body == {"choice": "against", "seat": "user:2", "text": "Too risky."}

    def test_is_nobodys_own_work_in_the_end(self, case: CaseState) -> None:
        vote(case, BOB)
        vote(case, CAT)
        assert case.steps["board"].person_id is None
        assert case.steps["do_it"].person_id is None

    def test_may_be_changed_until_it_is_decided_by_the_same_person(self, case: CaseState) -> None:
        vote(case, BOB, "against", "Not yet.")
        vote(case, BOB, "for")
        assert [(each.choice, each.text) for each in case.steps["board"].votes] == [("for", "")]
        vote(case, CAT)
        with pytest.raises(StepNotOpen):
            vote(case, BOB, "against", "After all.")

    def test_against_needs_words_where_the_outcome_asks_for_them(self, case: CaseState) -> None:
        with pytest.raises(SayWhy, match="Why not"):
            vote(case, BOB, "against", "  ")
        assert kinds(case, "voted") == []
        assert case.steps["board"].votes == []

    def test_knows_three_choices(self, case: CaseState) -> None:
        with pytest.raises(ChooseAVote):
            vote(case, BOB, "perhaps")

    def test_is_not_for_whoever_is_no_member(self, case: CaseState) -> None:
        with pytest.raises(VoteRefused, match="Only members of board"):
            vote(case, EVE, board=BOARD[:3])

    def test_is_not_for_whoever_did_what_is_voted_on(self, case: CaseState) -> None:
        with pytest.raises(VoteRefused, match="You did “Raise”"):
            vote(case, ANN, board=(*BOARD, voter(ANN)))

    def test_does_not_count_the_seats_of_those(self, case: CaseState) -> None:
        assert vote(case, BOB, board=(*BOARD, voter(ANN))).seats == 4

    def test_cannot_be_decided_by_one_person_as_other_steps_are(self, case: CaseState) -> None:
        with pytest.raises(NotYet, match="decided by a vote"):
            steps.complete(case, around(BOB), step="board", given={}, outcome="approved")

    def test_is_refused_where_nothing_is_voted_on(self, case: CaseState) -> None:
        vote(case, BOB)
        vote(case, CAT)
        with pytest.raises(NotYet, match="not decided by a vote"):
            voting.cast(case, around(BOB, voters=BOARD), step="do_it", choice="for")

    def test_begins_anew_when_the_step_is_done_again(self) -> None:
        case = begun(made(CHANGE.replace("end: rejected, need_text: Why not?", "back: raise")))
        do(case, "raise", what="The lift")
        for who in (BOB, CAT, DAN):
            vote(case, who, "against")
        do(case, "raise", what="The lift, at night")
        assert (case.steps["board"].run, case.steps["board"].votes) == (2, [])
        assert vote(case, BOB).for_ == 1


class TestASeatForEachCouncil:
    SOURCE = CHANGE.replace("not: [raise.by]", "one per: council, quorum: 3, veto: any")
    BOARD = (voter(BOB, 1), voter(CAT, 1), voter(DAN, 2), voter(EVE, 3))

    @pytest.fixture
    def case(self) -> CaseState:
        case = begun(made(self.SOURCE))
        do(case, "raise", what="The lift")
        return case

    def test_is_taken_by_whoever_votes_first(self, case: CaseState) -> None:
        stands = vote(case, BOB, board=self.BOARD)
        assert (stands.seats, case.steps["board"].votes[0].seat) == (3, "council:1")
        with pytest.raises(VoteRefused, match="each council has one vote"):
            vote(case, CAT, board=self.BOARD)

    def test_waits_for_the_quorum_though_the_votes_are_there(self, case: CaseState) -> None:
        vote(case, BOB, board=self.BOARD)
        assert vote(case, DAN, board=self.BOARD).decided == ""
        assert vote(case, EVE, "abstain", board=self.BOARD).decided == "for"

    def test_is_vetoed_by_one(self, case: CaseState) -> None:
        vote(case, BOB, board=self.BOARD)
        assert vote(case, DAN, "against", "Never.", board=self.BOARD).decided == "against"

    @pytest.mark.parametrize(
        ("cast", "decided"),
        [("ff", ""), ("fff", "for"), ("ff-", "for"), ("f--", "against"), ("--", "against")],
    )
    def test_with_a_quorum_of_all_waits_for_every_seat_but_not_for_what_cannot_pass(
        self, cast: str, decided: str
    ) -> None:
        assert stands("majority", cast, 3, "all").decided == decided

    def test_cannot_be_decided_where_seats_are_empty_and_says_so(self, case: CaseState) -> None:
        stands = vote(case, BOB, board=self.BOARD[:2])
        assert (stands.decided, stands.why_not) == ("", "Only one can vote on this, and it takes 3.")


def stands(
    needed: int | str, cast: str, seats: int, quorum: int | str = 0, veto: tuple[str, ...] = ()
) -> voting.Standing:
    """Return how a vote stands: `cast` has a letter for each vote, for, against or abstained (`-`)."""
    words = {"f": "for", "a": "against", "-": "abstain"}
    ways = {key: Outcome(key=key, title=key) for key in ("yes", "no")}
    step = Step(
        key="s",
        title="S",
        by=("board",),
        outcomes=ways,
        vote=Vote(of=("board",), needed=needed, quorum=quorum, veto=veto),
    )
    run = StepRun("s", 1, "open", MONDAY)
    run.votes = [
        Cast(f"user:{number}", number, f"user:{number}", words[each], MONDAY)  # type: ignore[arg-type]
        for number, each in enumerate(cast)
    ]
    people = [
        Voter(number, f"user:{number}", 1, frozenset({"security" if number == 0 else "board"}))
        for number in range(seats)
    ]
    return voting.standing(step, run, people)


class TestCounting:
    @pytest.mark.parametrize(
        ("needed", "cast", "seats", "decided"),
        [
            ("majority", "ff", 3, "for"),
            ("majority", "ff", 4, ""),
            ("majority", "aa", 4, "against"),
            ("all", "ff", 3, ""),
            ("all", "fff", 3, "for"),
            ("all", "-", 3, "against"),
            (1, "-a", 3, ""),
            (1, "-aa", 3, "against"),
        ],
    )
    def test_knows_majorities_and_all(self, needed: int | str, cast: str, seats: int, decided: str) -> None:
        assert stands(needed, cast, seats).decided == decided

    def test_lets_only_the_teams_named_veto(self) -> None:
        assert stands(2, "a", 5, veto=("security",)).decided == "against"
        assert stands(2, "fa", 5, veto=("security",)).decided == ""

    def test_keeps_the_vote_of_whoever_has_left_since(self) -> None:
        found = stands(2, "ff", 1)
        assert (found.seats, found.decided) == (2, "for")

    def test_agrees_with_counting_out_every_way_the_rest_may_vote(self) -> None:
        """Against means that no way of voting on passes it; not decided, that one still does."""
        for needed, seats, quorum in product((1, 2, 3), (1, 2, 3, 4), (0, 2, 4)):
            for count in range(seats + 1):
                for cast in map("".join, product("fa-", repeat=count)):
                    self._agrees(needed, cast, seats, quorum)

    def _agrees(self, needed: int, cast: str, seats: int, quorum: int) -> None:
        found = stands(needed, cast, seats, quorum)
        if seats < max(needed, quorum):
            assert (found.decided, bool(found.why_not)) == ("", True)
            return
        passed = cast.count("f") >= needed and len(cast) >= quorum
        ways = [cast + "".join(rest) for rest in product("fa-", repeat=seats - len(cast))]
        can_pass = any(way.count("f") >= needed for way in ways)
        assert found.decided == ("for" if passed else "" if can_pass else "against"), (
            needed,
            cast,
            seats,
            quorum,
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestOverTheDatabase:
    @pytest.fixture
    def place(self) -> Place:
        publish_repair(CHANGE)
        return make_place()

    @pytest.fixture
    def members(self, place: Place) -> list[Viewer]:
        staff = [make_staff(council=place.council, roles=("officer",)) for _ in range(3)]
        make_team(council=place.council, function="board", name="The board", members=tuple(staff))
        return [make_viewer(each) for each in staff]

    def start(self, place: Place) -> CaseState:
        case = actions.start_case(by=place.officer, council=place.council, process="change", now=MONDAY)
        return actions.act(
            by=place.officer,
            case_id=case.id,
            step="raise",
            expected=case.seq,
            now=MONDAY,
            answers={"what": "The lift"},
        )

    def cast(
        self, by: Viewer, case: CaseState, choice: str = "for", text: str = "", seq: int | None = None
    ) -> CaseState:
        return actions.cast(
            by=by,
            case_id=case.id,
            step="board",
            expected=seq or case.seq,
            choice=choice,
            text=text,
            now=MONDAY,
        )

    def test_keeps_votes_and_decides(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        after = self.cast(members[0], case)
        again = store.load(case.id)
        assert again is not None
        assert [(each.choice, each.by, each.id is not None) for each in again.steps["board"].votes] == [
            ("for", f"user:{members[0].actor.user_id}", True)
        ]
        after = self.cast(members[1], after)
        assert after.steps["board"].outcome == "approved"
        assert VoteRow.objects.filter(step__case_id=case.id).count() == 2

    def test_changes_the_row_of_a_vote_that_is_changed(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        case = self.cast(members[0], case, "against", "No.")
        self.cast(members[0], case)
        row = VoteRow.objects.get(step__case_id=case.id)
        assert (row.choice, row.text) == ("for", "")

    def test_is_not_stale_because_others_have_voted(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        self.cast(members[0], case, "abstain")
        after = self.cast(members[1], case)
        assert len(after.steps["board"].votes) == 2

    def test_is_stale_because_somebody_decided_something(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        actions.pass_on(
            by=place.supervisor,
            case_id=case.id,
            step="board",
            expected=None,
            now=MONDAY,
            team_id=place.desk.pk,
            why="Ours.",
        )
        with pytest.raises(CaseChanged):
            self.cast(members[1], case)

    def test_is_tried_again_when_another_vote_came_first(
        self, place: Place, members: list[Viewer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = self.start(place)
        stale = [store.load(case.id)]
        self.cast(members[0], case, "abstain")
        found = keeping.found
        monkeypatch.setattr(
            cast_action, "found", lambda *given, **more: stale.pop() if stale else found(*given, **more)
        )
        after = self.cast(members[1], case)
        assert not stale
        assert len(after.steps["board"].votes) == 2
        assert list(
            Event.objects.filter(case_id=case.id, kind="voted").values_list("actor_user", flat=True)
        ) == [
            members[0].actor.user_id,
            members[1].actor.user_id,
        ]

    def test_is_held_by_the_database_too(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        case = self.cast(members[0], case)
        again = store.load(case.id)
        assert again is not None
        run = again.steps["board"]
        run.votes.append(Cast(run.votes[0].seat, members[1].staff_id or 0, "user:0", "for", MONDAY))
        with pytest.raises(VoteRefused, match="seat"), transaction.atomic():
            store.save(again, around(ANN))
        run.votes[-1] = Cast("user:0", members[0].staff_id or 0, "user:0", "for", MONDAY)
        with pytest.raises((VoteRefused, IntegrityError)), transaction.atomic():
            store.save(again, around(ANN))
        assert VoteRow.objects.filter(step__case_id=case.id).count() == 1

    def test_is_not_for_whoever_has_left_the_team(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        Membership.objects.filter(team__function="board").delete()
        with pytest.raises(HouseError):
            self.cast(members[0], case)

    def test_is_not_for_whoever_acts_only_elsewhere(self, place: Place, members: list[Viewer]) -> None:
        case = self.start(place)
        stranger = make_viewer(make_staff(council=make_council(), roles=("officer",)))
        with pytest.raises(HouseError):
            self.cast(stranger, case)

    def test_asks_nothing_more_of_cases_without_votes(
        self, place: Place, django_assert_num_queries: object
    ) -> None:
        case = self.start(place)
        counted = django_assert_num_queries
        with counted(3):  # type: ignore[operator]
            store.load(case.id)
        again = actions.start_case(by=place.officer, council=place.council, process="change", now=MONDAY)
        with counted(2):  # type: ignore[operator]
            store.load(again.id)

    def test_names_the_councils_that_voters_work_for(self, place: Place, members: list[Viewer]) -> None:
        found = queries.voters(place.council.pk, ("board",), MONDAY)
        assert {each.by for each in found} == {f"user:{member.actor.user_id}" for member in members}
        assert {each.council_id for each in found} == {place.council.pk}
