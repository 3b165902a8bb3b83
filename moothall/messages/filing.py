"""The work of reading one letter that was kept, and offering it to whoever takes it; what fails here loses nothing."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from moothall.journal import actions as journal
from moothall.journal.jobs import manner
from moothall.messages import hooks, packing, parsing, rules, threads
from moothall.messages.models import Message, Raw, Received
from moothall.messages.threads import Thread
from moothall.plain.actors import SYSTEM

log = logging.getLogger("moothall.messages.filing")

MOST_TRIES = 3
_ADDRESSES_KEPT = 2000
_NUMBERS_KEPT = 8000
_ASIDE = {
    "auto-reply": "An automatic answer that belongs to nothing of ours.",
    "bulk": "Sent to a mailing list, not to this council.",
    "loop": "It has gone round in a loop.",
    "bounce": "News that something was not delivered, which is none of our letters.",
}


class _NotTaken(Exception):
    """Nobody took the letter; the words say why, if somebody said."""


@task()
@manner(attempts=6)
def file(*, received_id: int) -> str:
    """Read one letter, and offer it; return what became of it.

    Each try is counted before it begins: a letter that kills whoever reads it is left alone after three.
    """
    now = timezone.now()
    if not _begin(received_id, now):
        return "left alone"
    return attempt(received_id, now)


@transaction.atomic
def _begin(received_id: int, now: datetime) -> bool:
    received = _locked(received_id)
    if received is None or received.state != Received.State.WAITING:
        return False
    if received.tries >= MOST_TRIES:
        _wait(received, "Reading it was begun three times and never ended. Look at it as it came.", now)
        return False
    Received.objects.filter(pk=received.pk).update(tries=received.tries + 1)
    return True


@transaction.atomic
def attempt(received_id: int, now: datetime) -> str:
    """Read and offer one letter, in one transaction; whatever goes wrong, it waits with the reason."""
    received = _locked(received_id)
    if received is None or received.state != Received.State.WAITING:
        return "left alone"
    try:
        with threads.reach(received.mailbox), transaction.atomic():
            _sort(received, now)
    except (OperationalError, InterfaceError):
        raise
    except parsing.Unreadable as reason:
        _wait(received, f"This letter cannot be read. {reason}", now)
    except Exception as error:
        log.exception("letter %d could not be filed; it waits", received.pk)
        _wait(
            received,
            f"Filing this letter failed ({type(error).__name__}). Try it again, or do it by hand.",
            now,
        )
    return str(received.state)


def _locked(received_id: int) -> Received | None:
    row: Received | None = (
        Received.objects.select_for_update(of=("self",))
        .select_related("mailbox")
        .filter(pk=received_id)
        .first()
    )
    return row


def _sort(received: Received, now: datetime) -> None:
    raw = packing.unpack(received)
    envelope = parsing.envelope(raw)
    _describe(received, envelope)
    if not received.is_whole:
        _wait(received, received.reason, now)
        return
    letter = parsing.read(raw)
    received.snippet = rules.one_line(letter.text, 300)
    received.kind = letter.kind
    thread = threads.find(received.mailbox, envelope)
    received.thread = thread.about
    if letter.kind == "bounce":
        _bounced(received, letter, thread, now)
    elif letter.kind == "loop" or threads.is_ours(received.mailbox, envelope.message_id):
        received.kind = Received.Kind.LOOP
        aside(received, _ASIDE["loop"], now=now)
    elif threads.is_flood(received):
        received.kind = Received.Kind.LOOP
        aside(
            received,
            "The same sender wrote about the same thing more than ten times within an hour.",
            now=now,
        )
    else:
        _offer(received, letter, thread, now)


def _describe(received: Received, envelope: parsing.Envelope) -> None:
    """Write what stands on the outside of a letter into its row, as both databases can take it."""
    received.sender_name = rules.one_line(envelope.sender_name, 200)
    received.sender = rules.one_line(envelope.sender, 320)
    received.to = rules.one_line(", ".join(envelope.to), _ADDRESSES_KEPT)
    received.subject = rules.one_line(envelope.subject, 300)
    received.letter_id = rules.one_line(envelope.message_id, 250)
    received.answers = rules.plain_body("\n".join(envelope.answers))[:_NUMBERS_KEPT]
    received.written_at = envelope.written_at


def _offer(received: Received, letter: parsing.Parsed, thread: Thread, now: datetime) -> None:
    """Make the letter a message, and ask who takes it; if nobody does, it is none."""
    try:
        with transaction.atomic():
            message = _message(received, letter, thread)
            said = _taken(hooks.offer(_as_seen(received, letter, thread, message)))
            if said.about and said.about != message.about:
                Message.objects.filter(pk=message.pk).update(about=said.about)
            _give(received, message, said.council_id)
            received.message = message
            _end(received, Received.State.FILED, "", now, about=said.about or message.about)
    except _NotTaken as reason:
        if not str(reason) and received.kind != Received.Kind.LETTER:
            aside(received, _ASIDE[received.kind], now=now)
        else:
            _wait(received, str(reason) or "Nobody has put it to its place yet.", now)


def _give(received: Received, message: Message, council_id: int | None) -> None:
    """Let a letter to a shared mailbox be that council's whose it is, as it came and as it is read."""
    if council_id is None or council_id == received.council_id or not received.mailbox.purpose:
        return
    Message.objects.filter(pk=message.pk).update(council_id=council_id)
    Raw.objects.filter(received_id=received.pk).update(council_id=council_id)
    received.council_id = council_id


def _taken(said: hooks.Filed | str) -> hooks.Filed:
    if isinstance(said, str):
        raise _NotTaken(said)
    return said


def _message(received: Received, letter: parsing.Parsed, thread: Thread) -> Message:
    row: Message = Message.objects.create(
        council_id=received.council_id,
        direction=Message.Direction.IN,
        about=thread.about or f"{threads.UNFILED}{received.pk}",
        sender=received.sender,
        to=received.mailbox.address,
        subject=rules.one_line(received.subject),
        body=rules.plain_body(letter.text),
        key=f"received:{received.pk}",
        message_id=received.letter_id or rules.message_id(f"received:{received.digest}", "letter.invalid"),
        answers=thread.answers.message_id if thread.answers else "",
        replies_itself=letter.kind == "auto-reply",
        state=Message.State.RECEIVED,
        created_at=received.arrived_at,
    )
    return row


def _as_seen(received: Received, letter: parsing.Parsed, thread: Thread, message: Message) -> hooks.Letter:
    return hooks.Letter(
        council_id=received.council_id,
        received_id=received.pk,
        message_id=message.pk,
        mailbox=received.mailbox.address,
        sender_name=received.sender_name,
        sender=received.sender,
        reply_to=rules.one_line(letter.envelope.reply_to, 320),
        subject=received.subject,
        text=message.body,
        quoted=rules.plain_body(letter.quoted),
        arrived_at=received.arrived_at,
        written_at=received.written_at,
        kind=letter.kind,
        thread=thread.about,
        purpose=received.mailbox.purpose,
        to=tuple(letter.envelope.to),
        letter_id=received.letter_id,
        answers=thread.answers.pk if thread.answers else None,
        is_from_whom_we_wrote=thread.is_with(received.sender),
        attachments=letter.attachments,
        left_out=letter.left_out,
    )


def _bounced(received: Received, letter: parsing.Parsed, thread: Thread, now: datetime) -> None:
    """Mark the letter of ours that was sent back, if it is one and was sent back for good."""
    failure = letter.failure
    message = _sent_back(received, failure) or (thread.answers if failure else None)
    if failure is None or message is None or message.direction != Message.Direction.OUT:
        aside(received, _ASIDE["bounce"], now=now)
        return
    received.thread = message.about
    if not failure.is_final:
        aside(received, "A letter of ours is late on its way; the mail server goes on trying.", now=now)
        return
    reason = rules.one_line(f"Sent back: {failure.reason}", 500)
    Message.objects.filter(pk=message.pk).update(state=Message.State.FAILED, error=reason)
    journal.write(
        by=SYSTEM,
        what="message.failed",
        about=message.about,
        council_id=message.council_id,
        now=now,
        facts={"message": message.pk, "message_id": message.message_id, "received": received.pk},
    )
    hooks.tell(
        hooks.Undelivered(
            message.council_id, message.pk, message.about, message.to, reason, received.arrived_at
        )
    )
    _end(
        received,
        Received.State.FILED,
        "It says that a letter of ours was not delivered.",
        now,
        about=message.about,
    )


def _sent_back(received: Received, failure: parsing.Failure | None) -> Message | None:
    if failure is None or not failure.message_ids:
        return None
    sent = Message.objects.filter(message_id__in=failure.message_ids, direction=Message.Direction.OUT)
    if not received.mailbox.purpose:
        sent = sent.filter(council_id=received.council_id)
    found: Message | None = sent.order_by("-id").first()
    return found


def aside(received: Received, reason: str, *, now: datetime, by: str = "") -> None:
    """Set a letter aside, with a reason in a sentence."""
    _end(received, Received.State.SET_ASIDE, reason, now, by=by)


def _end(
    received: Received, state: Received.State, reason: str, now: datetime, *, by: str = "", about: str = ""
) -> None:
    received.state, received.reason = state, reason[:500]
    received.decided_at, received.decided_by = now, by[:150]
    received.save()
    journal.write(
        by=SYSTEM,
        what=f"mail.{state.replace('-', '_')}",
        about=f"received:{received.pk}",
        council_id=received.council_id,
        now=now,
        facts={"kind": received.kind, "about": about},
    )


def _wait(received: Received, reason: str, now: datetime) -> None:
    received.state, received.reason, received.message = Received.State.WAITING, reason[:500], None
    received.decided_at, received.decided_by = None, ""
    received.save()
    journal.write(
        by=SYSTEM,
        what="mail.waits",
        about=f"received:{received.pk}",
        council_id=received.council_id,
        now=now,
        facts={"kind": received.kind},
    )
