"""Promises about time in memory: what ends one, what takes one up again, and what stands still meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Definition
from moothall.process.engine import clocks, spans, steps
from moothall.process.engine.state import NEVER, Around, CaseState
from moothall.process.language import read

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

ENQUIRY = """
process: enquiry
title: Enquiry
owner: desk
start: [agent]
fields:
  urgent: {ask: Urgent?, type: yesno}
  question: {ask: What must we know?, type: text, optional: true}
  answer: {ask: Your answer?, type: text}
clocks:
  answer: {title: Answered, within: 2 hours, from: log, until: respond, pause: reply, warn: 50%, late: {tell: desk}}
  strict: {title: Strictly, within: 3 hours, from: log, until: respond, late: {priority: urgent}}
  quick: {title: Quickly, within: 1 hour, from: log, until: respond, when: urgent == true, late: {priority: high}}
  check: {title: Checked, within: 1 hour, from: respond, until: check, late: {tell: desk}}
steps:
  log: {title: Log, by: [agent], ask: [urgent]}
  respond:
    title: Respond
    by: desk
    ask: [question, urgent]
    outcomes:
      answered: {title: Answer}
      ask: {title: Ask, when: has(question)}
      wrong: {title: Logged wrongly, back: log}
  reply:
    title: Reply
    by: [resident]
    when: respond.outcome == "ask"
    ask: [answer]
    outcomes: {sent: {title: Send, back: respond}, gone: {title: Withdraw, end: gone}}
  check:
    title: Check
    by: desk
    outcomes:
      right: {title: Right, end: right}
      redo: {title: Do it again, back: respond}
      again: {title: Check again, back: check}
"""


@pytest.fixture(scope="module")
def enquiry() -> Definition:
    reading = read(ENQUIRY)
    assert reading.definition is not None, [str(each) for each in reading.mistakes]
    return reading.definition


def around(minutes: float = 0) -> Around:
    return Around(
        now=MONDAY + timedelta(minutes=minutes),
        by=Actor(kind="staff", user_id=1, name="Ann"),
        team={"desk": 1}.get,
        calendar=lambda _name: Calendar.always(),
        staff_id=1,
    )


def begun(definition: Definition, *, urgent: str = "no") -> CaseState:
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, MONDAY)
    steps.begin(case, around())
    steps.complete(case, around(), step="log", given={"urgent": urgent})
    return case


def do(case: CaseState, step: str, outcome: str, minutes: float, **given: Any) -> None:
    steps.complete(case, around(minutes), step=step, given=given, outcome=outcome)


def status(case: CaseState, clock: str) -> str:
    """Return a clock's state, as a word that may have changed since it was last asked for."""
    return case.clocks[clock].state


def state(case: CaseState, clock: str = "answer") -> tuple[str, int]:
    """Return a clock's state, and the minute at which it is due."""
    run = case.clocks[clock]
    return run.state, round((run.due_at - MONDAY) / timedelta(minutes=1))


class TestAQuestionPutBeforeTheEnd:
    def test_does_not_keep_the_promise_but_pauses_it(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "ask", 30, question="Which?")
        assert state(case)[0] == "paused"
        do(case, "reply", "sent", 500, answer="That.")
        assert state(case) == ("running", 590)

    def test_lets_the_time_run_where_nothing_pauses(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "ask", 30, question="Which?")
        assert state(case, "strict") == ("running", 180)
        assert clocks.sweep(case, around(181))
        assert case.priority == "urgent"
        do(case, "reply", "sent", 190, answer="That.")
        do(case, "respond", "answered", 191)
        assert state(case, "strict")[0] == "missed"

    def test_is_not_held_against_a_case_that_ends_with_it(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "ask", 30, question="Which?")
        do(case, "reply", "gone", 400, answer="Never mind.")
        assert state(case)[0] == "met"


class TestAPromiseThatWasKept:
    def test_goes_on_when_the_work_is_taken_back_without_the_time_between(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "answered", 50)
        assert state(case)[0] == "met"
        assert status(case, "check") == "running"
        do(case, "check", "redo", 1000)
        assert state(case) == ("running", 1070)
        assert case.clocks["answer"].warn_at == MONDAY + timedelta(minutes=1010)
        assert case.clocks["answer"].run == 1
        assert status(case, "check") == "missed"
        resumed = next(each for each in case.happened if each.kind == "resumed" and each.step == "answer")
        assert resumed.body["since"] == MONDAY + timedelta(minutes=50)
        do(case, "respond", "answered", 1069)
        assert state(case)[0] == "met"
        assert case.clocks["check"].run == 2

    def test_stays_missed_when_it_was(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "answered", 121)
        assert state(case)[0] == "missed"
        do(case, "check", "redo", 130)
        assert state(case) == ("running", 120)
        assert case.due_at == MONDAY + timedelta(minutes=120)
        clocks.sweep(case, around(131))
        assert ("late", "answer") not in {(each.kind, each.step) for each in case.happened}
        do(case, "respond", "answered", 132)
        assert state(case)[0] == "missed"

    def test_does_not_go_on_for_a_step_after_it(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "answered", 50)
        do(case, "check", "again", 55)
        assert state(case)[0] == "met"
        assert case.clocks["check"].state == "running"


class TestWhenItsFirstStepIsTakenBack:
    def test_stops_and_starts_anew(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "wrong", 30)
        assert state(case)[0] == "stopped"
        assert case.due_at == NEVER
        do(case, "log", "", 40, urgent="no")
        assert state(case) == ("running", 160)
        assert case.clocks["answer"].run == 2


class TestWhenItsRuleChanges:
    def test_counts_from_its_step_however_late_the_rule_came_true(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        assert "quick" not in case.clocks
        do(case, "respond", "ask", 30, question="Which?", urgent="yes")
        assert state(case, "quick") == ("running", 60)

    def test_stops_and_goes_on_as_though_it_had_never_stopped(self, enquiry: Definition) -> None:
        case = begun(enquiry, urgent="yes")
        do(case, "respond", "ask", 10, question="Which?", urgent="no")
        assert state(case, "quick")[0] == "stopped"
        do(case, "reply", "sent", 20, answer="That.")
        do(case, "respond", "ask", 30, question="Really?", urgent="yes")
        assert state(case, "quick") == ("running", 60)
        assert case.clocks["quick"].run == 1
        assert clocks.sweep(case, around(61))


class TestBeingLate:
    def test_is_the_same_whether_or_not_the_sweeper_came_first(self, enquiry: Definition) -> None:
        for swept in (True, False):
            case = begun(enquiry)
            if swept:
                clocks.sweep(case, around(181))
            do(case, "respond", "ask", 182, question="Which?")
            do(case, "reply", "gone", 183, answer="Never mind.")
            assert state(case)[0] == "missed"
            assert case.clocks["answer"].late_at == MONDAY + timedelta(minutes=120)

    def test_never_turns_into_kept(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        clocks.sweep(case, around(120))
        do(case, "respond", "answered", 119)
        assert state(case)[0] == "missed"

    def test_does_not_lower_the_priority(self, enquiry: Definition) -> None:
        case = begun(enquiry, urgent="yes")
        case.priority = "urgent"
        clocks.sweep(case, around(61))
        assert case.priority == "urgent"

    def test_is_not_paused_away(self, enquiry: Definition) -> None:
        case = begun(enquiry)
        do(case, "respond", "ask", 121, question="Which?")
        assert state(case) == ("running", 120)


class TestTheNightTheClocksGoBack:
    def test_keeps_its_hour_apart_from_the_same_hour_again(self, enquiry: Definition) -> None:
        for hour in (0, 1):
            start = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
            within = enquiry.clocks["quick"].within
            assert within is not None
            due = spans.due(within, Calendar.always(), start)
            assert due == start + timedelta(hours=1)
            assert due.tzinfo is UTC
