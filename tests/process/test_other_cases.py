"""What a case hands over to others, in memory: to be accepted, or until it is closed."""

import pytest

from moothall.process.engine import steps
from moothall.process.engine.state import CaseState, Opening
from moothall.process.errors import NotYet, SayWhy
from tests.process.in_memory import around, begun, do, last, made, open_keys

HAND_OVER = """
process: front
title: Front
owner: desk
start: [desk]
fields:
  child: {ask: Who?, type: text}
  why: {ask: Why?, type: text, optional: true}
steps:
  refer: {title: Refer, by: desk, ask: [child, why]}
  step_down:
    title: Hand over
    case: other
    until: accepted
    pass: {child: person, why: reason}
    outcomes: {accepted: {title: Accepted}, refused: {title: Refused, back: refer}}
  close: {title: Close, by: desk, outcomes: {closed: {title: Closed, end: done, open: third, pass: [child]}}}
"""


class TestWhatIsHandedOver:
    def test_falls_to_the_team_of_the_other_process(self) -> None:
        case = begun(made(HAND_OVER))
        do(case, "refer", child="Sam")
        assert case.steps["step_down"].team_id == 2
        assert case.openings == []

    def test_opens_the_other_case_when_it_is_accepted(self) -> None:
        case = begun(made(HAND_OVER))
        do(case, "refer", child="Sam")
        do(case, "step_down", outcome="accepted")
        assert case.openings == [Opening("other", {"person": "Sam"}, "child", "step_down", 1)]
        assert open_keys(case) == ["close"]

    def test_is_refused_only_with_words_and_goes_back(self) -> None:
        case = begun(made(HAND_OVER))
        do(case, "refer", child="Sam")
        with pytest.raises(SayWhy):
            do(case, "step_down", outcome="refused")
        do(case, "step_down", outcome="refused", text="Not ours.")
        assert (open_keys(case), case.openings) == (["refer"], [])

    def test_an_outcome_opens_a_case_that_goes_its_own_way(self) -> None:
        case = begun(made(HAND_OVER))
        do(case, "refer", child="Sam")
        do(case, "step_down", outcome="accepted")
        do(case, "close")
        assert case.openings[-1] == Opening("third", {"child": "Sam"}, "opened", "close", 1)


class TestTheOtherCase:
    SOURCE = HAND_OVER.replace("until: accepted", "until: closed").replace(
        "{accepted: {title: Accepted}, refused: {title: Refused, back: refer}}",
        "{closed: {title: Closed}, moved-away: {title: Moved away, back: refer}}",
    )

    def begun(self) -> CaseState:
        case = begun(made(self.SOURCE))
        do(case, "refer", child="Sam")
        return case

    def test_is_opened_with_the_step_that_nobody_does(self) -> None:
        case = self.begun()
        assert case.openings == [Opening("other", {"person": "Sam"}, "child", "step_down", 1)]
        assert case.steps["step_down"].team_id is None
        with pytest.raises(NotYet, match="when the case that it opened is closed"):
            do(case, "step_down", outcome="closed")

    def test_finishes_it_with_the_outcome_of_its_ending(self) -> None:
        case = self.begun()
        assert steps.other_closed(case, around(), "step_down", "moved-away")
        assert (case.steps["step_down"].outcome, open_keys(case)) == ("moved-away", ["refer"])

    def test_finishes_it_with_the_first_where_none_is_called_so(self) -> None:
        case = self.begun()
        assert steps.other_closed(case, around(), "step_down", "withdrawn")
        assert (case.steps["step_down"].outcome, last(case, "done").body) == (
            "closed",
            {"ending": "withdrawn"},
        )

    def test_finishes_nothing_that_does_not_wait(self) -> None:
        case = self.begun()
        assert not steps.other_closed(case, around(), "refer", "done")
        assert steps.other_closed(case, around(), "step_down", "done")
        assert not steps.other_closed(case, around(), "step_down", "done")
        steps.close(case, around(), "withdrawn")
        assert not steps.other_closed(case, around(), "step_down", "done")
