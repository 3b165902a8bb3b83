"""Where somebody comes to who has done a step of the desk's work: the page on which its case is shown."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.councils import scope
from moothall.councils.models import Staff
from moothall.process.models import Case, Step
from moothall.servicedesk.actions.calls import log_call
from tests.makers import make_staff
from tests.servicedesk.changing import Board, make_board
from tests.servicedesk.leading import Led, make_led
from tests.workplace.change_pages import NOT_FOUND, browser, doing, one_change, text_of, waiting_change

pytestmark = pytest.mark.django_db
WHY = "a test of where people come to"


@pytest.fixture
def board(db: None, settings: Settings) -> Board:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything(WHY):
        return make_board()


@pytest.fixture
def led(db: None, settings: Settings) -> Led:
    del db
    settings.SECOND_FACTOR = "off"
    with scope.everything(WHY):
        return make_led()


def come_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff.user)
    return client


def do(client: Client, reference: str, step: str, outcome: str, **answers: Any) -> Any:
    """Finish a step on the page of its case, as a browser does it, and go where that leads."""
    seq = Case.unscoped(WHY).values_list("seq", flat=True).get(reference=reference)
    given = {f"{step}-{key}": value for key, value in answers.items()}
    sent = given | {f"{step}-expected": seq, f"{step}-outcome": outcome}
    return client.post(f"/work/case/{reference}/step/{step}/", sent, follow=True)


def ends_at(answer: Any) -> str:
    found: str = answer.redirect_chain[-1][0]
    return found


class TestAStepOfAChange:
    def test_leads_back_to_the_change_and_says_what_was_done(self, board: Board) -> None:
        reference = one_change(board).call.reference
        done = do(browser(board, "colleague"), reference, "peer", "sound")
        assert ends_at(done) == f"/work/desk/changes/{reference}/"
        assert "“Check by a colleague” is done" in text_of(done)

    def test_that_is_passed_on_leads_there_too(self, board: Board) -> None:
        reference = one_change(board).call.reference
        page = f"/work/case/{reference}/step/peer/pass-on/"
        seq = Case.unscoped(WHY).values_list("seq", flat=True).get(reference=reference)
        whom = f"{board.resolvers.pk}:{board.staff['third'].pk}"
        sent = {"to": whom, "why": "You know it.", "expected": seq}
        done = browser(board, "colleague").post(page, sent, follow=True)
        assert ends_at(done) == f"/work/desk/changes/{reference}/"

    def test_that_is_only_taken_stays_where_it_is_done(self, board: Board) -> None:
        reference = one_change(board).call.reference
        seq = Case.unscoped(WHY).values_list("seq", flat=True).get(reference=reference)
        page = f"/work/case/{reference}/step/peer/take/"
        done = browser(board, "colleague").post(page, {"expected": seq}, follow=True)
        assert ends_at(done) == f"/work/case/{reference}/"

    def test_ended_leads_there_too(self, board: Board) -> None:
        reference = waiting_change(board).call.reference
        seq = Case.unscoped(WHY).values_list("seq", flat=True).get(reference=reference)
        sent = {"ending": "withdrawn", "text": "Not now.", "expected": seq}
        done = browser(board, "manager").post(f"/work/case/{reference}/end/", sent, follow=True)
        assert ends_at(done) == f"/work/desk/changes/{reference}/"
        assert "The case is closed." in text_of(done)

    def test_done_by_somebody_who_sees_nothing_else_of_it_leads_to_their_first_page(
        self, board: Board
    ) -> None:
        change, helper = one_change(board), make_staff(council=board.ash, roles=("officer",))
        steps = Step.unscoped(WHY).filter(case_id=change.call.case_id, key="peer")
        steps.update(team=None, person=helper)
        done = do(come_in(helper), change.call.reference, "peer", "sound")
        assert ends_at(done) == "/work/"
        assert "“Check by a colleague” is done" in text_of(done)
        again = come_in(helper).get(f"/work/case/{change.call.reference}/")
        assert again.status_code == NOT_FOUND


class TestAStepOfAMajorIncident:
    def test_leads_to_its_room(self, led: Led) -> None:
        reference = doing(led.major, now=timezone.now()).case.reference
        done = do(come_in(led.staff["manager"]), reference, "lead", "leading", bridge="Room 1")
        assert ends_at(done) == f"/work/desk/majors/{reference}/"
        assert "“Take the lead” is done" in text_of(done)


class TestAStepOfAProblem:
    def test_leads_to_its_call(self, led: Led) -> None:
        facts = {"council": led.desk.ash, "kind": "problem", "now": timezone.now(), "submission": "a-problem"}
        answers = {"summary": "It stops at nine", "detail": "Daily.", "category": "email", "priority": "P3"}
        reference = doing(log_call, by=led.manager, answers=answers, **facts).reference
        found = {"cause": "A rule", "workaround": "By phone", "way": "accept"}
        done = do(come_in(led.staff["manager"]), reference, "investigate", "accept", **found)
        assert ends_at(done) == f"/work/desk/call/{reference}/"
        assert "“Find the cause” is done" in text_of(done)
