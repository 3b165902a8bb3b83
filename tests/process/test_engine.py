"""The engine in memory: what opens, what is skipped, what goes back, and why not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Definition
from moothall.process.engine import clocks, steps
from moothall.process.engine.state import NEVER, Around, CaseState
from moothall.process.errors import AnswersRefused, CaseClosed, ChooseAnOutcome, NotYet, SayWhy, StepNotOpen
from moothall.process.language import read

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ANN = Actor(kind="staff", user_id=1, name="Ann")
BOB = Actor(kind="staff", user_id=2, name="Bob")
TEAMS = {"desk": 1, "crew": 2}

REPAIR = """
process: repair
title: Repair
owner: desk
start: [resident, agent]
fields:
  what: {ask: What is broken?, type: choice, of: {tap: A tap, gas: A gas leak}}
  where: {ask: Where?, type: text}
  hurt: {ask: Is anyone hurt?, type: yesno, when: 'what == "gas"'}
  quote: {ask: Price?, type: number, optional: true}
  question: {ask: What must we know?, type: text, optional: true}
  answer: {ask: Your answer?, type: text}
clocks:
  fix: {title: Repaired, within: 2 hours, from: report, until: fix, pause: reply, warn: 50%, late: {tell: desk}}
  urgent:
    {title: Made safe, within: 30 minutes, from: report, until: fix, when: 'what == "gas"', late: {priority: high}}
steps:
  report: {title: Report, by: [resident, agent], ask: [what, where, hurt]}
  check:
    title: Check
    by: desk
    next: We look at it.
    ask: [question, quote]
    outcomes:
      go: {title: Send the crew}
      ask: {title: Ask, when: has(question), tell: resident}
      no: {title: Refuse, need_text: Why not?, end: refused, tell: resident}
  reply:
    title: Reply
    by: [resident]
    next: We wait for you.
    when: check.outcome == "ask"
    ask: [answer]
    outcomes: {answered: {title: Send, back: check}}
  approve:
    title: Approve
    by: desk
    next: Somebody else looks at it.
    after: reply
    when: quote > 100
    need: [{rule: approve.by != check.by, say: Somebody other than whoever checked must approve.}]
  prepare: {title: Prepare, by: crew, after: reply, next: The crew prepares.}
  fix:
    title: Fix
    by: crew
    after: [approve, prepare]
    next: The crew comes.
    outcomes: {fixed: {title: Fixed, end: fixed, tell: resident}, again: {title: Check again, back: check}}
"""


@pytest.fixture(scope="module")
def repair() -> Definition:
    reading = read(REPAIR)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


def around(by: Actor = ANN, minutes: int = 0) -> Around:
    return Around(
        now=MONDAY + timedelta(minutes=minutes),
        by=by,
        team=TEAMS.get,
        calendar=lambda _name: Calendar.always(),
        staff_id=by.user_id,
    )


def begun(definition: Definition, given: Mapping[str, Any] | None = None) -> CaseState:
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, MONDAY)
    steps.begin(case, around())
    if given is not None:
        steps.complete(case, around(), step="report", given=given)
    return case


def open_keys(case: CaseState) -> list[str]:
    return [run.key for run in case.open_steps()]


TAP = {"what": "tap", "where": "Kitchen"}


class TestStarting:
    def test_opens_the_first_step_only(self, repair: Definition) -> None:
        assert open_keys(begun(repair)) == ["report"]

    def test_opens_the_next_step_for_its_team(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        assert open_keys(case) == ["check"]
        assert case.steps["check"].team_id == TEAMS["desk"]

    def test_refuses_missing_answers_each_by_name(self, repair: Definition) -> None:
        case = begun(repair)
        with pytest.raises(AnswersRefused) as refused:
            steps.complete(case, around(), step="report", given={"what": "gas"})
        assert set(refused.value.fields) == {"where", "hurt"}
        assert case.data == {}
        assert open_keys(case) == ["report"]

    def test_drops_an_answer_that_its_question_hides(self, repair: Definition) -> None:
        assert "hurt" not in begun(repair, {**TAP, "hurt": "yes"}).data

    def test_refuses_an_answer_nobody_asked_for(self, repair: Definition) -> None:
        case = begun(repair)
        with pytest.raises(AnswersRefused):
            steps.complete(case, around(), step="report", given={**TAP, "quote": 5})


class TestFinishingAStep:
    def test_skips_what_is_not_needed_and_runs_two_steps_side_by_side(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={"quote": 500}, outcome="go")
        assert case.steps["reply"].state == "skipped"
        assert open_keys(case) == ["approve", "prepare"]

    def test_opens_a_joining_step_only_when_both_sides_are_settled(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={"quote": 500}, outcome="go")
        steps.complete(case, around(), step="prepare", given={})
        assert open_keys(case) == ["approve"]
        steps.complete(case, around(BOB), step="approve", given={})
        assert open_keys(case) == ["fix"]

    def test_says_why_not_in_the_authors_words(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={"quote": 500}, outcome="go")
        with pytest.raises(NotYet) as refused:
            steps.complete(case, around(ANN), step="approve", given={})
        assert refused.value.reasons == ["Somebody other than whoever checked must approve."]
        assert open_keys(case) == ["approve", "prepare"]

    def test_an_unknown_answer_never_passes_a_rule(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={}, outcome="go")
        assert case.steps["approve"].state == "skipped"

    def test_asks_which_outcome_when_several_are_open(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        with pytest.raises(ChooseAnOutcome, match="Send the crew"):
            steps.complete(case, around(), step="check", given={})

    def test_refuses_an_outcome_whose_rule_does_not_hold_and_says_what_is_missing(
        self, repair: Definition
    ) -> None:
        case = begun(repair, TAP)
        with pytest.raises(NotYet, match="What must we know"):
            steps.complete(case, around(), step="check", given={}, outcome="ask")

    def test_wants_the_reason_where_the_outcome_needs_one(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        with pytest.raises(SayWhy, match="Why not"):
            steps.complete(case, around(), step="check", given={}, outcome="no", text="  ")

    def test_refuses_a_step_that_does_not_wait(self, repair: Definition) -> None:
        with pytest.raises(StepNotOpen):
            steps.complete(begun(repair, TAP), around(), step="fix", given={})


class TestGoingBack:
    def test_opens_a_new_run_and_takes_back_everything_after_it(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={}, outcome="go")
        steps.complete(case, around(), step="prepare", given={})
        steps.complete(case, around(), step="fix", given={}, outcome="again")
        assert open_keys(case) == ["check"]
        assert case.steps["check"].run == 2
        assert case.steps["prepare"].state == "reset"
        steps.complete(case, around(), step="check", given={}, outcome="go")
        assert case.steps["prepare"].run == 2

    def test_a_question_to_the_resident_comes_back_to_whoever_asked(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={"question": "Which floor?"}, outcome="ask")
        assert open_keys(case) == ["reply"]
        assert case.steps["reply"].asks_requester
        assert [each.audience for each in case.told] == ["resident"]
        steps.complete(case, around(BOB), step="reply", given={"answer": "The third."})
        assert open_keys(case) == ["check"]
        assert case.steps["check"].person_id == ANN.user_id


class TestEnding:
    def test_closes_the_case_and_cancels_what_was_open(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={"quote": 500}, outcome="go")
        case.steps["fix"] = case.steps["prepare"]
        steps.close(case, around(), "withdrawn")
        assert (case.status, case.ending) == ("closed", "withdrawn")
        assert {case.steps[key].state for key in ("approve", "prepare")} == {"cancelled"}

    def test_nothing_more_can_be_done_on_it(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={}, outcome="no", text="Not ours.")
        with pytest.raises(CaseClosed):
            steps.complete(case, around(), step="check", given={}, outcome="go")


class TestClocks:
    def test_start_with_their_step_and_only_if_wanted(self, repair: Definition) -> None:
        assert set(begun(repair, TAP).clocks) == {"fix"}
        assert set(begun(repair, {"what": "gas", "where": "Hall", "hurt": "no"}).clocks) == {"fix", "urgent"}

    def test_the_case_is_due_with_the_first_of_them(self, repair: Definition) -> None:
        case = begun(repair, {"what": "gas", "where": "Hall", "hurt": "no"})
        assert case.due_at == MONDAY + timedelta(minutes=30)
        assert case.steps["check"].due_at == case.due_at

    def test_stand_still_while_the_resident_is_asked(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(minutes=30), step="check", given={"question": "Where?"}, outcome="ask")
        assert case.clocks["fix"].state == "paused"
        assert case.due_at == NEVER
        steps.complete(case, around(minutes=500), step="reply", given={"answer": "There."})
        assert case.clocks["fix"].due_at == MONDAY + timedelta(minutes=500 + 90)
        assert case.clocks["fix"].warn_at == MONDAY + timedelta(minutes=500 + 30)

    def test_are_met_or_missed_by_their_step(self, repair: Definition) -> None:
        for minutes, state in ((119, "met"), (121, "missed")):
            case = begun(repair, TAP)
            steps.complete(case, around(), step="check", given={}, outcome="go")
            steps.complete(case, around(), step="prepare", given={})
            steps.complete(case, around(minutes=minutes), step="fix", given={}, outcome="fixed")
            assert case.clocks["fix"].state == state

    def test_warn_once_and_then_run_out_once(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        case.happened.clear()
        assert not clocks.sweep(case, around(minutes=59))
        assert clocks.sweep(case, around(minutes=60))
        assert [each.kind for each in case.happened] == ["warned"]
        case.happened.clear()
        assert not clocks.sweep(case, around(minutes=61))
        assert clocks.sweep(case, around(minutes=120))
        assert [each.kind for each in case.happened] == ["late"]
        assert [each.audience for each in case.told if each.about == "late"] == ["desk"]
        case.happened.clear()
        assert not clocks.sweep(case, around(minutes=600))

    def test_raise_the_priority_when_they_run_out(self, repair: Definition) -> None:
        case = begun(repair, {"what": "gas", "where": "Hall", "hurt": "no"})
        clocks.sweep(case, around(minutes=31))
        assert case.priority == "high"

    def test_stop_when_the_case_ends_otherwise(self, repair: Definition) -> None:
        case = begun(repair, TAP)
        steps.complete(case, around(), step="check", given={}, outcome="no", text="Not ours.")
        assert case.clocks["fix"].state == "stopped"


ON_DEMAND = """
process: referral
title: Referral
owner: desk
start: [agent]
steps:
  refer:
    title: Refer
    by: [agent]
    outcomes: {plain: {title: Go on}, meeting: {title: Call a meeting, go: meet}}
  decide:
    title: Decide
    by: desk
    outcomes: {closed: {title: Close, end: closed}, meeting: {title: Call another meeting, go: meet}}
  meet:
    title: Meet
    by: crew
    on_demand: true
    outcomes: {met: {title: Met, back: decide}}
"""


class TestAStepOnDemand:
    def case(self) -> CaseState:
        definition = read(ON_DEMAND).definition
        assert definition is not None, [str(each) for each in read(ON_DEMAND).mistakes]
        return begun(definition)

    def test_does_not_open_by_itself(self) -> None:
        case = self.case()
        steps.complete(case, around(), step="refer", given={}, outcome="plain")
        assert open_keys(case) == ["decide"]
        assert "meet" not in case.steps

    def test_opens_when_an_outcome_goes_to_it_as_often_as_it_does(self) -> None:
        case = self.case()
        steps.complete(case, around(), step="refer", given={}, outcome="meeting")
        assert open_keys(case) == ["decide", "meet"]
        steps.complete(case, around(), step="meet", given={})
        steps.complete(case, around(), step="decide", given={}, outcome="meeting")
        assert open_keys(case) == ["meet"]
        assert case.steps["meet"].run == 2
        assert case.status == "open"


NARROW = """
process: visit
title: Visit
owner: desk
start: [agent]
fields:
  day: {ask: Which day?, type: text}
  question: {ask: What must we know?, type: text, optional: true}
steps:
  book:
    title: Book
    by: [agent]
    ask: [day, question]
    outcomes:
      booked: {title: Book it, end: booked}
      ask: {title: Ask, answers: [question], end: asked}
      drop: {title: Drop it, answers: [], end: dropped}
"""


class TestAnOutcomeThatNeedsFewerAnswers:
    def case(self) -> CaseState:
        definition = read(NARROW).definition
        assert definition is not None, [str(each) for each in read(NARROW).mistakes]
        return begun(definition)

    def test_wants_only_those(self) -> None:
        case = self.case()
        with pytest.raises(AnswersRefused) as refused:
            steps.complete(case, around(), step="book", given={}, outcome="ask")
        assert set(refused.value.fields) == {"question"}
        steps.complete(case, around(), step="book", given={"question": "Which floor?"}, outcome="ask")
        assert case.ending == "asked"

    def test_may_want_none(self) -> None:
        case = self.case()
        steps.complete(case, around(), step="book", given={}, outcome="drop")
        assert case.ending == "dropped"

    def test_keeps_an_older_answer_that_is_not_good_any_more(self) -> None:
        source = NARROW.replace(
            "day: {ask: Which day?, type: text}", "day: {ask: Which day?, type: date, min: today}"
        )
        definition = read(source).definition
        assert definition is not None
        case = begun(definition)
        case.data["day"] = "2020-01-01"
        steps.complete(case, around(), step="book", given={"question": "When?"}, outcome="ask")
        assert case.data["day"] == "2020-01-01"
        again = begun(definition)
        again.data["day"] = "2020-01-01"
        with pytest.raises(AnswersRefused) as refused:
            steps.complete(again, around(), step="book", given={}, outcome="booked")
        assert set(refused.value.fields) == {"day"}

    def test_leaves_the_others_as_they_were(self) -> None:
        with pytest.raises(AnswersRefused) as refused:
            steps.complete(self.case(), around(), step="book", given={}, outcome="booked")
        assert set(refused.value.fields) == {"day"}
