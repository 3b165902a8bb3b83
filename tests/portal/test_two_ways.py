"""A question that may be answered in two ways: an answered complaint is closed, or taken to stage 2."""

from datetime import timedelta

import pytest
from django.test import Client

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.process import actions as process
from moothall.process.models import Case
from moothall.requests import actions
from moothall.requests.actions import Sent
from tests.requests.making import MONDAY, SAM, Town, make_town

pytestmark = pytest.mark.django_db
COMPLAINT = {
    "about": "waste",
    "what": "Nobody came, three times.",
    "since": "2026-11-01",
    "wanted": "Come.",
    "for_whom": "myself",
}


@pytest.fixture
def town(db: None) -> Town:
    with scope.everything("a test makes a town"):
        return make_town(services=("complaint",), code="ashfield")


@pytest.fixture
def sent(town: Town) -> Sent:
    """A complaint that was answered at stage 1."""
    with scope.everything("a test lets staff work"):
        made = actions.raise_for_resident(
            by=town.adviser,
            council=town.council,
            service="complaint",
            answers=COMPLAINT,
            contact=SAM,
            channel="letter",
            submission="letter-1",
            now=MONDAY,
        )
        act(made, "acknowledge", "accepted", definition="Three missed collections.")
        found = {"finding": "upheld", "response": "You are right.", "remedy": "We come on Friday."}
        act(made, "respond", "answered", **found)
    return made


def act(sent: Sent, step: str, outcome: str, **answers: str) -> None:
    process.act(
        by=Viewer.system(),
        case_id=sent.request.case_id,
        step=step,
        expected=None,
        now=MONDAY + timedelta(days=1),
        answers=answers,
        outcome=outcome,
    )


def address(town: Town, sent: Sent, *more: str) -> str:
    return "/".join(["", town.council.code, "follow", sent.reference, sent.token, *more, ""])


def case() -> Case:
    found: Case = Case.unscoped("a test looks").get()
    return found


class TestAnAnsweredComplaint:
    def test_can_be_read_with_what_may_be_done_about_it(self, client: Client, town: Town, sent: Sent) -> None:
        page = client.get(address(town, sent)).content.decode()
        for said in ("You are right.", "We come on Friday.", "Ask for stage 2", "Close the complaint"):
            assert said in page
        letters = [each.body for each in Message.unscoped("a test looks").order_by("id")]
        assert "Three missed collections." in letters[1]

    def test_is_closed_by_whoever_is_satisfied(self, client: Client, town: Town, sent: Sent) -> None:
        typed = {"decide-expected": case().seq, "decide-outcome": "satisfied"}
        answer = client.post(address(town, sent, "answer", "decide"), typed, follow=True)
        assert "Your complaint is closed after stage 1" in answer.content.decode()
        assert case().status == "closed"

    def test_goes_to_stage_2_with_a_reason(self, client: Client, town: Town, sent: Sent) -> None:
        typed = {
            "decide-expected": case().seq,
            "decide-outcome": "stage-2",
            "decide-still_unhappy": "You did not come.",
        }
        client.post(address(town, sent, "answer", "decide"), typed)
        page = client.get(address(town, sent)).content.decode()
        assert "You answered: Ask for stage 2" in page
        assert case().status == "open"

    def test_does_not_go_to_stage_2_without_one(self, client: Client, town: Town, sent: Sent) -> None:
        typed = {"decide-expected": case().seq, "decide-outcome": "stage-2"}
        answer = client.post(address(town, sent, "answer", "decide"), typed)
        assert answer.status_code == 422
        assert "<title>Error: " in answer.content.decode()

    def test_waits_until_a_way_is_chosen(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "answer", "decide"), {"decide-expected": case().seq})
        assert answer.status_code == 422
        assert "Select what you would like to do" in answer.content.decode()
