"""Letters to the desk and from it, for tests: written, handed over, read, carried."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count

from django.core import mail
from django.utils import timezone

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import worker
from moothall.messages import actions as messages
from moothall.messages.models import Mailbox, Received

ADDRESS = "desk@fern.example"
_numbers = count(1)


def make_mailbox(council: Council, now: datetime, *, address: str = ADDRESS, plus: bool = False) -> Mailbox:
    """Give a council the desk's mailbox."""
    added = messages.add_mailbox(
        by=Viewer.system(), council=council, address=address, purpose="desk", plus=plus, now=now
    )
    return added.mailbox


def letter(  # noqa: PLR0913 - each is a part of a letter
    sender: str,
    subject: str,
    text: str,
    *,
    answers: str = "",
    to: Sequence[str] = (ADDRESS,),
    headers: dict[str, str] | None = None,
    files: Sequence[tuple[str, bytes]] = (),
) -> EmailMessage:
    """Return a letter as a mail program writes it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, ", ".join(to), subject
    made["Message-ID"] = f"<{next(_numbers)}@mail.example>"
    if answers:
        made["In-Reply-To"] = made["References"] = answers
    for name, value in (headers or {}).items():
        made[name] = value
    made.set_content(text)
    for name, content in files:
        made.add_attachment(content, maintype="text", subtype="plain", filename=name)
    return made


def comes(mailbox: Mailbox, made: EmailMessage, now: datetime) -> Received:
    """Let a letter come, and be read."""
    received = messages.keep(mailbox=mailbox, raw=made.as_bytes(), now=now)
    worker.drain(
        max(now, timezone.now()) + timedelta(minutes=1)
    )  # what follows is posted by the clock on the wall
    found: Received = Received.objects.get(pk=received.pk)
    return found


def sent_to(address: str) -> list[mail.EmailMessage]:
    """Return what was carried to somebody, the oldest first."""
    return [each for each in mail.outbox if address in each.to]
