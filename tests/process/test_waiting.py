"""Time: waits that are over, steps that are repeated, and what other cases hold up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moothall.councils.rules import Viewer
from moothall.plain.working_time import Calendar
from moothall.process import actions, store
from moothall.process.actions import clocks
from moothall.process.definition import Outcome, Span
from moothall.process.definition import Step as Part
from moothall.process.engine import spans, steps
from moothall.process.engine.state import CaseState, Opening
from moothall.process.errors import NotYet, SayWhy
from moothall.process.models import Clock, Event, Step
from tests.process.in_memory import (
    ANN,
    MONDAY,
    around,
    at,
    begun,
    do,
    kinds,
    last,
    made,
    night,
    open_keys,
)
from tests.process.making import Place, make_place, publish_repair

WINDOW = """
process: window
title: Window
owner: desk
start: [desk]
fields:
  starts: {ask: When?, label: Start, type: date, optional: true}
  what: {ask: What?, type: text}
steps:
  raise: {title: Raise, by: desk, ask: [what, starts]}
  note:
    title: Note
    by: desk
    after: raise
    ask: [starts]
    outcomes: {noted: {title: Noted}, again: {title: Again, back: note}}
  window: {title: Window, after: raise, wait: {until: starts}}
  do_it: {title: Do it, by: desk, after: window}
  close: {title: Close, by: desk, after: [do_it, note], outcomes: {works: {title: It works, end: done}}}
"""
REPLY = """
process: reply
title: Reply
owner: desk
start: [desk]
fields:
  answer: {ask: Your answer?, type: text}
steps:
  ask: {title: Ask, by: desk}
  answer_it:
    title: Answer
    by: [resident, desk]
    ask: [answer]
    wait: {at most: 5 working days, then: no-answer}
    outcomes: {answered: {title: Answered}, no-answer: {title: No answer, by: time, end: closed-no-answer}}
  done: {title: Done, by: desk, outcomes: {done: {title: Done, end: done}}}
"""
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
  destroy: {title: Destroy, by: crew, on_demand: true}
"""


DONE = {"done": Outcome(key="done", title="Done")}


class TestAWait:
    def test_is_for_nobody_and_over_at_midnight_in_london(self) -> None:
        case = begun(made(WINDOW))
        do(case, "raise", what="Lift", starts="2027-07-01")
        run = case.steps["window"]
        assert (run.team_id, run.wake_at) == (None, datetime(2027, 6, 30, 23, tzinfo=UTC))
        with pytest.raises(NotYet, match="when it is time"):
            do(case, "window")
        assert not night(case, datetime(2027, 6, 30, 22, 59, tzinfo=UTC))
        assert night(case, datetime(2027, 6, 30, 23, tzinfo=UTC))
        assert (run.state, run.done_by, run.wake_at) == ("done", "system", None)
        assert kinds(case)[-3:] == ["waited", "done", "opened"]
        assert open_keys(case) == ["note", "do_it"]

    def test_moves_with_the_answer(self) -> None:
        case = begun(made(WINDOW))
        do(case, "raise", what="Lift", starts="2027-07-01")
        do(case, "note", starts="2027-01-10", outcome="again")
        assert case.steps["window"].wake_at == datetime(2027, 1, 10, tzinfo=UTC)

    def test_says_what_it_waits_for_while_that_has_no_answer(self) -> None:
        case = begun(made(WINDOW))
        do(case, "raise", what="Lift")
        assert case.steps["window"].wake_at is None
        (held,) = steps.unmet(case, case.definition.steps["window"], case.data, around())
        assert "“Start” has no answer yet" in held.say
        do(case, "note", starts="2027-01-10", outcome="again")
        do(case, "note", starts="", outcome="again")
        assert case.steps["window"].wake_at is None

    def test_for_a_span_is_counted_from_its_opening(self) -> None:
        case = begun(
            made(WINDOW.replace("wait: {until: starts}", "wait: {for: 2 working hours, calendar: office}"))
        )
        do(case, "raise", around(ANN, at(hours=6.5)), what="Lift")
        assert case.steps["window"].wake_at == at(hours=24 + 0.5)

    def test_stays_open_while_no_outcome_fits_and_says_so(self) -> None:
        outcomes = "{for: 1 hour}, outcomes: {on: {title: On, when: has(starts)}}"
        case = begun(made(WINDOW.replace("{until: starts}", outcomes)))
        do(case, "raise", what="Lift")
        assert night(case, at(hours=1))
        assert last(case, "waited").body == {"why_not": ["No outcome of “Window” fits the answers."]}
        assert not night(case, at(hours=2))
        do(case, "note", around(ANN, at(hours=3)), starts="2027-01-10", outcome="again")
        assert night(case, at(hours=3))
        assert case.steps["window"].state == "done"

    def test_wakes_nothing_in_a_case_that_is_closed(self) -> None:
        case = begun(made(WINDOW))
        do(case, "raise", what="Lift", starts="2027-07-01")
        steps.close(case, around(), "withdrawn")
        assert not night(case, at(days=999))


class TestAtMost:
    def test_lets_people_do_it_in_time(self) -> None:
        case = begun(made(REPLY))
        do(case, "ask")
        assert case.steps["answer_it"].wake_at == datetime(2026, 11, 30, 17, tzinfo=UTC)
        do(case, "answer_it", answer="Yes")
        assert open_keys(case) == ["done"]
        assert [run.wake_at for run in case.steps.values()] == [None, None, None]
        assert not night(case, at(days=30))

    def test_takes_the_outcome_of_time_when_it_is_up(self) -> None:
        case = begun(made(REPLY))
        do(case, "ask")
        assert night(case, at(days=8))
        assert (case.ending, case.steps["answer_it"].done_by) == ("closed-no-answer", "system")

    @pytest.mark.parametrize("hats", [None, frozenset({"desk"}), frozenset({"resident"})])
    def test_offers_that_outcome_to_nobody_else(self, hats: frozenset[str] | None) -> None:
        case = begun(made(REPLY))
        do(case, "ask")
        with pytest.raises(NotYet):
            do(case, "answer_it", around(hats=hats), answer="Yes", outcome="no-answer")


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
        assert case.status == "closed"


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


class TestAnOpenStepBehindAnother:
    def test_cannot_be_finished_until_that_is_done(self) -> None:
        case = begun(made(WINDOW))
        do(case, "raise", what="Lift", starts="2020-01-01")
        night(case, MONDAY)
        case.steps["window"].state = "open"
        with pytest.raises(NotYet, match="“Window” has to be done before this"):
            do(case, "do_it")


@pytest.mark.django_db
@pytest.mark.usefixtures("everything")
class TestTheSweeper:
    SOURCE = """
process: incident
title: Incident
owner: desk
start: [desk]
fields:
  update: {ask: What is new?, type: text}
clocks:
  quick: {title: Quick, within: 1 hour, calendar: always, from: log, until: restore, late: {priority: high}}
steps:
  log: {title: Log, by: desk}
  updates: {title: Update, by: desk, after: log, every: 30 minutes, until: restore, ask: [update]}
  restore:
    title: Restore
    by: desk
    after: log
    wait: {at most: 2 hours, then: given-up}
    outcomes: {restored: {title: Restored, end: restored}, given-up: {title: Given up, by: time, end: given-up}}
"""

    @pytest.fixture
    def place(self) -> Place:
        publish_repair(self.SOURCE)
        return make_place()

    def start(self, place: Place) -> CaseState:
        case = actions.start_case(
            by=place.officer, council=place.council, process="incident", now=MONDAY, answers={}
        )
        return actions.act(
            by=place.officer,
            case_id=case.id,
            step="updates",
            expected=case.seq,
            now=MONDAY,
            answers={"update": "New"},
        )

    def test_opens_again_and_closes_what_has_waited_long_enough(self, place: Place) -> None:
        case = self.start(place)
        assert actions.sweep(at(minutes=29)) == 0
        assert actions.sweep(at(minutes=30)) == 1
        assert actions.sweep(at(minutes=31)) == 0
        again = store.load(case.id)
        assert again is not None
        assert (again.steps["updates"].run, again.steps["updates"].wake_at) == (2, None)
        assert actions.sweep(at(hours=3)) == 1
        done = store.load(case.id)
        assert done is not None
        assert (done.ending, done.priority) == ("given-up", "high")
        assert not Step.objects.filter(wake_at__isnull=False).exists()
        actors = Event.objects.filter(case_id=case.id, kind__in=["repeated", "waited"]).values_list(
            "actor_kind"
        )
        assert set(actors) == {("system",)}

    def test_does_clocks_and_waits_of_a_case_at_once(self, place: Place) -> None:
        case = self.start(place)
        assert actions.sweep(at(hours=9)) == 1
        kinds = list(
            Event.objects.filter(case_id=case.id, seq__gt=case.seq)
            .order_by("seq")
            .values_list("kind", flat=True)
        )
        assert kinds == ["late", "repeated", "waited", "done", "ended"]

    def test_lets_one_case_that_fails_hold_nobody_up(
        self, place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, sound = self.start(place), self.start(place)
        wake = steps.wake

        def fails(case: CaseState, here: object) -> bool:
            if case.id == broken.id:
                raise RuntimeError("a watcher fails")
            return wake(case, here)  # type: ignore[arg-type]

        monkeypatch.setattr(steps, "wake", fails)
        assert actions.sweep(at(hours=9)) == 1
        assert str(broken.id) in caplog.text
        assert actions.sweep(at(hours=9)) == 0
        assert Clock.objects.get(case_id=sound.id).state == "missed"
        monkeypatch.setattr(steps, "wake", wake)
        assert actions.sweep(at(hours=9) + clocks.LATER) == 1
        assert Clock.objects.get(case_id=broken.id).state == "missed"

    def test_is_asked_for_by_an_index(self, place: Place) -> None:
        self.start(place)
        waits = Step.objects.filter(
            current=True, wake_at__isnull=False, wake_at__lte=MONDAY + timedelta(days=1)
        )
        assert "process_wake" in waits.explain() or "Seq Scan" in waits.explain()

    def test_leaves_a_case_alone_that_its_person_has_closed(self, place: Place) -> None:
        case = self.start(place)
        actions.end_case(
            by=Viewer.system(),
            case_id=case.id,
            ending="withdrawn",
            expected=None,
            now=at(minutes=5),
            text="Gone.",
        )
        assert actions.sweep(at(hours=9)) == 0
