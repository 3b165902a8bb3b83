"""What the desk writes goes to whoever asked and to followers, once each, and survives a mail server that is away."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from moothall.councils.rules import Viewer
from moothall.journal import worker
from moothall.messages.models import Mailbox, Message
from moothall.servicedesk.actions import calls, telling, working
from moothall.servicedesk.models import Call, Follower
from tests.messages.postroom import Postroom
from tests.servicedesk.channel_world import Desk, make_desk
from tests.servicedesk.posted import ADDRESS, comes, letter, make_mailbox, sent_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]

OTTO = "otto@alder.example"


@pytest.fixture
def desk(everything: None, now: datetime) -> Desk:
    return make_desk(now)


@pytest.fixture
def box(desk: Desk, now: datetime) -> Mailbox:
    return make_mailbox(desk.host, now)


def logged(desk: Desk, now: datetime, number: int = 1, **facts: object) -> Call:
    given = {"requester_id": desk.user_of_other.user_id, **facts}
    answers = {
        "summary": f"Screen {number} is dark",
        "category": "hardware",
        "impact": "team",
        "urgency": "no",
    }
    return calls.log_call(
        by=Viewer.system(),
        council=desk.other,
        kind="incident",
        answers=answers,
        now=now,
        submission=f"test:{number}",
        channel="phone",
        **given,  # type: ignore[arg-type]
    )


class TestWritingToTheUser:
    def test_confirms_a_call_that_was_logged_for_them(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = logged(desk, now)
        worker.drain(now)
        (first,) = sent_to(OTTO)
        assert first.subject == f"{call.reference}: Screen 1 is dark"
        assert "It is treated as urgent." in first.body
        assert f"/work/desk/mine/{call.reference}/" in first.body

    def test_sends_what_staff_write_in_one_thread(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = logged(desk, now)
        working.reply(by=desk.viewer(desk.analyst), call_id=call.pk, text="We are on our way.", now=now)
        worker.drain(now)
        first, second = sent_to(OTTO)
        assert "We are on our way." in second.body
        assert second.extra_headers["In-Reply-To"] == first.extra_headers["Message-ID"]
        assert second.reply_to == [ADDRESS]

    def test_says_what_was_done_once_when_a_call_is_resolved(
        self, desk: Desk, box: Mailbox, now: datetime
    ) -> None:
        call = logged(desk, now)
        working.resolve(
            by=desk.viewer(desk.analyst), call_id=call.pk, fix="A new cable.", expected=None, now=now
        )
        worker.drain(now)
        told = sent_to(OTTO)
        assert len(told) == 2
        assert "What we did: A new cable." in told[1].body

    def test_reaches_followers_too_each_once(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = logged(desk, now)
        for email in ("una@fern.example", OTTO):
            Follower.objects.create(council=desk.other, call=call, email=email, since=now)
        working.reply(by=desk.viewer(desk.analyst), call_id=call.pk, text="We are on our way.", now=now)
        worker.drain(now)
        assert len(sent_to(OTTO)) == 2
        assert len(sent_to("una@fern.example")) == 1

    def test_reaches_a_caller_who_has_no_account(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        logged(desk, now, requester_id=None, caller_name="Tom", caller_email="Tom@Contractor.example")
        worker.drain(now)
        assert len(sent_to("tom@contractor.example")) == 1

    def test_leaves_out_whose_account_is_closed(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        desk.user_of_other.user.is_active = False
        desk.user_of_other.user.save()
        logged(desk, now)
        worker.drain(now)
        assert not mail.outbox

    def test_does_not_write_notes_of_the_desk(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = logged(desk, now)
        working.note(by=desk.viewer(desk.analyst), call_id=call.pk, text="He shouts.", now=now)
        worker.drain(now)
        assert not any("shouts" in each.body for each in mail.outbox)

    def test_does_not_say_what_a_private_call_is_about(self, desk: Desk, box: Mailbox, now: datetime) -> None:
        call = logged(desk, now)
        Call.objects.filter(pk=call.pk).update(circle="ict-security")
        call.refresh_from_db()
        telling.write(call, telling.addressees(call), ["There is news."], "test:private", now)
        subject = Message.objects.latest("id").subject
        assert subject == f"Your call {call.reference}"

    def test_works_without_a_mailbox_of_the_desk(self, desk: Desk, now: datetime) -> None:
        logged(desk, now)
        worker.drain(now)
        (first,) = sent_to(OTTO)
        assert "Answer this email" not in first.body


class TestAMailServerThatIsAwayForAnHour:
    def test_loses_nothing_and_sends_nothing_twice(
        self, desk: Desk, box: Mailbox, now: datetime, settings: Settings
    ) -> None:
        settings.MAIL_CARRIER = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = "127.0.0.1", False, 2
        with Postroom() as gone:
            settings.EMAIL_PORT = gone.port
        analyst = desk.viewer(desk.analyst)
        for minute in range(60):
            at = now + timedelta(minutes=minute)
            call = logged(desk, at, number=minute)
            working.reply(by=analyst, call_id=call.pk, text=f"Word {minute}.", now=at)
            if minute % 10 == 0:
                worker.drain(at)
        assert set(Message.objects.values_list("state", flat=True)) == {Message.State.QUEUED}
        with Postroom(settings.EMAIL_PORT) as back:
            for hour in range(1, 5):
                worker.drain(now + timedelta(hours=hour))
            numbers = [each["Message-ID"] for each in back.letters]
        assert len(numbers) == len(set(numbers)) == Message.objects.count() == 120
        assert set(Message.objects.values_list("state", flat=True)) == {Message.State.SENT}

    def test_takes_letters_meanwhile(
        self, desk: Desk, box: Mailbox, now: datetime, settings: Settings
    ) -> None:
        settings.MAIL_CARRIER = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = ""
        comes(box, letter(f"Otto <{OTTO}>", "Dark", "It is dark."), now)
        assert Call.objects.count() == 1
        assert Message.objects.filter(direction="out", state=Message.State.QUEUED).count() == 1
