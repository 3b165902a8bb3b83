"""Which letter a letter answers, what was sent back, and what goes round in loops."""

from datetime import datetime, timedelta

import pytest
from django.core import mail

from moothall.journal import worker
from moothall.messages import hooks
from moothall.messages.hooks import Filed, Letter, Undelivered
from moothall.messages.models import Message, Received
from tests.makers import make_council
from tests.messages.making import make_mailbox, make_raw, receive, send, taker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


def taken(_: Letter) -> Filed:
    return Filed()


class TestAnAnswer:
    @pytest.mark.parametrize(
        "header", ["In-Reply-To: {0}", "References: <x@y> {0}", "References: {0}\r\n <later@x>"]
    )
    def test_is_put_to_the_thread_of_the_letter_that_it_names(self, now: datetime, header: str) -> None:
        council = make_council()
        sent = send(council=council, now=now, about="case:12")
        more = header.format(sent.message_id) + "\r\n"
        with taker(taken) as offered:
            received = receive(make_raw(more=more), mailbox=make_mailbox(now=now, council=council), now=now)
        assert (offered[0].thread, offered[0].answers) == ("case:12", sent.pk)
        assert offered[0].is_from_whom_we_wrote
        assert received.message is not None
        assert received.message.about == "case:12"

    def test_from_somebody_else_says_so(self, now: datetime) -> None:
        council = make_council()
        sent = send(council=council, now=now, to="bob@example.org")
        more = f"In-Reply-To: {sent.message_id}\r\n"
        with taker(taken) as offered:
            receive(make_raw(more=more), mailbox=make_mailbox(now=now, council=council), now=now)
        assert offered[0].thread == "case:1"
        assert not offered[0].is_from_whom_we_wrote

    def test_finds_no_letter_of_another_council(self, now: datetime) -> None:
        sent = send(council=make_council(), now=now)
        with taker(taken) as offered:
            receive(
                make_raw(more=f"In-Reply-To: {sent.message_id}\r\n"), mailbox=make_mailbox(now=now), now=now
            )
        assert (offered[0].thread, offered[0].answers) == ("", None)

    def test_is_found_by_the_address_that_we_gave(self, now: datetime) -> None:
        council = make_council()
        mailbox = make_mailbox(now=now, council=council, address="help@ash.example", plus=True)
        send(council=council, now=now, about="case:9")
        worker.drain(now)
        (address,) = mail.outbox[0].reply_to
        assert address.startswith("help+m")
        forged = address.replace("help+m", "help+ma", 1)
        with taker(taken) as offered:
            receive(make_raw(more=f"Delivered-To: {address.upper()}\r\n"), mailbox=mailbox, now=now)
            receive(make_raw(more=f"Delivered-To: {forged}\r\n"), mailbox=mailbox, now=now)
        assert [each.thread for each in offered] == ["case:9", ""]

    def test_to_what_came_in_and_was_filed_is_in_its_thread(self, now: datetime) -> None:
        mailbox = make_mailbox(now=now)
        with taker(lambda _: Filed("contact:3")) as offered:
            receive(make_raw(message_id="<first@example.org>"), mailbox=mailbox, now=now)
            receive(make_raw(more="In-Reply-To: <first@example.org>\r\n"), mailbox=mailbox, now=now)
        assert [each.thread for each in offered] == ["", "contact:3"]

    def test_is_found_by_its_subject_if_somebody_knows(
        self, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hooks, "_knowers", {})
        hooks.on_subject(lambda _council, subject: "case:5" if "ASH-5" in subject else "")
        with taker(taken) as offered:
            receive(make_raw(subject="About ASH-5"), mailbox=make_mailbox(now=now), now=now)
        assert offered[0].thread == "case:5"

    def test_cannot_be_forged_from_the_number_of_a_case(self, now: datetime) -> None:
        council = make_council()
        one, other = send(council=council, now=now, key="case:1:told"), send(council=council, now=now)
        assert one.message_id != other.message_id
        assert (
            "95230b6b2ecf2c3acf3bdbe8e4ede29d"
            not in send(council=council, now=now, key="case:1:received").message_id
        )


class TestAReportOfFailure:
    REPORT = (
        "From: MAILER-DAEMON@mx.example\r\nReturn-Path: <>\r\nTo: help@ash.example\r\nSubject: Undelivered\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n--r\r\n\r\nSorry.\r\n--r\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; ada@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--r\r\nContent-Type: {kind}\r\n\r\n"
        "Message-ID: {number}\r\nSubject: Your bin\r\n\r\n--r--\r\n"
    )

    def come(self, now: datetime, **facts: str) -> tuple[Message, Received]:
        council = make_council()
        sent = send(council=council, now=now)
        worker.drain(now)
        given = {
            "action": "failed",
            "status": "5.1.1",
            "kind": "text/rfc822-headers",
            "number": sent.message_id,
        }
        raw = self.REPORT.format(**(given | facts)).encode()
        received = receive(raw, mailbox=make_mailbox(now=now, council=council), now=now)
        sent.refresh_from_db()
        return sent, received

    @pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822"])
    def test_marks_the_letter_with_the_reason(
        self, now: datetime, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[Undelivered] = []
        monkeypatch.setattr(hooks, "_told", {"a test": told.append})
        sent, received = self.come(now, kind=kind)
        assert (sent.state, sent.error) == ("failed", "Sent back: 5.1.1 smtp; 550 no such user")
        assert (received.state, received.kind, received.thread) == ("filed", "bounce", "case:1")
        assert [each.message_id for each in told] == [sent.pk]

    def test_of_a_delay_marks_nothing(self, now: datetime) -> None:
        sent, received = self.come(now, action="delayed", status="4.4.1")
        assert (sent.state, received.state) == ("sent", "set-aside")

    def test_about_no_letter_of_ours_is_set_aside(self, now: datetime) -> None:
        sent, received = self.come(now, number="<other@example.org>")
        assert (sent.state, received.state, received.kind) == ("sent", "set-aside", "bounce")

    def test_without_any_form_is_understood_by_our_number_in_it(self, now: datetime) -> None:
        council = make_council()
        sent = send(council=council, now=now)
        worker.drain(now)
        raw = make_raw(
            sender="postmaster@mx.example", text=f"No such user.\r\n> Message-Id: {sent.message_id}"
        )
        receive(raw, mailbox=make_mailbox(now=now, council=council), now=now)
        sent.refresh_from_db()
        assert sent.state == "failed"


class TestALoop:
    def test_is_our_own_letter_that_came_back(self, now: datetime) -> None:
        council = make_council()
        sent = send(council=council, now=now)
        raw = make_raw(message_id=sent.message_id)
        received = receive(raw, mailbox=make_mailbox(now=now, council=council), now=now)
        assert (received.state, received.kind) == ("set-aside", "loop")

    def test_is_a_letter_that_passed_too_many_servers(self, now: datetime) -> None:
        raw = make_raw(more="Received: by x\r\n" * 60)
        assert receive(raw, mailbox=make_mailbox(now=now), now=now).kind == "loop"

    def test_is_a_sender_who_writes_more_about_one_thing_than_people_do(self, now: datetime) -> None:
        council = make_council()
        mailbox = make_mailbox(now=now, council=council)
        more = f"In-Reply-To: {send(council=council, now=now).message_id}\r\n"
        with taker(taken):
            kinds = [receive(make_raw(more=more), mailbox=mailbox, now=now).kind for _ in range(12)]
            later = receive(make_raw(more=more), mailbox=mailbox, now=now + timedelta(hours=2))
        assert kinds == ["letter"] * 10 + ["loop"] * 2
        assert later.kind == "letter"
