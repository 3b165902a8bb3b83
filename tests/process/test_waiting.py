"""Time: waits that are over, at their latest or by the day, and the sweeper that looks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moothall.councils.rules import Viewer
from moothall.plain.working_time import Calendar
from moothall.process import actions, store
from moothall.process.actions import clocks
from moothall.process.definition import Outcome, Span
from moothall.process.definition.parts import Unit
from moothall.process.engine import steps
from moothall.process.engine.spans import due
from moothall.process.engine.state import NEVER, CaseState
from moothall.process.errors import NotYet
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

    def test_that_leads_back_to_itself_is_over_once_at_a_time(self) -> None:
        window = made(WINDOW)
        again = {"again": Outcome(key="again", title="Again", back="window")}
        steps_of = {**window.steps, "window": replace(window.steps["window"], outcomes=again)}
        case = begun(replace(window, steps=steps_of))
        do(case, "raise", what="Lift", starts="2026-01-01")
        assert night(case, MONDAY)
        assert (case.steps["window"].run, case.steps["window"].state) == (2, "open")
        assert night(case, MONDAY)
        assert case.steps["window"].run == 3


LOOP = """
    {title: Window, after: raise, wait: {until: starts}}
  turn:
    title: Turn
    after: window
    wait: {until: starts}
    outcomes: {on: {title: On, when: what == "Stairs"}, again: {title: Again, back: window}}"""
OPENED = datetime(2026, 11, 22, 9, tzinfo=UTC)


class TestASpan:
    @pytest.mark.parametrize("unit", ["minutes", "hours", "days", "weeks", "months", "years"])
    @pytest.mark.parametrize("working", [False, True])
    def test_of_any_length_can_be_written_and_waited_for(self, unit: Unit, *, working: bool) -> None:
        span = Span(count=9999, unit=unit, working=working)
        assert OPENED < due(span, Calendar.always(), OPENED) <= NEVER


class TestAtMost:
    def test_lets_people_do_it_in_time(self) -> None:
        case = begun(made(REPLY))
        do(case, "ask")
        assert case.steps["answer_it"].wake_at == datetime(2026, 11, 30, 17, tzinfo=UTC)
        do(case, "answer_it", answer="Yes")
        assert open_keys(case) == ["done"]
        assert [run.wake_at for run in case.steps.values()] == [None, None, None]
        assert not night(case, at(days=30))

    def test_holds_up_no_case_of_which_it_was_the_last(self) -> None:
        reply = made(REPLY)
        case = begun(replace(reply, steps={key: reply.steps[key] for key in ("ask", "answer_it")}))
        do(case, "ask")
        do(case, "answer_it", answer="Yes")
        assert (case.status, case.ending) == ("closed", "completed")

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

    def test_goes_round_with_time_alone_no_faster_than_others_can_be_done(self, place: Place) -> None:
        publish_repair(
            WINDOW.replace(" {title: Window, after: raise, wait: {until: starts}}", LOOP).replace(
                "after: window}", "after: turn}"
            )
        )
        case = actions.start_case(
            by=place.officer,
            council=place.council,
            process="window",
            now=MONDAY,
            answers={"what": "Lift", "starts": "2026-01-01"},
        )
        rounds = [actions.sweep(MONDAY + each * clocks.LATER / 4) for each in range(9)]
        assert rounds == [1, 0, 0, 0, 1, 0, 0, 0, 1]
        assert Event.objects.filter(case_id=case.id, kind="waited").count() == 6
