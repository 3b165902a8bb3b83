"""Writes: a message and the job that will carry it; a letter that came in and the job that will read it; mailboxes."""

import hashlib
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moothall.councils.models import Council
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.identity.sealing import seal
from moothall.journal import actions as journal
from moothall.messages import deliveries, filing, packing, queries, rules, threads
from moothall.messages.errors import AddressTaken, NoSuchMailbox, NotAMailbox, NotWaiting, SayWhy
from moothall.messages.models import Mailbox, Message, Raw, Received
from moothall.messages.permissions import Can
from moothall.plain.errors import Refused

_NOBODY = re.compile(r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)\b[^@]*@")
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@transaction.atomic(savepoint=False)
def send_email(
    *,
    council_id: int,
    about: str,
    to: str,
    subject: str,
    body: str,
    key: str,
    now: datetime,
    html: str = "",
    answers: str = "",
    replies_itself: bool = False,
    back: Mailbox | None = None,
) -> Message:
    """Write an email and put it into the outbox; the same key twice is one email.

    What no mail server could take (an address that is none) is kept as failed, with the reason, and does
    not stop the act that caused it. `body` is plain text and always sent; `html` may say the same again. `answers` is
    the Message-ID of the letter that this answers; `replies_itself` marks what no person wrote as an automatic answer.
    Answers go to `back`, if it is said, else to the council's own mailbox.
    """
    already: Message | None = _kept_as.first(key=key)
    if already is not None:
        return already
    to, fault = _checked(to)
    message: Message = Message.objects.create(
        council_id=council_id,
        about=about,
        to=to,
        subject=rules.one_line(subject),
        body=rules.plain_body(body),
        html=rules.plain_body(html),
        key=key,
        message_id=_number(key),
        answers=answers[:250],
        replies_itself=replies_itself,
        state=Message.State.FAILED if fault else Message.State.QUEUED,
        error=fault,
        created_at=now,
    )
    if back is not None:
        message.reply_to = threads.address_for(back, message)
        message.save(update_fields=["reply_to"])
    if not fault:
        journal.post(
            task=deliveries.deliver,
            key=f"message:{key}",
            args={"message_id": message.pk},
            council_id=council_id,
            now=now,
        )
    return message


@prepared
def _kept_as(key: Slot) -> Any:
    return Message.objects.filter(key=key)


def _number(key: str) -> str:
    """Return a Message-ID that only who got the letter can know: by it, an answer finds its thread."""
    return rules.message_id(
        f"{settings.SECRET_KEY}:{key}", urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    )


def _checked(to: str) -> tuple[str, str]:
    address = to.strip()
    try:
        validate_email(address)
    except ValidationError:
        return rules.one_line(to, 320), "This is not an email address."
    return address, ""


def blank(
    *,
    council_id: int,
    about: Collection[str] = (),
    addresses: Collection[str] = (),
    numbers: Collection[int] = (),
) -> int:
    """Empty messages of one council: about some things, of some numbers, or with some addresses and about no case.

    That something was sent or received, and when, stays. Letters are emptied with the messages that they became, and
    those that were set aside; how they came, byte for byte, is destroyed. One that waits to be read stays. Returns how
    many messages were emptied; what was not sent yet is not sent any more.
    """
    sent = reduce(or_, (Q(to__iexact=each) | Q(sender__iexact=each) for each in addresses), Q(pk__in=[]))
    named = Q(about__in=list(about)) | Q(pk__in=list(numbers)) | sent & ~Q(about__startswith="case:")
    rows = Message.objects.filter(named, council_id=council_id).exclude(to="", sender="", body="")
    ids = list(rows.values_list("pk", flat=True))
    _blank_letters(council_id, ids, addresses)
    rows = Message.objects.filter(pk__in=ids)
    rows.filter(state=Message.State.QUEUED).update(state=Message.State.FAILED)
    rows.filter(direction=Message.Direction.IN).update(message_id="", answers="")
    number: int = rows.update(to="", sender="", subject="", body="", html="", error="Its words were erased.")
    return number


def _blank_letters(council_id: int, message_ids: Collection[int], addresses: Collection[str]) -> None:
    came = reduce(or_, (Q(sender__iexact=each) for each in addresses), Q(pk__in=[]))
    aside = came & Q(message=None, state=Received.State.SET_ASIDE)
    rows = Received.objects.filter(Q(message__in=message_ids) | aside, council_id=council_id)
    ids = list(rows.values_list("pk", flat=True))
    Raw.objects.filter(received__in=ids).delete()
    Received.objects.filter(pk__in=ids).update(
        sender_name="", sender="", to="", subject="", letter_id="", answers="", snippet="", reason=""
    )


@transaction.atomic
def keep(*, mailbox: Mailbox, raw: bytes, now: datetime, is_whole: bool = True, reason: str = "") -> Received:
    """Keep a letter whole, before anything else, with the job that will read it; the same letter twice is one.

    Once this is committed, whoever hands the letter over may be told that it was taken. `is_whole` is false for a
    letter of which only the head was fetched; then `reason` says why.
    """
    digest = packing.digest(raw)
    received: Received
    with threads.reach(mailbox):  # the same letter may be another council's by now
        received, is_new = Received.objects.get_or_create(
            mailbox=mailbox,
            digest=digest,
            defaults={
                "council_id": mailbox.council_id,
                "size": len(raw),
                "arrived_at": now,
                "is_whole": is_whole,
                "reason": reason[:500],
            },
        )
    if is_new:
        packing.pack(received, raw).save(force_insert=True)
        _post_filing(received, now)
        facts = {"mailbox": mailbox.pk, "bytes": len(raw), "sha256": digest}
        _tell(Viewer.system(), "mail.received", received, now, facts)
    return received


@transaction.atomic
def process_again(*, by: Viewer, received_id: int, now: datetime) -> Received:
    """Read a letter that waits, or was set aside, once more from the beginning."""
    received = _open_letter(by, received_id)
    Received.objects.filter(pk=received.pk).update(
        state=Received.State.WAITING, tries=0, reason="" if received.is_whole else received.reason
    )
    _post_filing(received, now, again=f":{secrets.token_hex(8)}")
    _tell(by, "mail.tried_again", received, now)
    received.refresh_from_db()
    return received


@transaction.atomic
def set_aside(*, by: Viewer, received_id: int, reason: str, now: datetime) -> Received:
    """Take a letter that waits off the list, and say why in a sentence; it stays kept as it came."""
    received = _open_letter(by, received_id)
    if received.state != Received.State.WAITING:
        raise NotWaiting
    if not (said := rules.one_line(reason, 500)):
        raise SayWhy
    Received.objects.filter(pk=received.pk).update(
        state=Received.State.SET_ASIDE, reason=said, decided_at=now, decided_by=by.actor.name[:150]
    )
    _tell(by, "mail.set_aside", received, now, {"kind": received.kind})
    received.refresh_from_db()
    return received


@transaction.atomic
def acknowledge(*, by: Viewer, received_id: int, subject: str, body: str, now: datetime) -> Message | None:
    """Answer a letter automatically (RFC 3834); return the answer, or None where none may be given.

    Only to what a person wrote; never to an address of ours or to one that nobody reads; one sender gets one a day.
    """
    received = queries.letter_row(by, received_id, Can.SORT)
    if not _may_be_answered(received):
        return None
    day = timezone.localdate(now).isoformat()
    known = hashlib.sha256(received.sender.encode()).hexdigest()[:32]
    key = f"acknowledged:{received.council_id}:{known}:{day}"
    if Message.objects.filter(key=key).exists():
        return None
    about = received.message.about if received.message else f"received:{received.pk}"
    return send_email(
        council_id=received.council_id,
        about=about,
        to=received.sender,
        subject=subject,
        body=body,
        key=key,
        now=now,
        answers=received.letter_id,
        replies_itself=True,
    )


def _may_be_answered(received: Received) -> bool:
    if received.kind != Received.Kind.LETTER or not received.sender or _NOBODY.match(received.sender):
        return False
    return not Mailbox.objects.filter(address=received.sender).exists()


@dataclass(frozen=True, slots=True)
class Added:
    """A mailbox that was added; `secret` is what letters are signed with, said this once."""

    mailbox: Mailbox
    secret: str


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mailbox is fetched from, by IMAP."""

    host: str
    user: str
    password: str
    port: int = 993
    security: str = Mailbox.Security.TLS
    folder: str = "INBOX"


@transaction.atomic
def add_mailbox(
    *,
    by: Viewer,
    council: Council,
    address: str,
    now: datetime,
    server: Server | None = None,
    plus: bool = False,
    purpose: str = "",
) -> Added:
    """Let a council take mail at an address: from a server by IMAP or, without one, handed to the webhook, signed.

    With a `purpose`, what comes there is taken by whoever hangs for that, whichever council's it is.
    """
    _only_the_house(by, "add mailboxes")
    address, fault = _checked(address.lower())
    if fault:
        raise NotAMailbox(reason=f"“{address}” is not an email address")
    if server is not None and server.security == Mailbox.Security.NONE and server.host not in _LOCAL:
        raise NotAMailbox(reason="without TLS, a password goes to another machine for everybody to read")
    secret = server.password if server else secrets.token_urlsafe(32)
    mailbox: Mailbox = Mailbox.objects.filter(address=address).first() or Mailbox(
        council=council, address=address, created_at=now, ended_at=now
    )
    if mailbox.ended_at is None or mailbox.council_id != council.pk:
        raise AddressTaken(address=address, council=mailbox.council.name)
    mailbox.kind = Mailbox.Kind.IMAP if server else Mailbox.Kind.WEBHOOK
    mailbox.sealed, mailbox.plus, mailbox.purpose = seal(secret, queries.SEALED), plus, purpose
    mailbox.ended_at = mailbox.uidvalidity = mailbox.not_before = None
    mailbox.last_uid, mailbox.failures, mailbox.last_error = 0, 0, ""
    if server is not None:
        mailbox.host, mailbox.port, mailbox.security = server.host, server.port, server.security
        mailbox.user, mailbox.folder = server.user, server.folder
    mailbox.save()
    _tell_of(by, "mailbox.added", mailbox, now)
    return Added(mailbox, "" if server else secret)


@transaction.atomic
def remove_mailbox(*, by: Viewer, address: str, now: datetime) -> Mailbox:
    """Take no more mail at an address. What came in stays; the password, or the secret, is forgotten."""
    _only_the_house(by, "remove mailboxes")
    mailbox: Mailbox | None = Mailbox.objects.filter(address=address.strip().lower(), ended_at=None).first()
    if mailbox is None:
        raise NoSuchMailbox(address=address)
    mailbox.ended_at, mailbox.sealed = now, ""
    mailbox.save(update_fields=["ended_at", "sealed"])
    _tell_of(by, "mailbox.removed", mailbox, now)
    return mailbox


def _only_the_house(by: Viewer, act: str) -> None:
    if not by.is_system:
        raise Refused(act=act)


def _tell_of(by: Viewer, what: str, mailbox: Mailbox, now: datetime) -> None:
    journal.write(
        by=by.actor,
        what=what,
        about=f"mailbox:{mailbox.pk}",
        council_id=mailbox.council_id,
        now=now,
        facts={"kind": mailbox.kind},
    )


def _open_letter(by: Viewer, received_id: int) -> Received:
    """Find a letter that is not filed, for whoever may sort it."""
    received = queries.letter_row(by, received_id, Can.SORT)
    if received.state == Received.State.FILED:
        raise NotWaiting
    return received


def _post_filing(received: Received, now: datetime, *, again: str = "") -> None:
    journal.post(
        task=filing.file,
        key=f"received:{received.pk}{again}",
        args={"received_id": received.pk},
        council_id=received.council_id,
        now=now,
    )


def _tell(
    by: Viewer, what: str, received: Received, now: datetime, facts: dict[str, Any] | None = None
) -> None:
    journal.write(
        by=by.actor,
        what=what,
        about=f"received:{received.pk}",
        council_id=received.council_id,
        now=now,
        facts=facts,
    )
