"""What follows when something happens elsewhere: a promised call that was made is a contact, and so is a letter."""

from django.utils import timezone

from moothall.contacts import rules
from moothall.contacts.actions.arriving import Arrived, arrive, undelivered
from moothall.contacts.actions.recording import on_case
from moothall.contacts.actions.showing import Enclosed
from moothall.contacts.models import Channel, Contact
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.messages.hooks import Filed, Letter, Undelivered
from moothall.plain.actors import Actor
from moothall.process.engine.state import CaseState, Happening
from moothall.process.hooks import Change

_CALLS = frozenset({"call", "call_again", "last_call"})
_LETTER = "letter"
_REACHED, _NO_ANSWER, _WRITTEN = "reached", "no-answer", "written"


def calls_made(change: Change) -> None:
    """Record each call that was made for a promise, answered or not, and the letter where nobody answered."""
    if change.case.definition.key != rules.CALL_BACK:
        return
    for each in change.happened:
        if each.kind == "done" and each.step in _CALLS and each.outcome in {_REACHED, _NO_ANSWER}:
            _record(change, each, Channel.PHONE)
        elif each.kind == "done" and each.step == _LETTER and each.outcome == _WRITTEN:
            _record(change, each, Channel.LETTER)


def _record(change: Change, done: Happening, channel: Channel) -> None:
    case = change.case
    reached = done.outcome == _REACHED
    outcome = Contact.Outcome.NO_ANSWER if done.outcome == _NO_ANSWER else Contact.Outcome.ANSWERED
    on_case(
        by=_who(case, done.step),
        case_id=case.id,
        channel=channel,
        direction=Contact.Direction.OUT,
        outcome=outcome,
        submission=f"case:{case.id}:{done.step}:{done.run}",
        now=change.now,
        address=str(case.data.get("number", "")) if channel is Channel.PHONE else "",
        given_name=str(case.data.get("who", "")),
        summary=str(done.body.get("text", "")),
        resolved=bool(case.data.get("settled")) if reached else None,
    )


def _who(case: CaseState, step: str) -> Viewer:
    """Return whoever did a step, as far as a contact names them."""
    kind, _, user_id = case.steps[step].done_by.partition(":")
    staff = Staff.objects.filter(user_id=user_id).select_related("user").first() if kind == "user" else None
    if staff is None:
        return Viewer.system()
    return Viewer(
        Actor("staff", staff.user_id, staff.user.name), staff_id=staff.pk, council_id=staff.council_id
    )


def letter_came(letter: Letter) -> Filed | None:
    """Take every letter that a person wrote. An automatic answer to one of ours is filed where that stands.

    Other automatic letters are not taken: the room of letters sets them aside.
    """
    if letter.kind == "letter":
        return _filed(arrive(letter=_arrived(letter), now=timezone.now()))
    return Filed(letter.thread) if letter.thread and letter.answers else None


def _arrived(letter: Letter) -> Arrived:
    return Arrived(
        council_id=letter.council_id,
        number=letter.received_id,
        name=letter.sender_name,
        address=letter.sender,
        subject=letter.subject,
        text=letter.text,
        enclosed=[Enclosed(each.name, each.content, each.is_inline) for each in letter.attachments],
        thread=letter.thread,
        by_subject=letter.answers is None,
        left_out=letter.left_out,
        message_id=letter.message_id,
        arrived_at=letter.arrived_at,
    )


def _filed(contact: Contact) -> Filed:
    waits = contact.outcome == Contact.Outcome.WAITING or contact.case_id is None
    return Filed(f"contact:{contact.pk}" if waits else f"case:{contact.case_id}")


def letter_came_back(sent_back: Undelivered) -> None:
    """Say on a case that a letter about it could not be delivered."""
    undelivered(
        thread=sent_back.about,
        council_id=sent_back.council_id,
        recipient=sent_back.to,
        reason=sent_back.reason,
        now=timezone.now(),
    )
