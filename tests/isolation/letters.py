"""Letters that came in at each council: one that waits to be sorted, one that cannot be read, and private ones."""

from dataclasses import dataclass
from datetime import datetime

from moothall.contacts.actions import on_case, record_contact
from moothall.contacts.actions.arriving import Arrived, arrive
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.messages.actions import add_mailbox, keep
from moothall.messages.models import Received


@dataclass(frozen=True)
class Came:
    """A contact that waits, and a letter that nobody could read."""

    contact: int
    received: int


def letter_comes(council: Council, mark: str, now: datetime) -> Came:
    """Let a letter of nobody known wait, and another that cannot be read."""
    word, unread = f"zq{council.code}contact", f"zq{council.code}letter"
    box = add_mailbox(
        by=Viewer.system(), council=council, address=f"in{mark}@{council.code}.example", now=now
    )
    raw = f"From: {unread}@example.org\nSubject: {unread} {mark}\n\n".encode()
    received = keep(mailbox=box.mailbox, raw=raw, now=now)
    Received.objects.filter(pk=received.pk).update(
        reason=f"It is empty, {unread}.", subject=unread, sender=f"{unread}@example.org"
    )
    letter = Arrived(
        council_id=council.pk,
        number=received.pk,
        name=f"Lou {word}",
        address=f"{word}@example.org",
        subject=word,
        text=f"A letter of {word}",
    )
    return Came(arrive(letter=letter, now=now).pk, received.pk)


def of_few(case_id: int, word: str, now: datetime) -> int:
    """Record a conversation on a case that is kept apart; return its number."""
    made = on_case(
        by=Viewer.system(),
        case_id=case_id,
        channel="phone",
        outcome="answered",
        submission=f"quiet-{case_id}",
        now=now,
        given_name=word,
        summary=f"They said {word}",
    )
    number: int = made.pk
    return number


def with_locked(council_id: int, record_id: int, word: str, now: datetime) -> int:
    """Record a conversation with somebody whose record is locked; return its number."""
    made = record_contact(
        by=Viewer.system(),
        council_id=council_id,
        channel="phone",
        direction="in",
        at=now,
        outcome="waiting",
        submission=f"locked-{record_id}",
        now=now,
        record_id=record_id,
        given_name=word,
        summary=f"They said {word}",
    )
    number: int = made.pk
    return number
