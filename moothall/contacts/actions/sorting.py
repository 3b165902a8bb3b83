"""Putting what came in to its person and case, answering it, and setting aside what needs nothing."""

from datetime import datetime

from django.db import transaction

from moothall.contacts import rules
from moothall.contacts.actions import showing
from moothall.contacts.actions.recording import case_for, keep, record_for, write
from moothall.contacts.errors import ContactRefused, NoAddress, Sorted
from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.seeing import contact_to_change
from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.messages.actions import send_email
from moothall.process.permissions import Can as ProcessCan

_WAITING = Contact.Outcome.WAITING


@transaction.atomic
def put_to(
    *,
    by: Viewer,
    contact_id: int,
    record_id: int | None,
    case_id: int | None,
    now: datetime,
    outcome: str = "",
) -> Contact:
    """Say whose a contact is, and which case it is about; None leaves what was said before.

    A letter that waited is shown on the case, with what came with it, and waits no more. One that is put to a person
    alone still waits for an answer. `outcome` says what became of it otherwise, for example that a request was made.
    """
    contact = contact_to_change(by, contact_id, Can.SORT)
    case = case_for(by, contact.council_id, case_id)
    record = record_for(by, contact.council_id, record_id, now)
    if case is None and record is None:
        why = "Choose a person or a case."
        raise ContactRefused({"case": [why]}, why=why)
    former = {"former_record": contact.record_id, "former_case": contact.case_id}
    waited = contact.outcome == _WAITING
    if record is not None:
        contact.record = record
    if case is not None:
        contact.case = case
        contact.about = case.process
    if case is not None and (waited or outcome):
        contact.outcome = Contact.Outcome(outcome or Contact.Outcome.ADDED)
    contact.save(update_fields=["record", "case", "about", "outcome"])
    write(by, "contact.put", contact, now, outcome=contact.outcome, **former)
    if case is not None and waited:
        who = by if gate.may(by, ProcessCan.NOTE, case.council_id) else Viewer.system()
        enclosed = showing.enclosed_in(contact.message_id)
        showing.on_case(by=who, contact=contact, case=case, now=now, enclosed=enclosed)
    return contact


@transaction.atomic
def set_aside(*, by: Viewer, contact_id: int, reason: str, now: datetime) -> Contact:
    """Say why nothing is to be done about what came in. It stays where it is, and is counted."""
    contact = contact_to_change(by, contact_id, Can.SORT)
    if contact.outcome not in {_WAITING, Contact.Outcome.SET_ASIDE}:
        raise Sorted
    contact.outcome, contact.aside = Contact.Outcome.SET_ASIDE, Contact.Aside(reason)
    contact.save(update_fields=["outcome", "aside"])
    write(by, "contact.set_aside", contact, now, why=contact.aside)
    return contact


@transaction.atomic
def answer(
    *, by: Viewer, contact_id: int, subject: str, text: str, submission: str, now: datetime
) -> Contact:
    """Answer a contact by email, and return the answer as a contact of its own; sent twice, written once.

    What waited is answered with it. Refuses one that gives no email address.
    """
    contact = contact_to_change(by, contact_id, Can.SORT)
    if "@" not in contact.address:
        raise NoAddress
    if not text.strip():
        why = "Write the answer first."
        raise ContactRefused({"text": [why]}, why=why)
    key = f"contact:{contact.pk}:answer:{submission}"
    message = send_email(
        council_id=contact.council_id,
        about=f"case:{contact.case_id}" if contact.case_id else f"contact:{contact.pk}",
        to=contact.address,
        subject=rules.answered_subject(subject),
        body=text,
        key=key,
        now=now,
        answers=_number_of(contact),
    )
    if contact.outcome == _WAITING:
        contact.outcome = Contact.Outcome.ANSWERED
        contact.save(update_fields=["outcome"])
    return keep(
        by=by,
        council_id=contact.council_id,
        submission=key,
        now=now,
        record=contact.record,
        case=contact.case,
        message_id=message.pk,
        channel=Channel.EMAIL,
        direction=Contact.Direction.OUT,
        at=now,
        address=contact.address,
        given_name=contact.given_name,
        about=contact.about,
        summary=text,
        outcome=Contact.Outcome.ANSWERED,
    )


def _number_of(contact: Contact) -> str:
    """Return the Message-ID of the letter that a contact is, so that mail programs show the answer below it."""
    message = contact.message
    return (
        str(message.message_id) if message is not None and message.direction == message.Direction.IN else ""
    )
