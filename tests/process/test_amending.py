"""Putting answers right outside any step: who may, what follows, and what the history then says to whom."""

import json
from datetime import timedelta

import pytest

from moothall.councils.rules import Viewer
from moothall.plain.errors import Invalid, NotFound, Refused
from moothall.process import actions, circles, queries, store
from moothall.process.errors import CaseChanged, CaseClosed, NotYoursToAmend
from moothall.process.models import Clock, Event
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair

REPAIR = """
process: repair
title: Repair
owner: desk
start: [resident, agent]
fields:
  what: {ask: What is broken?, label: Broken, type: choice, of: {tap: A tap, gas: Gas leak}, amend: [desk, supervisor]}
  where: {ask: Where?, label: Place, type: text, amend: [agent]}
  secret: {ask: What is secret?, label: Secret, type: text, optional: true, private: [crew], amend: [crew, desk]}
  how: {label: How bad, type: choice, of: [bad, worse], table: {by: [what], rows: {gas: worse, "*": bad}}}
clocks:
  fix:
    title: Repaired
    within: {by: how, worse: 2 hours, bad: {time: 2 working days, calendar: office}}
    from: report
    until: fix
    late: {tell: desk}
  heard: {title: Heard of us, within: 1 hour, from: report, until: fix, on_written: again, late: {tell: desk}}
steps:
  report: {title: Report, by: [resident, agent], ask: [what, where, secret]}
  fix:
    title: Fix
    by: crew
    show: [how, secret]
    outcomes: {fixed: {title: Fixed, end: fixed}}
"""
LATER = MONDAY + timedelta(minutes=30)


@pytest.fixture
def place(db: None, everything: None) -> Place:
    publish_repair(REPAIR)
    return make_place()


def amend(place: Place, by: Viewer, case_id: int, why: str = "", **answers: str) -> None:
    case = store.load(case_id)
    assert case is not None
    actions.amend(by=by, case_id=case_id, expected=case.seq, answers=answers, now=LATER, why=why)


@pytest.mark.django_db
class TestAmending:
    def test_puts_an_answer_right_and_all_that_follows_from_it(self, place: Place) -> None:
        case = make_case(place)
        amend(place, place.officer, case.id, "It smells of gas.", what="gas", where="The hall")
        again = store.load(case.id)
        assert again is not None
        assert (again.data["how"], again.headline) == ("worse", "Gas leak")
        assert again.clocks["fix"].due_at == MONDAY + timedelta(hours=2)
        assert (again.clocks["fix"].target, again.clocks["fix"].within) == ("worse", "2 hours")
        assert again.origins["what"]["from"] == "amend:report"
        event = Event.objects.get(case_id=case.id, kind="amended")
        assert json.loads(event.body)["was"] == {"how": "bad", "what": "tap", "where": "The kitchen"}
        assert Event.objects.filter(case_id=case.id, kind="retargeted", step="fix").count() == 1

    def test_lets_the_case_be_found_by_what_is_new(self, place: Place) -> None:
        case = make_case(place)
        amend(place, place.adviser, case.id, where="Gasworks Lane")
        assert [each.case_id for each in queries.search(place.officer, "gasworks")] == [case.id]

    @pytest.mark.parametrize(("who", "key"), [("worker", "what"), ("officer", "how")])
    def test_is_refused_to_whom_the_process_does_not_name(self, place: Place, who: str, key: str) -> None:
        case = make_case(place)
        with pytest.raises((NotYoursToAmend, Refused)):
            amend(place, getattr(place, who), case.id, **{key: "gas"})

    def test_is_for_supervisors_where_they_are_named(self, place: Place) -> None:
        case = make_case(place)
        amend(place, place.supervisor, case.id, what="gas")
        with pytest.raises(Invalid):
            amend(place, place.supervisor, case.id, secret="hidden")

    def test_does_not_know_an_answer_that_is_not_there_for_somebody(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(Invalid) as refused:
            amend(place, place.officer, case.id, secret="x")
        assert refused.value.fields == {"secret": ["This question is not one of the case."]}

    def test_is_refused_on_what_is_closed_or_has_changed_or_is_not_there(self, place: Place) -> None:
        case = make_case(place)
        with pytest.raises(CaseChanged):
            actions.amend(
                by=place.officer, case_id=case.id, expected=case.seq - 1, answers={"what": "gas"}, now=LATER
            )
        stranger = make_place()
        with pytest.raises((NotFound, Refused)):
            amend(place, stranger.officer, case.id, what="gas")
        actions.act(by=place.worker, case_id=case.id, step="fix", expected=None, now=LATER)
        with pytest.raises(CaseClosed):
            amend(place, place.officer, case.id, what="gas")

    def test_offers_what_somebody_may_put_right(self, place: Place) -> None:
        case = make_case(place)
        offered = {
            name: [each.key for each in queries.amendable(viewer, case, circles.sight(viewer, case))]
            for name, viewer in (("officer", place.officer), ("worker", place.worker))
        }
        assert offered == {"officer": ["what", "where"], "worker": ["where", "secret"]}


@pytest.mark.django_db
class TestTheHistory:
    def test_says_what_was_put_right_from_what_to_what_and_why(self, place: Place) -> None:
        case = make_case(place)
        amend(place, place.officer, case.id, "It smells.", what="gas")
        lines = queries.case_file(place.officer, case.reference, LATER).history
        line = next(each for each in lines if each.kind == "amended")
        assert (line.sentence, line.text) == ("Put right, outside any step", "It smells.")
        assert line.answers == (("Broken", "Gas leak (it was A tap)"), ("How bad", "Worse (it was Bad)"))
        clock = next(each for each in lines if each.kind == "retargeted")
        assert (
            clock.sentence
            == "The clock “Repaired”: 2 hours now, not 2 working days, since “How bad” became Worse"
        )

    def test_gives_nothing_away_to_those_outside_a_circle(self, place: Place) -> None:
        case = make_case(place)
        amend(place, place.worker, case.id, "The key is under the mat.", secret="Key")
        told = {
            name: next(
                each
                for each in queries.case_file(viewer, case.reference, LATER).history
                if each.kind == "amended"
            )
            for name, viewer in (("officer", place.officer), ("worker", place.worker))
        }
        assert (told["officer"].text, told["officer"].answers) == ("", ())
        assert (told["worker"].text, told["worker"].answers) == (
            "The key is under the mat.",
            (("Secret", "Key"),),
        )


@pytest.mark.django_db
class TestWriting:
    def test_keeps_each_run_of_an_update_as_a_row_of_its_own(self, place: Place) -> None:
        case = make_case(place)
        for minutes in (30, 100):
            actions.write(
                by=place.officer,
                case_id=case.id,
                text="Still on it.",
                now=MONDAY + timedelta(minutes=minutes),
            )
        actions.act(
            by=place.worker, case_id=case.id, step="fix", expected=None, now=MONDAY + timedelta(minutes=110)
        )
        rows = Clock.objects.filter(case_id=case.id, key="heard").order_by("run")
        assert [(row.run, row.state, row.used_seconds, row.ended_by) for row in rows] == [
            (1, "met", 1800, "wrote"),
            (2, "missed", 4200, "wrote"),
            (3, "met", 600, "step"),
        ]
