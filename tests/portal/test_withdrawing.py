"""Taking a request back, and reading what staff write, as a browser does it."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.journal.worker import drain
from moothall.process import actions as process
from moothall.process.models import Case, Event
from moothall.requests.actions import Sent
from tests.requests.making import Town, make_request, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(town: Town) -> Sent:
    with scope.everything("a test makes a request"):
        return make_request(town)


def address(town: Town, sent: Sent, *more: str) -> str:
    return "/".join(["", town.council.code, "follow", sent.reference, sent.token, *more, ""])


class TestWithdrawing:
    def test_is_asked_once_more_before_it_is_done(self, client: Client, town: Town, sent: Sent) -> None:
        assert "withdraw your request" in client.get(address(town, sent)).content.decode()
        page = client.get(address(town, sent, "withdraw"))
        assert "This cannot be undone" in page.content.decode()
        with scope.everything("a test looks"):
            assert Case.objects.get(reference=sent.reference).status == "open"

    def test_closes_the_request_and_says_so(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "withdraw"), {"text": "They came after all."}, follow=True)
        page = answer.content.decode()
        assert "You have withdrawn your request" in page
        assert "You withdrew your request" in page
        with scope.everything("a test looks"):
            case = Case.objects.get(reference=sent.reference)
            assert (case.status, case.ending) == ("closed", "withdrawn")
            event = Event.objects.get(case=case, kind="ended_early")
            assert "They came after all." in event.body
        drain(timezone.now())
        assert "we stop working on it" in mail.outbox[-1].body

    def test_keeps_what_was_written_when_it_is_too_long(self, client: Client, town: Town, sent: Sent) -> None:
        answer = client.post(address(town, sent, "withdraw"), {"text": "x" * 3000})
        assert answer.status_code == 422
        assert "must be 2,000 characters or fewer" in answer.content.decode()
        assert "xxx" in answer.content.decode()

    def test_twice_changes_nothing(self, client: Client, town: Town, sent: Sent) -> None:
        client.post(address(town, sent, "withdraw"))
        answer = client.post(address(town, sent, "withdraw"), follow=True)
        assert "closed already" in answer.content.decode()
        with scope.everything("a test looks"):
            assert Event.objects.filter(case__reference=sent.reference, kind="ended_early").count() == 1

    def test_needs_the_secret_of_the_link(self, client: Client, town: Town, sent: Sent) -> None:
        elsewhere = make_town(services=("missed-bin",), code="elsewhere")
        for wrong in (
            f"/{town.council.code}/follow/{sent.reference}/{'x' * 32}/withdraw/",
            address(elsewhere, sent, "withdraw"),
        ):
            assert client.post(wrong).status_code == 404
        assert client.post(f"/{town.council.code}/requests/{sent.reference}/withdraw/").status_code == 302
        with scope.everything("a test looks"):
            assert Case.objects.get(reference=sent.reference).status == "open"


class TestAMessageFromStaff:
    def test_is_sent_and_stands_on_the_page(self, client: Client, town: Town, sent: Sent) -> None:
        with scope.everything("a test lets staff write"):
            process.write(
                by=town.officer, case_id=sent.request.case_id, text="We come on Friday.", now=timezone.now()
            )
        page = client.get(address(town, sent)).content.decode()
        assert "We wrote to you" in page
        assert "We come on Friday." in page
        drain(timezone.now())
        letter = mail.outbox[-1]
        assert letter.subject == f"A message about your request {sent.reference}"
        assert "We come on Friday." in letter.body
