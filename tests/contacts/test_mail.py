"""Mail from the mailbox to its case: kept, read, filed, and put to its place by hand where it found none."""

from datetime import datetime
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from moothall.contacts import actions
from moothall.contacts.models import Contact
from moothall.councils.rules import Viewer
from moothall.messages import filing
from moothall.messages.actions import add_mailbox, keep
from moothall.messages.models import Mailbox, Message, Received
from moothall.process.models import Attachment, Event
from tests.contacts.making import Desk, an_enquiry, make_desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]


@pytest.fixture
def ash(settings: Settings, tmp_path: object) -> Desk:
    settings.FILES_ROOT = tmp_path
    return make_desk(code="ash", name="Ash District Council")


@pytest.fixture
def mailbox(ash: Desk, now: datetime) -> Mailbox:
    added = add_mailbox(by=Viewer.system(), council=ash.council, address="help@ash.example", now=now)
    return added.mailbox


def came(
    mailbox: Mailbox, now: datetime, *, sender: str = "Sam <sam@example.org>", **headers: str
) -> Received:
    """Let a letter with a file come in, and be filed."""
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, mailbox.address
    given = {"Subject": "My hedge", "Message-ID": "<1@example.org>"}
    for name, value in (given | {key.replace("_", "-"): value for key, value in headers.items()}).items():
        letter[name] = value
    letter.set_content("It is still there.")
    letter.add_attachment(b"A very long hedge", maintype="text", subtype="plain", filename="hedge.txt")
    received = keep(mailbox=mailbox, raw=letter.as_bytes(), now=now)
    filing.attempt(received.pk, now)
    received.refresh_from_db()
    return received


class TestALetter:
    def test_that_answers_ours_goes_to_the_case(self, ash: Desk, mailbox: Mailbox, now: datetime) -> None:
        case = an_enquiry(ash)
        ours = Message.objects.get(about=f"case:{case.id}", to="sam@example.org")
        received = came(mailbox, now, In_Reply_To=ours.message_id)
        assert received.state == "filed", received.reason
        made = Contact.objects.get(channel="e-mail", direction="in")
        assert (made.case_id, made.outcome, made.message_id) == (case.id, "added", received.message_id)
        assert Message.objects.get(pk=made.message_id).about == f"case:{case.id}"
        assert Attachment.objects.get(case_id=case.id).name == "hedge.txt"
        note = Event.objects.get(case_id=case.id, kind="noted")
        assert note.actor_kind == "resident"

    def test_that_names_a_case_goes_there_too(self, ash: Desk, mailbox: Mailbox, now: datetime) -> None:
        case = an_enquiry(ash)
        came(mailbox, now, Subject=f"Hedge, {case.reference}")
        assert "its subject" in Event.objects.get(case_id=case.id, kind="noted").body

    def test_that_finds_nothing_waits_and_is_put_with_its_file(
        self, ash: Desk, mailbox: Mailbox, now: datetime
    ) -> None:
        received = came(mailbox, now, sender="New <new@example.org>")
        waits = Contact.objects.get(channel="e-mail")
        assert (waits.outcome, received.state) == ("waiting", "filed")
        case = an_enquiry(ash)
        actions.put_to(by=ash.adviser, contact_id=waits.pk, record_id=None, case_id=case.id, now=now)
        assert Attachment.objects.get(case_id=case.id).name == "hedge.txt"

    def test_is_answered_in_its_own_thread_and_the_next_comes_back_to_the_person(
        self, ash: Desk, mailbox: Mailbox, now: datetime
    ) -> None:
        came(mailbox, now, sender="New <new@example.org>")
        waits = Contact.objects.get(channel="e-mail")
        actions.answer(
            by=ash.adviser, contact_id=waits.pk, subject="Hedge", text="Which?", submission="form-1", now=now
        )
        ours = Message.objects.get(direction="out", to="new@example.org")
        assert ours.answers == "<1@example.org>"
        headers = {"In_Reply_To": ours.message_id, "Message_ID": "<2@example.org>"}
        came(mailbox, now, sender="New <new@example.org>", **headers)
        assert Contact.objects.filter(channel="e-mail", direction="in", outcome="waiting").count() == 1

    def test_that_no_person_wrote_makes_no_contact(self, ash: Desk, mailbox: Mailbox, now: datetime) -> None:
        case = an_enquiry(ash)
        ours = Message.objects.get(about=f"case:{case.id}", to="sam@example.org")
        headers = {"Auto_Submitted": "auto-replied", "In_Reply_To": ours.message_id}
        received = came(mailbox, now, **headers)
        assert received.state == "filed"
        came(mailbox, now, Auto_Submitted="auto-replied", Message_ID="<3@example.org>")
        assert not Contact.objects.filter(channel="e-mail").exists()
        assert not Event.objects.filter(case_id=case.id, kind="noted").exists()
