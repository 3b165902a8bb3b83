"""A letter dropped into a council's mailbox without any mail server: for the demonstration."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.messages import actions, rules
from moothall.messages.models import KeptMail, Mailbox, Message, Received


@dataclass(frozen=True, slots=True)
class Dropped:
    """What somebody wrote in the demonstration. `answers` is the Message-ID of the letter that it answers."""

    sender: str
    name: str
    subject: str
    text: str
    answers: str = ""


def drop(council: Council, written: Dropped, now: datetime) -> Received:
    """Make a real letter of what somebody wrote, and keep it as if a mail server had handed it over."""
    mailbox = mailbox_of(council, now)
    letter = EmailMessage()
    letter["From"] = formataddr((rules.one_line(written.name), written.sender))
    letter["To"] = mailbox.address
    letter["Subject"] = rules.one_line(written.subject)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = make_msgid(domain="demonstration.example")
    if answers := rules.one_line(written.answers):
        letter["In-Reply-To"] = letter["References"] = answers
    letter.set_content(rules.plain_body(written.text))
    return actions.keep(mailbox=mailbox, raw=letter.as_bytes(), now=now)


def mailbox_of(council: Council, now: datetime) -> Mailbox:
    """Return the mailbox of a council; it gets one if it has none."""
    own = Mailbox.objects.filter(council=council, ended_at=None, purpose="")
    found: Mailbox | None = own.order_by("pk").first()
    if found is not None:
        return found
    address = council.contact_email or f"mail@{council.code}.example"
    return actions.add_mailbox(by=Viewer.system(), council=council, address=address, now=now).mailbox


def writer_of(kept: KeptMail) -> Council | None:
    """Return which council wrote a letter that the demonstration kept; None if it was the house itself."""
    message: Message | None = (
        Message.objects.select_related("council").filter(message_id=kept.message_id).first()
    )
    return message.council if message else None
