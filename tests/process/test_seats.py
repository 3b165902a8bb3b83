"""Votes whose seats follow from the case: exactly the councils that it concerns, and all of them have to be there."""

from dataclasses import replace
from typing import Any

import pytest

from moothall.councils.rules import Viewer
from moothall.process import actions, store
from moothall.process.definition import Definition
from moothall.process.engine import voting
from moothall.process.engine.state import Around, CaseState, StepRun, Voter
from moothall.process.errors import VoteRefused
from moothall.process.language import read
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team, make_viewer
from tests.process.in_memory import ANN, BOB, CAT, DAN, around, begun, do, made
from tests.process.making import MONDAY, publish_repair

CHANGE = """
process: change
title: Change
owner: desk
start: [desk]
fields:
  touched: {ask: Which councils?, label: Councils touched, type: list, optional: true}
steps:
  raise: {title: Raise, by: desk, ask: [touched]}
  board:
    title: Decide
    vote: {of: [board, deputies], pass: all, one per: council, seats: touched}
    outcomes: {approved: {title: Approved, end: done}, rejected: {title: Rejected, end: rejected}}
"""
NUMBERS = {"ashby": 1, "brook": 2, "crag": 3}
VOTERS = (
    Voter(2, "user:2", 1, frozenset({"board"})),
    Voter(3, "user:3", 2, frozenset({"board"})),
    Voter(4, "user:4", 2, frozenset({"deputies"})),
)


@pytest.fixture(scope="module")
def change() -> Definition:
    return made(CHANGE)


def place(by: Any = ANN) -> Around:
    found = around(by)
    return replace(found, voters=lambda _teams: VOTERS, council=lambda code: NUMBERS.get(code, 0))


def raised(change: Definition, touched: list[str]) -> tuple[CaseState, StepRun]:
    case = begun(change)
    do(case, "raise", touched=touched)
    return case, case.steps["board"]


def stands(case: CaseState) -> voting.Standing:
    step = case.definition.steps["board"]
    who = voting.electorate(case, step, place())
    return voting.standing(step, case.steps["board"], who, voting.seats_of(case, step, place()))


def vote(case: CaseState, by: Any, choice: str = "for") -> voting.Standing:
    return voting.cast(case, place(by), step="board", choice=choice)


class TestSeatsThatFollowFromTheCase:
    def test_are_those_of_the_councils_that_are_named(self, change: Definition) -> None:
        case, _ = raised(change, [" Brook "])
        assert stands(case).seats == 1
        with pytest.raises(VoteRefused, match="no seat"):
            vote(case, BOB)
        assert vote(case, CAT).decided == "for"

    def test_are_all_where_nothing_is_named(self, change: Definition) -> None:
        case, _ = raised(change, [])
        assert (stands(case).seats, stands(case).needed) == (2, 2)

    def test_need_all_of_them_where_all_must_be_for_it(self, change: Definition) -> None:
        case, _ = raised(change, ["ashby", "brook"])
        assert vote(case, BOB).decided == ""
        assert vote(case, DAN).decided == "for"

    @pytest.mark.parametrize("touched", [["ashby", "crag"], ["ashby", "nowhere"]])
    def test_have_to_be_filled_before_anything_is_decided(
        self, change: Definition, touched: list[str]
    ) -> None:
        case, _ = raised(change, touched)
        found = vote(case, BOB)
        assert (found.decided, found.seats) == ("", 2)
        assert found.why_not.startswith(f"Nobody of {touched[1]} can vote")

    def test_count_no_vote_of_a_council_that_it_does_not_concern_any_more(self, change: Definition) -> None:
        case, _ = raised(change, ["ashby", "brook"])
        vote(case, CAT, "for")
        case.data["touched"] = ["ashby"]
        assert (stands(case).for_, stands(case).seats) == (0, 1)
        assert vote(case, BOB).decided == "for"


class TestReadingSeats:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("one per: council, ", "", "Only councils have seats by an answer."),
            ("seats: touched", "seats: touchd", "There is no field “touchd”."),
            ("type: list", "type: text", "“touched” is a text, so it does not name councils."),
            (", ask: [touched]", "", "“touched” is not known yet when they vote."),
        ],
    )
    def test_says_what_is_wrong_with_them(self, old: str, new: str, said: str) -> None:
        mistakes = read(CHANGE.replace(old, new)).mistakes
        assert said in [each.wrong for each in mistakes if each.path == "steps.board.vote.seats"]

    def test_advises_where_there_may_be_no_answer(self) -> None:
        (advice,) = [each for each in read(CHANGE).mistakes if each.path.endswith("seats")]
        assert advice.wrong == "“touched” may have no answer, and then every council has a seat."


@pytest.mark.django_db
class TestInTheDatabase:
    def test_councils_are_known_by_their_codes(self, everything: None) -> None:
        assert everything is None
        publish_repair(CHANGE)
        here, there, third = make_council(), make_council(), make_council()
        shared = make_agreement(councils=(here, there, third))
        staff = [make_staff(council=council, roles=("officer",)) for council in (here, there, third)]
        for each in staff[1:]:
            make_grant(staff=each, role="officer", council=here, agreement=shared)
        make_team(council=here, function="desk", members=(staff[0],))
        make_team(council=here, function="board", members=tuple(staff))
        raiser = make_viewer(staff[0])
        case = actions.start_case(
            by=raiser,
            council=here,
            process="change",
            now=MONDAY,
            answers={"touched": [there.code, here.code]},
        )

        def cast(viewer: Viewer) -> None:
            actions.cast(by=viewer, case_id=case.id, step="board", expected=None, choice="for", now=MONDAY)

        with pytest.raises(VoteRefused, match="no seat"):
            cast(make_viewer(staff[2]))
        cast(make_viewer(staff[1]))
        cast(raiser)
        closed = store.load(case.id)
        assert closed is not None
        assert closed.ending == "done"
