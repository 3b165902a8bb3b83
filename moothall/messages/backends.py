"""Where Django's own mail goes: into the outbox; from there, in the demonstration, into a readable mailbox."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from moothall.journal import actions as journal
from moothall.messages import deliveries, rules
from moothall.messages.models import KeptMail


class Posted(BaseEmailBackend):
    """Puts what other people's apps send (sign-in codes, say) into the outbox.

    So a mail server that is down neither loses it nor breaks the page. Letters with attachments go straight
    to the carrier.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Post each message as a job of the whole partnership."""
        with transaction.atomic():
            for message in email_messages:
                if message.attachments:
                    get_connection(settings.MAIL_CARRIER).send_messages([message])
                else:
                    self._post(message)
        return len(email_messages)

    @staticmethod
    def _post(message: EmailMessage) -> None:
        key = f"mail:{get_random_string(32)}"
        domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
        message.message()  # refuses a header with a line break here, where its author can see it
        letter = {
            "subject": message.subject,
            "body": message.body,
            "from_email": message.from_email,
            "to": list(message.to),
            "cc": list(message.cc),
            "bcc": list(message.bcc),
            "reply_to": list(message.reply_to),
            "headers": {"Message-ID": rules.message_id(key, domain)} | dict(message.extra_headers),
            "alternatives": [[str(content), str(kind)] for content, kind in alternatives],
        }
        journal.post(
            task=deliveries.forward, key=key, args={"letter": letter}, council_id=None, now=timezone.now()
        )


class Kept(BaseEmailBackend):
    """Keeps every letter where the demonstration shows it; nothing leaves the house."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each message as a row."""
        KeptMail.objects.bulk_create(
            KeptMail(
                at=timezone.now(),
                sender=str(message.from_email)[:320],
                to=", ".join(message.recipients())[:1000],
                subject=rules.one_line(str(message.subject), 300),
                body=str(message.body),
                message_id=str(message.extra_headers.get("Message-ID", ""))[:200],
            )
            for message in email_messages
        )
        return len(email_messages)
