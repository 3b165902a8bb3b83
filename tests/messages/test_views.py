"""The demonstration's mailbox: readable by everybody there, and nowhere else."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.journal import worker
from moothall.messages.actions import send_email
from moothall.messages.models import KeptMail, Message, Received
from tests.makers import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def _demonstration(settings: Settings) -> None:
    settings.DEMO = True
    settings.MAIL_CARRIER = "moothall.messages.backends.Kept"


def make_letter(*, now: datetime, to: str, subject: str) -> KeptMail:
    send_email(
        council_id=make_council().pk,
        about="case:1",
        to=to,
        subject=subject,
        key=subject,
        now=now,
        body="Dear Ada\n\nSee http://127.0.0.1:8000/ash/ABC\n<b>bold</b>",
    )
    worker.drain(now)
    return KeptMail.objects.latest("pk")


@pytest.mark.usefixtures("_demonstration")
class TestTheMailbox:
    def test_keeps_what_would_have_been_sent(self, now: datetime, client: Client) -> None:
        make_letter(now=now, to="ada@example.org", subject="We have it")
        make_letter(now=now, to="bob@example.org", subject="Your bin")
        page = client.get("/demo/mail/").content.decode()
        assert "We have it" in page
        assert "Your bin" in page
        assert "demonstration" in page
        narrowed = client.get("/demo/mail/", {"to": "bob"}).content.decode()
        assert "Your bin" in narrowed
        assert "We have it" not in narrowed

    def test_shows_a_letter_with_its_links_and_nothing_alive_in_it(
        self, now: datetime, client: Client
    ) -> None:
        letter = make_letter(now=now, to="ada@example.org", subject="<script>")
        page = client.get(f"/demo/mail/{letter.pk}/").content.decode()
        assert '<a href="http://127.0.0.1:8000/ash/ABC"' in page
        assert "&lt;b&gt;bold" in page
        assert "<script>" not in page.replace('<script type="module"', "")

    def test_says_when_there_is_no_letter(self, client: Client) -> None:
        assert "No letter has been sent yet" in client.get("/demo/mail/").content.decode()
        assert "There is no letter to" in client.get("/demo/mail/", {"to": "eve\x00"}).content.decode()
        assert client.get("/demo/mail/999/").status_code == 404


class TestOutsideTheDemonstration:
    def test_it_does_not_exist(self, now: datetime, client: Client, settings: Settings) -> None:
        settings.DEMO = False
        assert client.get("/demo/mail/").status_code == 404
        assert client.get("/demo/mail/1/").status_code == 404
        assert client.get("/demo/mail/write/").status_code == 404
        assert client.post("/demo/mail/write/", {"text": "x"}).status_code == 404


@pytest.mark.usefixtures("_demonstration")
class TestWritingToACouncil:
    def test_arrives_in_its_mailbox_as_a_real_letter(self, client: Client) -> None:
        council = make_council(code="ash", name="Ash Valley")
        given = {
            "council": "ash",
            "name": "Ada, L.",
            "sender": "ada@example.org",
            "subject": "Bin\r\nBcc: x",
            "text": "Oh ☃",
        }
        answer = client.post("/demo/mail/write/", given)
        assert answer.status_code == 302
        worker.drain()
        received = Received.objects.get()
        assert (received.council_id, received.sender_name, received.sender) == (
            council.pk,
            "Ada, L.",
            "ada@example.org",
        )
        assert (received.subject, received.snippet) == ("Bin Bcc: x", "Oh ☃")

    def test_answers_a_letter_of_the_council_in_its_thread(self, now: datetime, client: Client) -> None:
        kept = make_letter(now=now, to="ada@example.org", subject="Your bin")
        assert f"/demo/mail/write/?answer={kept.pk}" in client.get(f"/demo/mail/{kept.pk}/").content.decode()
        page = client.get("/demo/mail/write/", {"answer": kept.pk}).content.decode()
        assert "Re: Your bin" in page
        given = {
            "council": Message.objects.get().council.code,
            "sender": "ada@example.org",
            "subject": "Re: Your bin",
            "text": "Yes.\n\n> What?",
            "answers": kept.message_id,
        }
        client.post("/demo/mail/write/", given)
        worker.drain()
        assert Received.objects.get().thread == "case:1"

    def test_says_what_is_missing(self, client: Client) -> None:
        make_council(code="ash")
        answer = client.post("/demo/mail/write/", {"council": "nowhere", "sender": "x", "text": ""})
        assert answer.status_code == 422
        assert not Received.objects.exists()

    @pytest.mark.parametrize("number", ["x", "9" * 18, "9" * 40, "\u0663", "-1", "0"])
    def test_answers_nothing_that_is_not_there(self, client: Client, number: str) -> None:
        assert client.get("/demo/mail/write/", {"answer": number}).status_code in {200, 404}
