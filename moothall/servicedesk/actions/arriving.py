"""A letter to the desk: what answers a call goes to it, and what is new becomes a call at the council of its writer.

What a letter says of its sender is compared with what is known, and is proof of nothing: it can ask, answer and say
that something does not work, and do nothing else. The numbers of the letters that it answers say where it belongs; a
reference in its subject is a hint that counts only from somebody who is on that call.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from moothall.contacts.actions import showing
from moothall.contacts.rules import compared, references_in
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.messages.hooks import Filed, Letter
from moothall.messages.models import Mailbox
from moothall.plain.actors import Actor
from moothall.process import actions as process
from moothall.servicedesk.actions import saying, telling
from moothall.servicedesk.actions.routing_to import state_of
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import Channel, State
from moothall.servicedesk.rules import arriving

HOUSE = Viewer.system()
NOT_KNOWN = "Nobody with this address works for one of the councils. Find out who it is before you tell them anything."
OTHER_SENDER = "This comes from an address that is not on this call: be careful what you tell them."
BY_THE_SUBJECT = "It was put here because the reference stands in its subject."
_NOTE_LENGTH = 9_000


def letter_came(letter: Letter) -> Filed | str | None:
    """Take a letter to the desk's mailbox. Automatic answers are filed where they belong, and make no call."""
    call, by_subject = _call_of(letter)
    if letter.kind != "letter":
        return _filed(call) if call is not None and letter.answers else None
    if Mailbox.objects.filter(address=letter.sender, ended_at=None).exists():
        return "It comes from a mailbox of ours: whoever sent it there has to say what it is."
    now = timezone.now()
    with transaction.atomic():
        if call is not None and call.state != State.CLOSED:
            _add(letter, call, now, by_subject=by_subject)
            return _filed(call)
        return _filed(_new(letter, call, now))


def _filed(call: Call) -> Filed:
    return Filed(f"case:{call.case_id}", call.council_id)


def _call_of(letter: Letter) -> tuple[Call | None, bool]:
    """Return the call that a letter belongs to, and whether only its subject says so."""
    kind, _, number = letter.thread.partition(":")
    if kind == "case" and number.isdigit():
        return saying.now_of(Call.objects.filter(case_id=int(number)).first()), False
    for call in Call.objects.filter(reference__in=references_in(letter.subject)):
        found = saying.now_of(call)
        if found is not None and _is_on(letter.sender, found):
            return found, True
    return None, False


def _is_on(sender: str, call: Call) -> bool:
    known = {each.email.lower() for each in telling.addressees(call)}
    return bool(sender) and sender.lower() in known


def _staff_with(address: str) -> Staff | None:
    """Return the member of staff whose account has an address, if they have not left."""
    if "@" not in address:
        return None
    rows = Staff.objects.filter(user__email__iexact=address, user__is_active=True)
    found = rows.select_related("user", "council").order_by("id").first()
    return found if found is not None and found.is_here(timezone.localdate()) else None


def _new(letter: Letter, earlier: Call | None, now: datetime) -> Call:
    """Log a call for a letter. One from nobody we know is logged where the mailbox is, for somebody to look at."""
    staff = _staff_with(letter.sender)
    council = staff.council if staff is not None else Council.objects.get(pk=letter.council_id)
    call = saying.as_new(
        council=council,
        subject=letter.subject,
        text=letter.text,
        submission=f"mail:{letter.received_id}",
        channel=Channel.EMAIL,
        requester_id=staff.user_id if staff is not None else None,
        name=letter.sender_name,
        email=letter.sender,
        now=now,
        logged_at=min(letter.arrived_at, now),
    )
    _copied_in(letter, call, council, now)
    remarks = [] if staff is not None else [NOT_KNOWN]
    if earlier is not None:
        remarks.append(saying.AFTER_CLOSING.format(reference=earlier.reference))
    _enclose(letter, call, now, remarks, whole=len(letter.text.strip()) > arriving.DETAIL_LENGTH)
    if earlier is not None:
        saying.link_to(call, earlier, now)
    if letter.sender:
        telling.confirm(
            call, now, answers=letter.letter_id, key=_key_of(letter, now, known=staff is not None)
        )
    return call


def _key_of(letter: Letter, now: datetime, *, known: bool) -> str:
    """Return the key of a confirmation: who is not known gets one a day, whatever they send."""
    if known:
        return f"desk:mail:{letter.received_id}"
    sender = hashlib.sha256(letter.sender.encode()).hexdigest()[:24]
    return f"desk:mail:{timezone.localdate(now).isoformat()}:{sender}"


def _copied_in(letter: Letter, call: Call, council: Council, now: datetime) -> None:
    """Let colleagues of the same council who were copied in hear of the call."""
    others = {each.lower() for each in letter.to} - {letter.sender.lower(), letter.mailbox.lower()}
    for address in sorted(others)[:20]:
        staff = _staff_with(address)
        if staff is not None and staff.council_id == council.pk:
            Follower.objects.get_or_create(
                call=call,
                email=address[:320],
                defaults={
                    "council_id": call.council_id,
                    "user": staff.user,
                    "name": staff.user.name,
                    "since": now,
                },
            )


def _add(letter: Letter, call: Call, now: datetime, *, by_subject: bool) -> None:
    """Add to a call what somebody wrote about it; their answer to a question, or that it does not work, moves it on."""
    theirs = _is_on(letter.sender, call)
    text = letter.text.strip() or letter.subject.strip() or "(Nothing was written.)"
    remarks = [BY_THE_SUBJECT] if by_subject else []
    if not theirs:
        remarks.append(OTHER_SENDER)
    who = _as_sender(letter)
    moved = theirs and saying.moves(by=who, case=state_of(call), text=text, remarks=remarks, now=now)
    _enclose(letter, call, now, remarks, said="" if moved else text)


def _as_sender(letter: Letter) -> Viewer:
    """Return whoever wrote a letter, as they act: they may do nothing but be heard."""
    return Viewer(Actor("resident", None, (letter.sender_name or letter.sender or "Somebody")[:150]))


def _enclose(
    letter: Letter,
    call: Call,
    now: datetime,
    remarks: Sequence[str],
    *,
    said: str = "",
    whole: bool = False,
) -> None:
    """Write down what a letter says beside the answers, and put what came with it to the files of the case."""
    enclosed = showing.kept_of(
        [showing.Enclosed(each.name, each.content, each.is_inline) for each in letter.attachments],
        letter.left_out,
    )
    left_out = "Not kept: " + " ".join(enclosed.refused) if enclosed.refused else ""
    text = said or (letter.text.strip() if whole else "")
    about = " ".join(each for each in (*remarks, left_out) if each)
    who = _as_sender(letter)
    if about:
        process.note(by=HOUSE, case_id=call.case_id, text=f"{_from(letter)} {about}", now=now)
    if text:
        process.note(by=who, case_id=call.case_id, text=text[:_NOTE_LENGTH], now=now, as_requester=True)
    for file in enclosed.kept:
        process.attach(by=who, case_id=call.case_id, file=file, now=now, as_requester=True)


def _from(letter: Letter) -> str:
    return f"Email from {letter.sender_name or 'somebody'} ({compared(letter.sender) or 'no address'})."
