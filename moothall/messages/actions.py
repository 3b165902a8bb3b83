"""Writes: a message and the job that will carry it, in the transaction that causes it."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

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
) -> Message:
    """Write an e-mail and put it into the outbox; the same key twice is one e-mail.

    What no mail server could take (an address that is none) is kept as failed, with the reason, and does
    not stop the act that caused it. `body` is plain text and always sent; `html` may say the same again.
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
        message_id=rules.message_id(key, urlsplit(settings.PUBLIC_URL).hostname or "localhost"),
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


def _checked(to: str) -> tuple[str, str]:
    address = to.strip()
    try:
        validate_email(address)
    except ValidationError:
        return rules.one_line(to, 320), "This is not an e-mail address."
    return address, ""
