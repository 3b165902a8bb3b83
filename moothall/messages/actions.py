"""Writes: a message and the job that will carry it, in the transaction that causes it."""

from collections.abc import Collection
from datetime import datetime
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from moothall.journal import actions as journal
from moothall.messages import deliveries, rules
from moothall.messages.models import Message


@transaction.atomic
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
) -> Message:
    """Write an e-mail and put it into the outbox; the same key twice is one e-mail.

    What no mail server could take (an address that is none) is kept as failed, with the reason, and does
    not stop the act that caused it. `body` is plain text and always sent; `html` may say the same again. `answers` is
    the Message-ID of the letter that this answers; `replies_itself` marks what no person wrote as an automatic answer.
    """
    already: Message | None = Message.objects.filter(key=key).first()
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
    if not fault:
        journal.post(
            task=deliveries.deliver,
            key=f"message:{key}",
            args={"message_id": message.pk},
            council_id=council_id,
            now=now,
        )
    return message


def _number(key: str) -> str:
    """Return a Message-ID that only who got the letter can know: by it, an answer finds its thread."""
    return rules.message_id(f"{settings.SECRET_KEY}:{key}", urlsplit(settings.PUBLIC_URL).hostname or "localhost")


def _checked(to: str) -> tuple[str, str]:
    address = to.strip()
    try:
        validate_email(address)
    except ValidationError:
        return rules.one_line(to, 320), "This is not an e-mail address."
    return address, ""


def blank(
    *,
    council_id: int,
    about: Collection[str] = (),
    addresses: Collection[str] = (),
    numbers: Collection[int] = (),
) -> int:
    """Empty messages of one council: about some things, of some numbers, or to some addresses and about no case.

    That something was sent or received, and when, stays. Returns how many were emptied. What was not sent yet is not
    sent any more.
    """
    sent_to = reduce(or_, (Q(to__iexact=address) for address in addresses), Q(pk__in=[]))
    named = Q(about__in=list(about)) | Q(pk__in=list(numbers)) | sent_to & ~Q(about__startswith="case:")
    rows = Message.objects.filter(named, council_id=council_id).exclude(to="", body="")
    rows.filter(state=Message.State.QUEUED).update(state=Message.State.FAILED)
    number: int = rows.update(to="", subject="", body="", html="", error="Its words were erased.")
    return number
