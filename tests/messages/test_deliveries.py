"""Carrying mail to a real mail server that is up, down, unwilling, or quicker than our commit."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.mail import send_mail
from pytest_django import Settings

from moothall.journal import jobs, queries, worker
from moothall.journal.models import Entry, Job
from moothall.messages import deliveries
from moothall.messages.actions import send_email
from moothall.messages.models import Message
from moothall.messages.queries import mail_state
from tests.makers import make_council
from tests.messages.postroom import Postroom

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def postroom(settings: Settings) -> Iterator[Postroom]:
    with Postroom() as room:
        settings.MAIL_CARRIER = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", room.port, False
        yield room


def write_to(address: str, *, now: datetime, key: str = "case:1:told") -> Message:
    council_id = make_council().pk
    body = "Grüß\n.\nbye"
    return send_email(
        council_id=council_id, about="case:1", to=address, subject="Your bin", body=body, key=key, now=now
    )


class TestAMailServerThatWorks:
    def test_gets_the_letter_once_with_its_own_message_id(self, now: datetime, postroom: Postroom) -> None:
        message = write_to("ada@example.org", now=now)
        worker.drain(now)
        worker.drain(now + timedelta(days=1))
        (letter,) = postroom.letters
        assert letter["Message-ID"] == message.message_id
        assert letter["To"] == "ada@example.org"
        body = letter.get_payload(decode=True)
        assert isinstance(body, bytes)
        assert body.decode().splitlines() == ["Grüß", ".", "bye"]
        assert Message.objects.get().state == Message.State.SENT


class TestAMailServerThatIsDown:
    def test_loses_nothing_and_gets_everything_when_it_is_back(
        self, now: datetime, settings: Settings
    ) -> None:
        with Postroom() as gone:
            port = gone.port
        settings.MAIL_CARRIER = SMTP
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
        for number in range(3):
            write_to(f"p{number}@example.org", now=now, key=f"k{number}")
        for number in range(60):
            worker.drain(now + timedelta(hours=number))
        state = mail_state()
        assert (state.queued, state.failed, state.carrier) == (3, 0, "smtp")
        assert "refused" in state.last_error
        assert queries.waiting(now).dead == 0
        with Postroom(port) as back:
            worker.drain(now + timedelta(hours=61))
            assert sorted(letter["To"] for letter in back.letters) == [f"p{n}@example.org" for n in range(3)]
        assert mail_state().queued == 0

    def test_does_not_break_a_page_that_sends_mail_itself(self, now: datetime, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "moothall.messages.backends.Posted"
        settings.MAIL_CARRIER, settings.EMAIL_HOST = SMTP, ""
        send_mail("Your code", "123456", None, ["ada@example.org"], html_message="<p>123456</p>")
        worker.drain()
        assert Job.objects.get().state == Job.State.READY
        with Postroom() as room:
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", room.port, False
            Job.objects.update(run_after=now - timedelta(days=9))
            worker.drain()
            assert room.letters[0]["Message-ID"].endswith("@127.0.0.1>")
        assert "123456" not in Job.objects.get().args


class TestNoMailServer:
    def test_lets_mail_wait_without_counting_attempts(self, now: datetime, settings: Settings) -> None:
        settings.MAIL_CARRIER, settings.EMAIL_HOST = SMTP, ""
        write_to("ada@example.org", now=now)
        for number in range(200):
            worker.drain(now + timedelta(hours=number))
        job = Job.objects.get()
        assert (job.state, job.attempts) == (Job.State.READY, 0)
        assert "MOOTHALL_MAIL_HOST" in job.last_error
        assert (mail_state().carrier, mail_state().queued) == ("none", 1)


class TestARefusal:
    @pytest.mark.parametrize(
        ("what", "answer"), [("rcpt", "550 no such mailbox"), ("data", "554 this is spam")]
    )
    def test_for_good_is_kept_with_the_servers_words(
        self, now: datetime, postroom: Postroom, what: str, answer: str
    ) -> None:
        setattr(postroom, what, answer)
        message = write_to("ada@example.org", now=now)
        worker.drain(now)
        message.refresh_from_db()
        assert (message.state, message.error) == (Message.State.FAILED, answer)
        assert Job.objects.get().state == Job.State.DONE
        assert Entry.objects.filter(what="message.failed", about="case:1").exists()

    @pytest.mark.parametrize(("what", "answer"), [("rcpt", "450 busy"), ("data", "451 try again later")])
    def test_for_now_is_tried_again(self, now: datetime, postroom: Postroom, what: str, answer: str) -> None:
        setattr(postroom, what, answer)
        message = write_to("ada@example.org", now=now)
        worker.drain(now)
        message.refresh_from_db()
        assert message.state == Message.State.QUEUED
        assert answer.split(" ", 1)[1] in message.error
        setattr(postroom, what, "250 ok")
        worker.drain(now + timedelta(minutes=1))
        message.refresh_from_db()
        assert (message.state, message.error, len(postroom.letters)) == (Message.State.SENT, "", 1)


class TestDyingBetweenTheServersYesAndOurCommit:
    def test_sends_one_duplicate_at_most_with_the_same_message_id(
        self, now: datetime, postroom: Postroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_to("ada@example.org", now=now)
        lease = jobs.Lanes("dies").take(now)
        assert lease is not None

        def power_cut(*_: object) -> str:
            raise SystemExit

        with monkeypatch.context() as patch:
            patch.setattr(deliveries, "_end", power_cut)
            with pytest.raises(SystemExit):
                jobs.run(lease, lambda: now)
        later = now + timedelta(minutes=5)
        assert jobs.reclaim(later) == 1
        worker.drain(later)
        worker.drain(later + timedelta(days=1))
        assert len(postroom.letters) == 2
        assert len({letter["Message-ID"] for letter in postroom.letters}) == 1
        assert Message.objects.get().state == Message.State.SENT
