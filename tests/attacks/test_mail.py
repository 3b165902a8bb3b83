"""Letters of somebody who lies: about who they are, what they answer, what came back, and who hands them over."""

from datetime import datetime
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from moothall.contacts import actions as contacts
from moothall.contacts.models import Contact
from moothall.contacts.queries.sorting import contact_file
from moothall.councils.models import Council
from moothall.messages import filing, rules
from moothall.messages.actions import Added, keep
from moothall.messages.models import Message, Received
from moothall.process import store
from moothall.process.models import Case, Event
from tests.contacts.making import Desk, an_enquiry, make_desk
from tests.makers import make_council
from tests.messages.making import make_added, make_raw

pytestmark = [pytest.mark.django_db]
EVIL = "<script>zqrun</script>"


@pytest.fixture
def ash(everything: None, settings: Settings, tmp_path: object) -> Desk:
    settings.FILES_ROOT = tmp_path
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def added(ash: Desk, now: datetime) -> Added:
    return make_added(now=now, council=ash.council, plus=True)


def come(added: Added, now: datetime, raw: bytes) -> Received:
    """Let a letter come in and be filed."""
    received = keep(mailbox=added.mailbox, raw=raw, now=now)
    filing.attempt(received.pk, now)
    received.refresh_from_db()
    return received


def hand_over(number: int, raw: bytes, header: str) -> int:
    client = Client(raise_request_exception=False)
    headers = {"X-Moothall-Signature": header}
    answer = client.post(f"/mail/in/{number}/", raw, content_type="message/rfc822", headers=headers)
    return answer.status_code


class TestALetterInSomebodyElsesName:
    def test_is_shown_and_does_nothing(self, ash: Desk, added: Added, now: datetime) -> None:
        case = an_enquiry(ash)
        before, sent = store.load(case.id), Message.objects.filter(direction="out").count()
        text = "I withdraw it. Close the case, and send all you have to eve@example.org."
        sender = f"{ash.adviser.actor.name} <sam@example.org>"
        come(added, now, make_raw(sender=sender, subject=f"Re: {case.reference}", text=text))
        after = store.load(case.id)
        assert before is not None
        assert after is not None
        assert (after.data, after.steps) == (before.data, before.steps)
        assert Case.objects.get(pk=case.id).status == "open"
        note = Event.objects.get(case_id=case.id, kind="noted")
        assert note.actor_kind == "resident"
        assert "Email from" in note.body
        assert "sam@example.org" in note.body
        assert Message.objects.filter(direction="out", to__contains="eve").count() == 0
        assert Message.objects.filter(direction="out").count() == sent

    def test_reaches_no_case_of_another_council(self, ash: Desk, added: Added, now: datetime) -> None:
        elm = make_desk(code="elm", name="Elm City Council", published=False)
        case = an_enquiry(elm)
        ours = Message.objects.get(about=f"case:{case.id}", to="sam@example.org")
        plus = rules.with_number(added.mailbox.address, ours.pk, "another key")
        for more in (f"In-Reply-To: {ours.message_id}\r\n", f"Cc: {plus}\r\n", ""):
            come(added, now, make_raw(sender="sam@example.org", subject=f"Re: {case.reference}", more=more))
        assert not Event.objects.filter(case_id=case.id, kind="noted").exists()
        assert {each.council_id for each in Contact.objects.filter(channel="e-mail")} == {ash.council.pk}
        assert not Contact.objects.exclude(case=None).filter(channel="e-mail", direction="in").exists()

    def test_that_says_a_letter_of_ours_came_back_must_know_its_number(
        self, ash: Desk, added: Added, now: datetime
    ) -> None:
        case = an_enquiry(ash)
        ours = Message.objects.get(about=f"case:{case.id}", to="sam@example.org")
        domain = ours.message_id.rpartition("@")[2].rstrip(">")
        for guessed in (rules.message_id(ours.key, domain), f"<{ours.pk}@{domain}>"):
            assert guessed != ours.message_id
            raw = (
                "From: MAILER-DAEMON@example.org\r\nTo: help@ash.example\r\nSubject: Undelivered\r\n"
                f"Message-ID: <{abs(hash(guessed))}@x.example>\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
                "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
                "Final-Recipient: rfc822; sam@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
                f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {guessed}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
            ).encode()
            assert come(added, now, raw).state == "set-aside"
        ours.refresh_from_db()
        assert ours.state != "failed"
        assert not Event.objects.filter(case_id=case.id, kind="noted").exists()


class TestHostileHeaders:
    @pytest.mark.parametrize("sender", [
        "eve@example.org\r\nBcc: all@example.org", '"a\\nBcc: b@c.example" <eve@example.org>',
        "a@x.example, b@y.example", "=?utf-8?q?Eve=0D=0ABcc:_b@c.example?= <eve@example.org>", "eve@example.org\x00",
        "\u202e<eve@example.org>",
    ])  # fmt: skip
    def test_reach_no_header_of_an_answer(self, ash: Desk, added: Added, now: datetime, sender: str) -> None:
        subject = "=?utf-8?q?Hi=0D=0ABcc:_all@example.org?="
        come(added, now, make_raw(sender=sender, subject=subject))
        for contact in Contact.objects.filter(channel="e-mail", address__contains="@"):
            contacts.answer(
                by=ash.adviser, contact_id=contact.pk, subject="Re: Hi\r\nBcc: all@example.org", text="No.",
                submission="x" * 12, now=now,
            )  # fmt: skip
        for message in Message.objects.filter(direction="out"):
            assert "\n" not in message.subject + message.to
            assert "," not in message.to or message.state == "failed"
            assert message.to.count("@") <= 1 or message.state == "failed"

    def test_stay_words_on_the_page(
        self, ash: Desk, added: Added, now: datetime, client: Client, settings: Settings
    ) -> None:
        settings.SECOND_FACTOR = "off"
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = f'"{EVIL}" <eve@example.org>', "h@a.example", EVIL
        letter.set_content(EVIL)
        letter.add_alternative(f"<p>{EVIL}<img src=x onerror=zqrun><iframe src=//e.example>", subtype="html")
        letter.add_attachment(b"<script>", maintype="text", subtype="html", filename=f"{EVIL}.html")
        received = come(added, now, letter.as_bytes())
        contact = Contact.objects.get(channel="e-mail")
        assert contact_file(ash.adviser, contact.pk, now).came_with
        user = Council.objects.get(pk=ash.council.pk).staff.first().user  # type: ignore[union-attr]
        client.force_login(user)
        paths = ("", "answer/")
        pages = [client.get(f"/work/contacts/{contact.pk}/{path}") for path in paths] + [
            client.get("/work/contacts/")
        ]
        for page in pages:
            assert (page.status_code, EVIL.encode() in page.content, b"<iframe" in page.content) == (
                200,
                False,
                False,
            )
        assert b"zqrun" in pages[0].content
        assert received.state == "filed"


class TestWhoeverHandsALetterOver:
    def test_has_a_key_for_one_mailbox_only(self, ash: Desk, added: Added, now: datetime) -> None:
        other = make_added(now=now, council=make_council())
        raw, at = make_raw(), int(timezone.now().timestamp())
        assert hand_over(other.mailbox.pk, raw, rules.signature(added.secret, at, raw)) == 404
        assert hand_over(added.mailbox.pk, raw + b" ", rules.signature(added.secret, at, raw)) == 404
        moved = rules.signature(added.secret, at, raw).replace(f"t={at}", f"t={at + 1}")
        assert hand_over(added.mailbox.pk, raw, moved) == 404
        assert not Received.objects.exists()
        assert hand_over(added.mailbox.pk, raw, rules.signature(added.secret, at, raw)) == 202

    @pytest.mark.parametrize("number", [0, 2**63 - 1, 2**63, 10**40])
    def test_learns_nothing_from_numbers_of_nothing(self, ash: Desk, added: Added, number: int) -> None:
        raw, at = make_raw(), int(timezone.now().timestamp())
        header = rules.signature(added.secret, at, raw)
        nothing = hand_over(number, raw, header)
        assert nothing == hand_over(added.mailbox.pk, raw, rules.signature("wrong", at, raw))
