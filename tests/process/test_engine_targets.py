"""Time by an answer, in memory: what becomes of a clock when the answer changes, and what writing keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Definition
from moothall.process.engine import answering, clocks, moving, steps
from moothall.process.engine.state import NEVER, Around, CaseState, Happening
from moothall.process.errors import AnswersRefused, NothingChanged
from moothall.process.language import read

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

CALL = """
process: call
title: Call
owner: desk
start: [agent]
fields:
  impact: {ask: Impact?, type: choice, of: [council, team, none], amend: [desk]}
  priority:
    label: Priority
    type: choice
    of: [P1, P2, P3, P4]
    table: {by: [impact], rows: {council: P1, team: P2, "*": P4}}
  note: {ask: Anything else?, type: text, optional: true, amend: [desk]}
  size: {ask: How many?, type: number, max: 9, when: impact == "council", amend: [desk]}
  answer: {ask: Your answer?, type: text}
clocks:
  restored:
    title: Restored
    within: {by: priority, P1: 60 minutes, P2: 120 minutes, P3: 5 hours, P4: none}
    from: log
    until: resolve
    pause: reply
    warn: 50%
    late: {tell: desk, priority: high}
  answered: {title: Answered, within: 30 minutes, from: log, until: resolve, on_written: met, late: {tell: desk}}
  told: {title: Told, within: 20 minutes, from: log, until: resolve, on_written: again, late: {tell: desk}}
steps:
  log: {title: Log, by: [agent], ask: [impact, note, size]}
  resolve:
    title: Resolve
    by: desk
    show: [priority]
    outcomes:
      resolved: {title: Resolve}
      ask: {title: Ask}
  reply:
    title: Reply
    by: [agent]
    when: resolve.outcome == "ask"
    ask: [answer]
    outcomes: {sent: {title: Send, back: resolve}}
  check:
    title: Check
    by: desk
    outcomes:
      right: {title: Right, end: right}
      again: {title: Check again, back: check}
      redo: {title: Do it again, back: resolve}
"""


@pytest.fixture(scope="module")
def call() -> Definition:
    reading = read(CALL)
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


def begun(definition: Definition, impact: str = "team") -> CaseState:
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, MONDAY)
    steps.begin(case, around())
    steps.complete(
        case, around(), step="log", given={"impact": impact, "size": 3 if impact == "council" else None}
    )
    return case


def amend(case: CaseState, minutes: float, why: str = "", **given: Any) -> None:
    answering.amend(case, given, around(minutes), why)
    moving.refresh(case, around(minutes))


def do(case: CaseState, step: str, outcome: str, minutes: float, **given: Any) -> None:
    steps.complete(case, around(minutes), step=step, given=given, outcome=outcome)


def write(case: CaseState, minutes: float) -> None:
    clocks.written(case, around(minutes))


def minute(at: datetime | None) -> int | None:
    """Return a time as a minute after the start; None for none."""
    return None if at is None or at == NEVER else round((at - MONDAY) / timedelta(minutes=1))


def state(case: CaseState, key: str = "restored") -> tuple[str, int | None]:
    run = case.clocks[key]
    return run.state, minute(run.due_at)


def events(case: CaseState, kind: str) -> list[Happening]:
    return [each for each in case.happened if each.kind == kind]


class TestAClockThatHasItsTimeByATable:
    def test_has_the_time_of_the_row_and_keeps_which_it_was(self, call: Definition) -> None:
        case = begun(call)
        run = case.clocks["restored"]
        assert state(case) == ("running", 120)
        assert (run.target, run.within, run.calendar) == ("P2", "120 minutes", "always")
        assert minute(run.warn_at) == 60
        assert events(case, "retargeted") == []

    def test_does_not_run_where_the_row_promises_nothing(self, call: Definition) -> None:
        case = begun(call, "none")
        assert "restored" not in case.clocks

    def test_is_aimed_anew_from_its_start_when_the_answer_changes(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 20, impact="council")
        assert state(case) == ("running", 60)
        assert minute(case.clocks["restored"].warn_at) == 30
        (event,) = events(case, "retargeted")
        assert event.body == {
            "from": "P2", "was": "120 minutes", "to": "P1", "within": "60 minutes", "by": "priority",
            "due": MONDAY + timedelta(minutes=60),
        }  # fmt: skip

    def test_gets_more_time_by_a_downgrade(self, call: Definition) -> None:
        case = begun(call, "council")
        amend(case, 59, impact="team")
        assert state(case) == ("running", 120)
        clocks.sweep(case, around(119))
        assert "restored" not in {each.step for each in events(case, "late")}

    def test_leaves_out_the_time_in_which_it_stood_still(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "ask", 10)
        do(case, "reply", "sent", 40, answer="That.")
        assert state(case) == ("running", 150)
        amend(case, 50, impact="council")
        assert state(case) == ("running", 90)

    def test_is_aimed_anew_while_it_stands_still(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "ask", 10)
        amend(case, 500, impact="council")
        assert state(case)[0] == "paused"
        do(case, "reply", "sent", 1000, answer="That.")
        assert state(case) == ("running", 1050)
        assert minute(case.clocks["restored"].warn_at) == 1020


class TestWhatWouldHaveRunOutBefore:
    def test_is_late_from_the_moment_of_the_change(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 90, impact="council")
        assert state(case) == ("running", 90)
        clocks.sweep(case, around(91))
        assert minute(case.clocks["restored"].late_at) == 90
        do(case, "resolve", "resolved", 95)
        assert state(case)[0] == "missed"

    def test_does_not_stand_still_any_more(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "ask", 90)
        amend(case, 200, impact="council")
        assert state(case) == ("running", 200)
        do(case, "reply", "sent", 300, answer="That.")
        do(case, "resolve", "resolved", 310)
        run = case.clocks["restored"]
        assert (run.state, minute(run.late_at)) == ("missed", 200)
        assert run.used_seconds == (90 + 110) * 60

    def test_stays_late_after_a_downgrade_swept_or_not(self, call: Definition) -> None:
        for swept in (True, False):
            case = begun(call, "council")
            if swept:
                clocks.sweep(case, around(61))
            amend(case, 70, impact="team")
            run = case.clocks["restored"]
            assert (minute(run.late_at), run.target) == (60, "P2")
            assert [each.step for each in events(case, "late")].count("restored") == 1
            do(case, "resolve", "resolved", 80)
            assert state(case)[0] == "missed"


class TestARowThatPromisesNothing:
    def test_stops_the_clock_and_the_next_row_lets_it_go_on_from_its_start(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 10, impact="none")
        assert state(case)[0] == "stopped"
        amend(case, 30, impact="council")
        assert state(case) == ("running", 60)
        assert case.clocks["restored"].run == 1
        assert [(each.body["from"], each.body["to"]) for each in events(case, "retargeted")] == [
            ("P2", ""), ("", "P1")
        ]  # fmt: skip

    def test_makes_what_begins_late_due_at_that_moment_only(self, call: Definition) -> None:
        case = begun(call, "none")
        amend(case, 300, impact="council")
        assert state(case) == ("running", 300)

    def test_leaves_missed_what_was_late(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 130, impact="none")
        assert state(case)[0] == "missed"
        assert minute(case.clocks["restored"].late_at) == 120


class TestAClosedClock:
    def test_never_changes(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "resolved", 50)
        before: tuple[Any, ...] = (
            state(case),
            case.clocks["restored"].used_seconds,
            case.clocks["restored"].target,
        )
        assert before == (("met", 120), 3000, "P2")
        amend(case, 400, impact="council")
        run = case.clocks["restored"]
        assert (state(case), run.used_seconds, run.target) == before

    def test_gets_the_target_that_holds_when_it_goes_on(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "resolved", 50)
        amend(case, 400, impact="council")
        do(case, "check", "redo", 1000)
        assert state(case) == ("running", 1010)
        assert case.clocks["restored"].used_seconds is None
        do(case, "resolve", "resolved", 1005)
        ended = case.clocks["restored"]
        assert (ended.state, ended.used_seconds) == ("met", 55 * 60)


class TestWritingToWhoeverAsked:
    def test_keeps_the_response_for_good(self, call: Definition) -> None:
        case = begun(call)
        write(case, 25)
        run = case.clocks["answered"]
        assert (run.state, run.used_seconds, run.ended_by) == ("met", 1500, "wrote")
        do(case, "resolve", "resolved", 50)
        do(case, "check", "redo", 60)
        assert (case.clocks["answered"].state, case.clocks["answered"].run) == ("met", 1)

    def test_keeps_it_too_late_if_it_comes_late(self, call: Definition) -> None:
        case = begun(call)
        write(case, 31)
        assert case.clocks["answered"].state == "missed"

    def test_keeps_each_update_and_begins_the_next(self, call: Definition) -> None:
        case = begun(call)
        write(case, 15)
        write(case, 40)
        assert [(run.run, run.state) for run in case.kept] == [(1, "met"), (2, "missed")]
        assert (case.clocks["told"].run, state(case, "told")) == (3, ("running", 60))
        do(case, "resolve", "resolved", 50)
        assert state(case, "told")[0] == "met"

    def test_lets_the_newest_update_go_on_when_the_end_is_taken_back(self, call: Definition) -> None:
        case = begun(call)
        write(case, 15)
        do(case, "resolve", "resolved", 20)
        do(case, "check", "redo", 100)
        assert (case.clocks["told"].run, state(case, "told")) == (2, ("running", 115))

    def test_keeps_nothing_that_does_not_run(self, call: Definition) -> None:
        case = begun(call)
        do(case, "resolve", "resolved", 10)
        write(case, 11)
        assert case.clocks["told"].run == 1
        assert case.kept == []


class TestAStepInWhichItCountsAsKept:
    def test_lets_the_clock_end_although_it_may_lead_back(self) -> None:
        source = CALL.replace("      again: {title: Check again, back: check}\n", "")
        for kept, ends in ((False, "running"), (True, "met")):
            made = read(
                source.replace("pause: reply", "pause: reply\n    kept: check" if kept else "pause: reply")
            )
            assert made.definition is not None
            case = begun(made.definition)
            do(case, "resolve", "resolved", 50)
            assert state(case)[0] == ends
            do(case, "check", "redo", 90)
            assert state(case) == ("running", 160 if kept else 120)


class TestAmending:
    def test_works_out_what_follows_and_says_what_was(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 20, "The whole council is down.", impact="council", size=7)
        (event,) = events(case, "amended")
        assert event.body == {
            "answers": {"impact": "council", "priority": "P1", "size": 7},
            "was": {"impact": "team", "priority": "P2"},
            "text": "The whole council is down.",
        }
        assert case.origins["impact"] == {
            "at": (MONDAY + timedelta(minutes=20)).isoformat(), "by": "Ann", "from": "amend:log"
        }  # fmt: skip

    def test_takes_out_what_is_optional(self, call: Definition) -> None:
        case = begun(call)
        amend(case, 5, note="Loud")
        amend(case, 6, note="")
        assert "note" not in case.data
        assert events(case, "amended")[-1].body == {"dropped": ["note"], "was": {"note": "Loud"}}

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"impact": "nobody"}, "Select one of the answers"),
            ({"impact": ""}, "Select an answer"),
            ({"size": 3}, "With the other answers as they are, this is not asked."),
        ],
    )
    def test_refuses_what_a_step_would_refuse(
        self, call: Definition, given: dict[str, Any], said: str
    ) -> None:
        case = begun(call)
        with pytest.raises(AnswersRefused) as refused:
            amend(case, 5, **given)
        assert said in next(iter(refused.value.fields.values()))[0]

    def test_refuses_to_change_nothing(self, call: Definition) -> None:
        case = begun(call)
        with pytest.raises(NothingChanged):
            amend(case, 5, impact="team")
        assert events(case, "amended") == []
