"""The work of the outbox: hand one message to the mail server, or learn why that cannot be."""

import smtplib
from datetime import timedelta
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import EmailMessage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from moothall.journal import actions as journal
from moothall.journal.errors import GiveUp, NotYet
from moothall.journal.jobs import manner
from moothall.messages import rules, threads
from moothall.messages.models import Message
from moothall.plain.actors import SYSTEM

ATTEMPTS = 110  # with an hour at most between them: four and a half days, as mail servers themselves do


def no_server() -> bool:
    """Say whether there is nowhere to send mail to."""
    return settings.MAIL_CARRIER.endswith("smtp.EmailBackend") and not settings.EMAIL_HOST


def carry(message: EmailMessage) -> None:
    """Hand a message to the carrier: the mail server, or the demonstration's mailbox."""
    if no_server():
        raise NotYet("No mail server is set (MOOTHALL_MAIL_HOST).", wait=timedelta(minutes=1))
    get_connection(settings.MAIL_CARRIER).send_messages([message])


@task()
@manner(attempts=ATTEMPTS)
def deliver(*, message_id: int) -> str:
    """Send one message.

    If the worker dies between the server's yes and our commit, it is sent once more, with the same
    Message-ID, by which mail programs know it again; it is never lost.
    """
    message = Message.objects.select_related("council").get(pk=message_id)
    if message.state != Message.State.QUEUED:
        return str(message.state)
    try:
        carry(_letter(message))
    except (OSError, smtplib.SMTPException) as error:
        if refused := rules.refusal(error):
            return _end(message, Message.State.FAILED, refused)
        Message.objects.filter(pk=message.pk).update(error=rules.one_line(str(error), 500))
        raise
    return _end(message, Message.State.SENT, "")


@task()
@manner(attempts=ATTEMPTS, forget=True)
def forward(*, letter: dict[str, Any]) -> str:
    """Send a letter of another people's app, as it was posted; what it said is forgotten when it is sent."""
    message = EmailMultiAlternatives(
        **{name: part for name, part in letter.items() if name != "alternatives"}
    )
    for content, kind in letter["alternatives"]:
        message.attach_alternative(content, kind)
    try:
        carry(message)
    except (OSError, smtplib.SMTPException) as error:
        if refused := rules.refusal(error):
            raise GiveUp(refused) from error
        raise
    return "sent"


def _letter(message: Message) -> EmailMultiAlternatives:
    council = message.council
    sender = formataddr((rules.one_line(council.name), council.contact_email or settings.DEFAULT_FROM_EMAIL))
    letter = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=sender,
        to=[message.to],
        reply_to=[back] if (back := threads.reply_address(message)) else None,
        headers={
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-replied" if message.replies_itself else "auto-generated",
        }
        | threads.headers(message),
    )
    if message.html:
        letter.attach_alternative(message.html, "text/html")
    return letter


def _end(message: Message, state: Message.State, error: str) -> str:
    now = timezone.now()
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(
            state=state, error=error[:500], sent_at=now if state == Message.State.SENT else None
        )
        journal.write(
            by=SYSTEM,
            what=f"message.{state}",
            about=message.about,
            council_id=message.council_id,
            now=now,
            facts={"message": message.pk, "message_id": message.message_id, "error": error[:500]},
        )
    return state
