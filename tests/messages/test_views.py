"""The demonstration's mailbox: readable by everybody there, and nowhere else."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from moothall.journal import worker
from moothall.messages.actions import send_email
from moothall.messages.models import KeptMail
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
