"""Taking back that a case was ended by mistake."""

from datetime import timedelta

import pytest

from moothall.plain.errors import Refused
from moothall.process import actions, queries
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotEnded, SayWhy
from moothall.process.models import Case, Clock, Step
from moothall.process.rehearsal import rehearse_past
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair
from tests.process.test_rehearsal import SYSTEM, YEAR_AGO, draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
HOUR = timedelta(hours=1)


@pytest.fixture
def place() -> Place:
    publish_repair()
    return make_place()


def end(place: Place, case: CaseState) -> CaseState:
    return actions.end_case(
        by=place.officer,
        case_id=case.id,
        ending="duplicate",
        expected=None,
        now=MONDAY + HOUR,
        text="Same tap.",
    )


def open_anew(
    place: Place, case: CaseState, *, text: str = "Another tap.", ending: str = "duplicate"
) -> CaseState:
    return actions.open_anew(
        by=place.officer, case_id=case.id, ending=ending, expected=None, now=MONDAY + 2 * HOUR, text=text
    )


def test_what_waited_waits_again_for_whoever_had_it(place: Place) -> None:
    case = make_case(place)
    actions.take(by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY)
    end(place, case)
    after = open_anew(place, case)
    assert (after.status, after.ending, after.closed_at) == ("open", "", None)
    (run,) = after.open_steps()
    assert (run.key, run.run, run.person_id) == ("check", 2, place.officer.staff_id)
    assert Step.objects.filter(case_id=case.id, state="open", current=True).count() == 1
    clock = Clock.objects.get(case_id=case.id)
    assert (clock.state, clock.ended_at) == ("running", None)
    done = actions.act(
        by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY + 3 * HOUR, outcome="go"
    )
    assert done.steps["fix"].state == "open"


def test_its_history_says_so_and_why(place: Place) -> None:
    case = make_case(place)
    end(place, case)
    open_anew(place, case)
    lines = queries.case_file(place.officer, case.reference, MONDAY + 2 * HOUR).history
    (line,) = [each for each in lines if each.kind == "reopened"]
    assert line.sentence.startswith("The case was opened again, since it was ended by mistake")
    assert line.text == "Another tap."


def test_it_wants_a_reason_and_the_ending_that_it_had(place: Place) -> None:
    case = make_case(place)
    with pytest.raises(NotEnded):
        open_anew(place, case)
    end(place, case)
    with pytest.raises(NotEnded):
        open_anew(place, case, ending="withdrawn")
    with pytest.raises(SayWhy):
        open_anew(place, case, text=" ")
    assert Case.objects.get(pk=case.id).status == "closed"


def test_it_is_for_whoever_may_end_cases(place: Place) -> None:
    case = make_case(place)
    end(place, case)
    with pytest.raises(Refused):
        actions.open_anew(
            by=place.adviser, case_id=case.id, ending="duplicate", expected=None, now=MONDAY, text="Mine."
        )


def test_a_rehearsal_plays_it(place: Place) -> None:
    case = make_case(place)
    end(place, case)
    open_anew(place, case)
    for step, by, outcome in (("check", place.officer, "go"), ("fix", place.worker, "")):
        actions.act(by=by, case_id=case.id, step=step, expected=None, now=MONDAY + 3 * HOUR, outcome=outcome)
    report = rehearse_past(SYSTEM, draft(), since=YEAR_AGO).report
    assert (report.cases, report.same) == (1, 1)
