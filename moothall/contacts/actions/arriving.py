"""A letter that came in: put to the case it answers, to the person it is from, or left for somebody to sort.

What it says of its sender is compared and shown, and never believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.contacts import rules
from moothall.contacts.actions import showing
from moothall.contacts.actions.recording import keep
from moothall.contacts.actions.showing import Enclosed
from moothall.contacts.models import Channel, Contact
from moothall.councils.rules import Viewer
from moothall.persons import hooks as persons
from moothall.persons.models import FindKey, Record
from moothall.persons.rules import keys
from moothall.process import actions as process
from moothall.process.models import Case

_BY_THE_SUBJECT = "It was put here because the reference stands in its subject."
_OTHER_SENDER = "It comes from another address than that of the request: be careful what you tell them."
_NO_SENDER = "The request has no email address to compare it with: be careful what you tell them."


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter of a council, as the room that carries letters hands it over.

    `thread` is what the letter that it answers is about, or (`by_subject`) what its subject names. `left_out` names
    what came with it and is only in the letter as it was kept.
    """

    council_id: int
    number: int
    name: str
    address: str
    subject: str
    text: str
    enclosed: Sequence[Enclosed] = ()
    thread: str = ""
    by_subject: bool = False
    left_out: Sequence[str] = ()
    message_id: int | None = None
    arrived_at: datetime | None = None

    @property
    def submission(self) -> str:
        """The key of the contact that becomes of it."""
        return f"mail:{self.number}"

    @property
    def said(self) -> str:
        """The subject and the text, as a contact keeps them."""
        return "\n\n".join(each for each in (self.subject.strip(), self.text.strip()) if each)


@transaction.atomic
def arrive(*, letter: Arrived, now: datetime) -> Contact:
    """Take in a letter that a person wrote, and return the contact; the same letter twice is one contact.

    A letter about an open case is shown there. One about a closed case, and every other, waits for somebody, with the
    person whose email address it is if exactly one record of the council has it.
    """
    already: Contact | None = Contact.objects.filter(submission=letter.submission).first()
    if already is not None:
        return already
    case, earlier = _found(letter)
    if case is not None and case.status == Case.Status.OPEN:
        return _to_case(letter, case, now)
    record = earlier.record if earlier is not None else None
    return _contact(
        letter, now, case=case, record=record or _record_with(letter), outcome=Contact.Outcome.WAITING
    )


@transaction.atomic
def undelivered(*, thread: str, council_id: int, recipient: str, reason: str, now: datetime) -> bool:
    """Say in the history of a case that a letter about it could not be delivered; return whether it is about one."""
    case = _case(thread, council_id)
    if case is None:
        return False
    words = f"An email about this could not be delivered to {recipient or 'whoever asked'}."
    process.note(by=Viewer.system(), case_id=case.pk, text=f"{words}\n{reason}".strip(), now=now)
    return True


def case_named(council_id: int, subject: str) -> str:
    """Return what the subject of a letter names, as threads are called: a case of that council, or nothing."""
    references = rules.references_in(subject)
    if not references:
        return ""
    found = Case.objects.filter(reference__in=references, council_id=council_id).first()
    return f"case:{found.pk}" if found else ""


def _found(letter: Arrived) -> tuple[Case | None, Contact | None]:
    """Return the case that a letter answers or names, and the contact that it answers."""
    if case := _case(letter.thread, letter.council_id):
        return case, None
    kind, _, number = letter.thread.partition(":")
    if kind != "contact" or not number.isdigit():
        return None, None
    rows = Contact.objects.filter(pk=int(number), council_id=letter.council_id)
    earlier: Contact | None = rows.select_related("case", "record").first()
    return (earlier.case, earlier) if earlier else (None, None)


def _case(thread: str, council_id: int) -> Case | None:
    kind, _, number = thread.partition(":")
    if kind != "case" or not number.isdigit():
        return None
    found: Case | None = Case.objects.filter(pk=int(number), council_id=council_id).first()
    return found


def _to_case(letter: Arrived, case: Case, now: datetime) -> Contact:
    known = persons.told([case.pk]).get(case.pk)
    emails = known.emails if known is not None else ()
    same = any(rules.same_sender(letter.address, each) for each in emails)
    remarks = [_BY_THE_SUBJECT] if letter.by_subject else []
    if not same:
        remarks.append(_OTHER_SENDER if emails else _NO_SENDER)
    contact = _contact(letter, now, case=case, record=None, outcome=Contact.Outcome.ADDED)
    showing.on_case(
        by=showing.as_sender(letter.name, letter.council_id) if same else Viewer.system(),
        contact=contact,
        case=case,
        now=now,
        enclosed=showing.kept_of(letter.enclosed, letter.left_out),
        remark=" ".join(remarks),
        as_requester=same,
    )
    return contact


def _contact(
    letter: Arrived, now: datetime, *, case: Case | None, record: Record | None, outcome: Contact.Outcome
) -> Contact:
    return keep(
        by=showing.as_sender(letter.name, letter.council_id),
        council_id=letter.council_id,
        submission=letter.submission,
        now=now,
        record=record,
        case=case,
        message_id=letter.message_id,
        channel=Channel.EMAIL,
        direction=Contact.Direction.IN,
        at=letter.arrived_at or now,
        address=letter.address,
        given_name=letter.name,
        about=case.process if case else "",
        summary=letter.said,
        outcome=outcome,
    )


def _record_with(letter: Arrived) -> Record | None:
    """Return the council's record that has the sender's address, if exactly one has it and it is not locked."""
    address = rules.compared(letter.address)
    if "@" not in address:
        return None
    rows = FindKey.objects.filter(key=keys.key("email", address), council_id=letter.council_id)
    found = Record.objects.filter(
        id__in=rows.values_list("record_id", flat=True),
        council_id=letter.council_id,
        state=Record.State.ACTIVE,
    )
    having = [each for each in found if address in each.traits.get("e", ())]
    return having[0] if len(having) == 1 and not having[0].circle else None
