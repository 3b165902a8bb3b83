"""Which letter of ours a letter answers: by its numbers, by the address it was sent to, or by its subject."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet

from moothall.councils import scope
from moothall.messages import hooks, rules
from moothall.messages.models import Mailbox, Message, Received
from moothall.messages.parsing import Envelope

UNFILED = "received:"
MOST_AN_HOUR = 10
_LAST = 10


@dataclass(frozen=True, slots=True)
class Thread:
    """What a letter belongs to: `about` may be empty; `answers` is the letter of ours, if it answers one."""

    about: str = ""
    answers: Message | None = None

    def is_with(self, sender: str) -> bool:
        """Say whether the letter that is answered went to this very address."""
        return self.answers is not None and bool(sender) and self.answers.to.lower() == sender


def reach(mailbox: Mailbox) -> AbstractContextManager[object]:
    """Enter what a letter to a mailbox may concern: its council; of one that is shared for a purpose, any."""
    if not mailbox.purpose:
        return nullcontext()
    return scope.everything("a letter to a shared mailbox may answer what any council wrote")


def _ours(mailbox: Mailbox) -> "QuerySet[Message]":
    """Return the messages that a letter to a mailbox may answer."""
    rows: QuerySet[Message] = Message.objects.all()
    return rows if mailbox.purpose else rows.filter(council_id=mailbox.council_id)


def find(mailbox: Mailbox, envelope: Envelope) -> Thread:
    """Return the thread of a letter. What a subject names counts only in a council's own mail."""
    known = _by_numbers(mailbox, envelope.answers) or _by_address(mailbox, envelope.to)
    if known is not None:
        return Thread("" if known.about.startswith(UNFILED) else known.about, known)
    if mailbox.purpose or not envelope.subject:
        return Thread()
    return Thread(hooks.named(mailbox.council_id, envelope.subject))


def _by_numbers(mailbox: Mailbox, numbers: Sequence[str]) -> Message | None:
    """Return the nearest of our messages among the numbers; one of ours before one that came in."""
    if not numbers:
        return None
    rows = _ours(mailbox).filter(message_id__in=list(numbers)).order_by("id")
    order = {number: place for place, number in enumerate(numbers)}
    ranked = sorted(
        rows[:100], key=lambda row: (row.direction != Message.Direction.OUT, order[row.message_id])
    )
    return ranked[0] if ranked else None


def _by_address(mailbox: Mailbox, addresses: Iterable[str]) -> Message | None:
    for address in addresses:
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if number := rules.number_in(address, key):
                found: Message | None = _ours(mailbox).filter(pk=number).first()
                return found
    return None


def reply_address(message: Message) -> str:
    """Return where answers to a message should go: where it says, or to its council's own mailbox, if it has one."""
    if message.reply_to:
        return str(message.reply_to)
    box: Mailbox | None = (
        Mailbox.objects.filter(council_id=message.council_id, ended_at=None, purpose="")
        .order_by("id")
        .first()
    )
    return "" if box is None else address_for(box, message)


def address_for(box: Mailbox, message: Message) -> str:
    """Return the address of a mailbox at which answers to this message arrive, by its number if it takes those."""
    return rules.with_number(box.address, message.pk, settings.SECRET_KEY) if box.plus else str(box.address)


def headers(message: Message) -> dict[str, str]:
    """Return what lets mail programs, and us, see which letters belong together (RFC 5322, 3.6.4)."""
    earlier = Message.objects.filter(about=message.about, id__lt=message.pk).filter(
        to__iexact=message.to, direction=Message.Direction.OUT
    )
    numbers = list(earlier.order_by("-id").values_list("message_id", flat=True)[:_LAST])[::-1]
    if message.answers:
        numbers = [*[each for each in numbers if each != message.answers], message.answers]
    if not numbers:
        return {}
    return {"In-Reply-To": numbers[-1], "References": " ".join(numbers)}


def is_ours(mailbox: Mailbox, number: str) -> bool:
    """Say whether a Message-ID is of a letter that we sent ourselves: then it has come back."""
    sent = _ours(mailbox).filter(message_id=number, direction=Message.Direction.OUT)
    return bool(number) and sent.exists()


def is_flood(received: Received) -> bool:
    """Say whether one sender wrote about one thread more often within an hour than a person does."""
    if not received.thread or not received.sender:
        return False
    same = Received.objects.filter(
        mailbox_id=received.mailbox_id,
        sender=received.sender,
        thread=received.thread,
        arrived_at__gt=received.arrived_at - timedelta(hours=1),
        arrived_at__lte=received.arrived_at,
    )
    return bool(same.exclude(pk=received.pk).count() >= MOST_AN_HOUR)
