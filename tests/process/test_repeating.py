"""Steps that are done again and again, and spans of the calendar."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from moothall.plain.working_time import Calendar
from moothall.process.definition import Outcome, Span
from moothall.process.definition import Step as Part
from moothall.process.engine import spans
from tests.process.in_memory import ANN, around, at, begun, do, kinds, last, made, night, open_keys

INCIDENT = """
process: incident
title: Incident
owner: desk
start: [desk]
fields:
  update: {ask: What is new?, type: text}
steps:
  log: {title: Log, by: desk}
  updates: {title: Update, by: crew, after: log, every: 30 minutes, until: restore, ask: [update]}
  restore: {title: Restore, by: desk, after: log}
  report:
    title: Report
    by: desk
    after: [restore, updates]
    outcomes: {written: {title: Written, end: written}, redo: {title: Redo, back: restore}}
"""
REVIEW = """
process: review
title: Review
owner: desk
start: [desk]
steps:
  register: {title: Register, by: desk, outcomes: {new: {title: New}, twice: {title: Twice, end: twice}}}
  review:
    title: Review
    by: desk
    every: 1 year
    outcomes: {keep: {title: Keep}, destroy: {title: Destroy, go: destroy}}
  destroy: {title: Destroy, by: crew, on_demand: true, outcomes: {gone: {title: Gone, end: destroyed}}}
"""


DONE = {"done": Outcome(key="done", title="Done")}


class TestARepeatedStep:
    def test_opens_again_after_each_span_from_its_last_opening(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        run = case.steps["updates"]
        assert (run.due_at, run.wake_at) == (at(minutes=30), None)
        do(case, "updates", around(ANN, at(minutes=10)), update="Looking")
        assert run.wake_at == at(minutes=30)
        assert not night(case, at(minutes=29))
        assert night(case, at(minutes=31))
        again = case.steps["updates"]
        assert (again.run, again.state, again.opened_at, again.team_id) == (2, "open", at(minutes=31), 2)
        assert last(case, "repeated").run == 2
        assert run.wake_at is None

    def test_opens_at_once_when_it_was_done_late(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "updates", around(ANN, at(hours=3)), update="Late")
        assert night(case, at(hours=3))

    def test_opens_once_after_a_week_in_which_nobody_looked(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "updates", update="Looking")
        assert night(case, at(days=7))
        assert not night(case, at(days=7))
        assert (case.steps["updates"].run, len(case.superseded)) == (2, 1)

    def test_ends_with_the_other_step_and_holds_up_what_comes_after_both(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "updates", update="Looking")
        assert open_keys(case) == ["restore"]
        night(case, at(minutes=30))
        do(case, "restore")
        assert case.steps["updates"].state == "cancelled"
        assert last(case, "stopped").run == 2
        assert open_keys(case) == ["report"]
        do(case, "report", outcome="written")
        assert (case.status, case.ending) == ("closed", "written")

    def test_does_not_open_again_while_the_other_step_is_settled(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "updates", update="Looking")
        do(case, "restore")
        assert kinds(case, "stopped") == ["stopped"]
        assert not night(case, at(days=9))

    def test_goes_on_when_the_other_step_is_taken_back(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "restore")
        do(case, "report", outcome="redo")
        assert open_keys(case) == ["updates", "restore"]

    def test_that_was_done_goes_on_too(self) -> None:
        case = begun(made(INCIDENT))
        do(case, "log")
        do(case, "updates", update="Looking")
        do(case, "restore")
        do(case, "report", outcome="redo")
        assert case.steps["updates"].wake_at == at(minutes=30)

    def test_is_not_needed_if_the_other_is_settled_before_its_turn(self) -> None:
        source = INCIDENT.replace("by: crew, after: log, every", "by: crew, after: call, every").replace(
            "  updates:", "  call: {title: Call, by: crew, after: log}\n  updates:"
        )
        case = begun(made(source))
        do(case, "log")
        do(case, "restore")
        do(case, "call")
        assert case.steps["updates"].state == "skipped"
        assert open_keys(case) == ["report"]

    def test_without_end_holds_nothing_up_and_keeps_the_case_open(self) -> None:
        review = made(REVIEW)
        label = Part(key="label", title="Label", by=("crew",), after=("review",), outcomes=DONE)
        case = begun(replace(review, steps={**review.steps, "label": label}))
        do(case, "register", outcome="new")
        assert open_keys(case) == ["review", "label"]
        do(case, "label")
        do(case, "review", outcome="keep")
        assert (open_keys(case), case.status) == ([], "open")
        assert case.steps["review"].wake_at == datetime(2027, 11, 23, 9, 30, tzinfo=UTC)
        assert night(case, at(days=365))
        assert open_keys(case) == ["review"]

    def test_without_end_ends_with_an_outcome_that_leads_elsewhere(self) -> None:
        case = begun(made(REVIEW))
        do(case, "register", outcome="new")
        do(case, "review", outcome="destroy")
        assert (open_keys(case), case.steps["review"].wake_at) == (["destroy"], None)
        do(case, "destroy")
        assert case.ending == "destroyed"


class TestASpanOfTheCalendar:
    @pytest.mark.parametrize(
        ("count", "unit", "start", "due"),
        [
            (1, "months", datetime(2027, 1, 31, 9, tzinfo=UTC), datetime(2027, 2, 28, 9, tzinfo=UTC)),
            (13, "months", datetime(2027, 1, 31, 9, tzinfo=UTC), datetime(2028, 2, 29, 9, tzinfo=UTC)),
            (1, "years", datetime(2028, 2, 29, 9, tzinfo=UTC), datetime(2029, 2, 28, 9, tzinfo=UTC)),
            (11, "months", datetime(2027, 12, 15, 9, tzinfo=UTC), datetime(2028, 11, 15, 9, tzinfo=UTC)),
            (1, "months", datetime(2027, 3, 15, 9, tzinfo=UTC), datetime(2027, 4, 15, 8, tzinfo=UTC)),
            (9999, "years", datetime(2027, 3, 15, 9, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)),
        ],
    )
    def test_keeps_the_day_and_the_hour_on_the_wall(
        self, count: int, unit: str, start: datetime, due: datetime
    ) -> None:
        span = Span(count=count, unit=unit)  # type: ignore[arg-type]
        assert spans.due(span, Calendar.always(), start) == due
