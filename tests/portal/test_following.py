"""Following a request, as a browser does it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from moothall.councils import scope
from moothall.messages.models import Message
from moothall.portal.frames import landing_of
from moothall.process import actions as process
from moothall.process.models import Case
from moothall.requests.actions import Sent
from tests.makers import make_staff, make_user
from tests.requests.making import Town, check_round, make_request, make_town, resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(town: Town) -> Sent:
    with scope.everything("a test makes a request"):
        return make_request(town)


def address(town: Town, sent: Sent, *more: str) -> str:
    return "/".join(["", town.council.code, "follow", sent.reference, sent.token, *more, ""])


def ask(town: Town, sent: Sent) -> int:
    """Let the officer put a question back; return what the resident's page says was seen."""
    with scope.everything("a test lets staff work"):
        check_round(town, sent.request.case_id, "ask-resident", question="Which gate?")
        seq: int = Case.objects.get(pk=sent.request.case_id).seq
        return seq


def words(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


class TestSigningIn:
    def test_leads_to_the_requests_one_has(self, town: Town) -> None:
        me = make_user(name="Priya Nair")
        assert landing_of(me) is None
        with scope.everything("a test makes a request"):
            make_request(town, by=resident(me, town.council))
        assert landing_of(me) == f"/{town.council.code}/requests/"

    def test_leads_staff_elsewhere(self, town: Town) -> None:
        staff = make_staff(council=town.council)
        with scope.everything("a test makes a request"):
            make_request(town, by=resident(staff.user, town.council))
        assert landing_of(staff.user) is None


class TestTheSecretLink:
    def test_shows_the_request(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.get(address(town, sent))
        page = words(answer)
        for said in (
            sent.reference,
            "We are working on it",
            "What happens next",
            "Bin emptied",
            "12 High Street",
        ):
            assert said in page
        assert "no-store" in answer.headers["Cache-Control"]

    def test_shows_nothing_if_a_letter_is_wrong(self, client: Client, town: Town, sent: Sent) -> None:
        for wrong in (address(town, sent)[:-2] + "/", f"/{town.council.code}/follow/{sent.reference}/x/"):
            answer = client.get(wrong)
            assert answer.status_code == 404
            assert "12 High Street" not in words(answer)

    def test_shows_nothing_at_another_council(self, client: Client, town: Town, sent: Sent) -> None:
        with scope.everything("another town"):
            other = make_town(code="elsewhere")
        assert client.get(address(other, sent)).status_code == 404

    def test_costs_a_fixed_number_of_questions(self, client: Client, town: Town, sent: Sent) -> None:
        client.get(address(town, sent))
        with CaptureQueriesContext(connection) as asked:
            client.get(address(town, sent))
        assert len(asked) == 7  # the council, and six of queries.followed


class TestAQuestionPutBack:
    def test_is_answered_on_the_spot(self, client: Client, town: Town, sent: Sent) -> None:
        seen = ask(town, sent)
        page = words(client.get(address(town, sent)))
        assert "We need something from you" in page
        assert "Which gate?" in page
        answer = client.post(
            address(town, sent, "answer", "reply"),
            {"reply-expected": seen, "reply-answer": "The side gate"},
            follow=True,
        )
        assert "Thank you. We have your answer." in words(answer)
        assert "The side gate" in words(answer)

    def test_needs_an_answer(self, client: Client, town: Town, sent: Sent) -> None:
        seen = ask(town, sent)
        answer = client.post(
            address(town, sent, "answer", "reply"), {"reply-expected": seen, "reply-answer": ""}
        )
        assert answer.status_code == 422
        assert "<title>Error: " in words(answer)

    def test_answered_a_second_time_changes_nothing(self, client: Client, town: Town, sent: Sent) -> None:
        seen = ask(town, sent)
        for text in ("The side gate", "The back gate"):
            answer = client.post(
                address(town, sent, "answer", "reply"),
                {"reply-expected": seen, "reply-answer": text},
                follow=True,
            )
        assert "answered already" in words(answer)
        assert Case.unscoped("a test looks").get().data["answer"] == "The side gate"

    def test_that_changed_meanwhile_is_shown_again_with_what_was_typed(
        self, client: Client, town: Town, sent: Sent
    ) -> None:
        seen = ask(town, sent)
        with scope.everything("a test lets staff work"):
            process.act(
                by=town.officer,
                case_id=sent.request.case_id,
                step="reply",
                expected=None,
                now=sent.request.created_at,
                answers={"answer": "By phone: the front"},
                outcome="answered",
            )
            check_round(town, sent.request.case_id, "ask-resident", question="Which of the two?")
        answer = client.post(
            address(town, sent, "answer", "reply"), {"reply-expected": seen, "reply-answer": "The side gate"}
        )
        page = words(answer)
        assert answer.status_code == 409
        assert "changed while you were writing" in page
        assert "The side gate" in page
        assert "Which of the two?" in page
        now = Case.unscoped("a test looks").get().seq
        assert f'name="reply-expected" value="{now}"' in page

    def test_survives_an_expired_page(self, town: Town, sent: Sent) -> None:
        seen = ask(town, sent)
        strict = Client(enforce_csrf_checks=True)
        answer = strict.post(
            address(town, sent, "answer", "reply"), {"reply-expected": seen, "reply-answer": "The side gate"}
        )
        assert "This page was open for a long time" in words(answer)
        assert "The side gate" in words(answer)
        assert "answer" not in Case.unscoped("a test looks").get().data

    @pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 400, "٣"])
    def test_takes_a_broken_form_calmly(self, client: Client, town: Town, sent: Sent, seen: str) -> None:
        ask(town, sent)
        answer = client.post(
            address(town, sent, "answer", "reply"), {"reply-expected": seen, "reply-answer": "x"}
        )
        assert answer.status_code in {302, 409, 422}

    def test_about_another_step_is_not_put(self, client: Client, town: Town, sent: Sent) -> None:
        ask(town, sent)
        answer = client.post(address(town, sent, "answer", "check"), {"crew_report": "nothing"})
        assert answer.status_code == 302
        assert Case.unscoped("a test looks").get().status == "open"


class TestAMessage:
    def test_reaches_the_staff(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "message"), {"text": "<b>Behind</b> the wall"}, follow=True)
        page = words(answer)
        assert "We have added this to your request" in page
        assert "&lt;b&gt;Behind" in page

    def test_says_what_is_missing(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "message"), {"text": " "})
        assert answer.status_code == 422
        assert "Enter what you want to tell us" in words(answer)

    def test_can_be_too_long(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "message"), {"text": "x" * 5000})
        assert "4,000 characters or fewer" in words(answer)


class TestMyRequests:
    def test_are_for_those_signed_in(self, client: Client, town: Town) -> None:
        answer = client.get(f"/{town.council.code}/requests/")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/")

    def test_lists_mine_and_nobody_elses(self, client: Client, town: Town, sent: Sent) -> None:
        me = make_user()
        with scope.everything("a test makes a request"):
            mine = make_request(town, by=resident(me, town.council))
        client.force_login(me)
        page = words(client.get(f"/{town.council.code}/requests/"))
        assert mine.reference in page
        assert sent.reference not in page
        assert client.get(f"/{town.council.code}/requests/{mine.reference}/").status_code == 200
        assert client.get(f"/{town.council.code}/requests/{sent.reference}/").status_code == 404

    def test_can_take_in_one_with_its_link(self, client: Client, town: Town, sent: Sent) -> None:
        client.force_login(make_user())
        assert "Keep this in my account" in words(client.get(address(town, sent)))
        answer = client.post(address(town, sent, "keep"), follow=True)
        assert answer.redirect_chain[-1][0] == f"/{town.council.code}/requests/{sent.reference}/"
        assert "now in your account" in words(answer)


class TestALostLink:
    def test_gets_the_same_answer_whatever_is_entered(self, client: Client, town: Town, sent: Sent) -> None:
        pages = set()
        for reference in (sent.reference, "ASH-0000-0000", "nonsense"):
            answer = client.post(
                f"/{town.council.code}/follow/", {"reference": reference, "email": "sam@example.org"}
            )
            pages.add(re.sub(r'value="[^"]+"', "", words(answer)))
        assert len(pages) == 1
        assert Message.unscoped("a test looks").filter(subject__startswith="Your link").count() == 1

    def test_is_not_sent_again_and_again(self, client: Client, town: Town) -> None:
        asked = {"reference": "ASH-0000-0000", "email": "eve@example.org"}
        statuses = [client.post(f"/{town.council.code}/follow/", asked).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]

    def test_needs_both(self, client: Client, town: Town) -> None:
        page = words(client.post(f"/{town.council.code}/follow/", {}))
        assert "Enter your reference" in page
        assert "Enter your email address" in page
