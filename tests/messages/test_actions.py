"""Writing emails: once for each cause, safe in their headers, and carried by the outbox."""

from datetime import datetime
from typing import Any

import pytest
from django.core import mail

from moothall.councils import scope
from moothall.councils.errors import OutOfScope
from moothall.journal import worker
from moothall.journal.models import Entry, Job
from moothall.messages import queries
from moothall.messages.actions import send_email
from moothall.messages.models import Message
from tests.makers import make_council

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def make_email(*, now: datetime, council_id: int = 0, **parts: str) -> Message:
    facts: dict[str, Any] = {
        "key": "case:1:received",
        "to": "ada@example.org",
        "subject": "We have your request",
        "body": "Thank you.\n",
    }
    council_id = council_id or make_council().pk
    return send_email(council_id=council_id, about="case:1", now=now, **(facts | parts))


class TestWritingAnEmail:
    def test_sends_it_through_the_outbox_from_its_council(self, now: datetime) -> None:
        council = make_council(name="Ash Valley")
        message = make_email(now=now, council_id=council.pk)
        assert (message.state, mail.outbox) == ("queued", [])

        assert worker.drain(now) == 1

        message.refresh_from_db()
        (letter,) = mail.outbox
        assert message.state == Message.State.SENT
        assert message.sent_at is not None
        assert letter.to == ["ada@example.org"]
        assert letter.from_email == "Ash Valley <no-reply@localhost>"
        assert letter.extra_headers["Message-ID"] == message.message_id
        assert Entry.objects.filter(what="message.sent", about="case:1", council_id=council.pk).count() == 1

    def test_the_same_cause_makes_one_email(self, now: datetime) -> None:
        council_id = make_council().pk
        first = make_email(now=now, council_id=council_id)
        assert make_email(now=now, council_id=council_id, subject="Again").pk == first.pk
        assert Job.objects.count() == 1
        worker.drain(now)
        make_email(now=now, council_id=council_id)
        worker.drain(now)
        assert len(mail.outbox) == 1

    def test_sends_the_plain_text_first_and_the_html_beside_it(self, now: datetime) -> None:
        make_email(now=now, html="<p>Thank you.</p>")
        worker.drain(now)
        parts = [part.get_content_type() for part in mail.outbox[0].message().walk()]
        assert parts == ["multipart/alternative", "text/plain", "text/html"]

    @pytest.mark.parametrize(
        "subject", ["Bin\r\nBcc: all@example.org", "Bin\nX: y", "Bin\x0bX", "Bin\u2028X: y"]
    )
    def test_keeps_line_breaks_out_of_the_headers(self, now: datetime, subject: str) -> None:
        make_email(now=now, subject=subject)
        worker.drain(now)
        raw = mail.outbox[0].message().as_string()
        assert "\nBcc:" not in raw
        assert len(str(mail.outbox[0].subject).splitlines()) == 1

    @pytest.mark.parametrize(
        "to", ["", "no address", "a@b@c.org", "ada@example.org\nBcc: x@b.org", "a, b@example.org"]
    )
    def test_keeps_what_is_no_address_as_failed_and_stops_nothing(self, now: datetime, to: str) -> None:
        message = make_email(now=now, to=to)
        assert (message.state, message.error) == ("failed", "This is not an email address.")
        assert not Job.objects.exists()

    def test_takes_any_letters_in_subject_body_and_council(self, now: datetime) -> None:
        council = make_council(name='Cyngor "Sir Gâr", Ynys Môn\x07')
        make_email(now=now, council_id=council.pk, subject="Bín 🗑 ﷽\ud800", body="\x00 ünï\ud800\r\nx")
        worker.drain(now)
        mail.outbox[0].message().as_bytes()
        assert Message.objects.get().state == Message.State.SENT

    def test_cannot_be_for_a_council_outside_the_scope(self, now: datetime) -> None:
        mine, theirs = make_council(), make_council()
        with scope.only([mine.pk]), pytest.raises(OutOfScope):
            make_email(now=now, council_id=theirs.pk)


class TestCorrespondence:
    def test_is_what_was_written_about_one_thing_within_the_scope(self, now: datetime) -> None:
        mine, theirs = make_council(), make_council()
        first = make_email(now=now, council_id=mine.pk, key="a")
        make_email(now=now, council_id=theirs.pk, key="b")
        second = make_email(now=now, council_id=mine.pk, key="c")
        with scope.only([mine.pk]):
            assert list(queries.correspondence("case:1")) == [first, second]
            assert not queries.correspondence("case:2")
