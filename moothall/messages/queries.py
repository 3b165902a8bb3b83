"""Reads: the correspondence about something, letters that came in and wait, and how the post is doing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from moothall.councils import gate, scope
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.identity.sealing import unseal
from moothall.messages import deliveries, hooks, packing, parsing
from moothall.messages.errors import NotSigned
from moothall.messages.models import KeptMail, Mailbox, Message, Received
from moothall.messages.permissions import Can
from moothall.messages.rules import is_signed, signed_at
from moothall.plain.errors import NotFound

SHOWN = 200
SEALED = "mailbox"
_SILENT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class MailState:
    """How mail leaves the house, and what has not left it."""

    carrier: str  # "smtp", "kept" (the demonstration's mailbox), "none" or "other"
    host: str
    queued: int
    failed: int
    oldest_queued: datetime | None
    last_error: str


def correspondence(about: str) -> QuerySet[Message]:
    """Return every message about one thing, the oldest first, as far as the scope reaches."""
    rows: QuerySet[Message] = Message.objects.filter(about=about).order_by("id")
    return rows


def mail_state() -> MailState:
    """Return how mail is carried and what waits at all councils, for `moothall doctor` and `/metrics`."""
    rows = Message.unscoped("the state of the post is counted over all councils").filter(
        state__in=[Message.State.QUEUED, Message.State.FAILED]
    )
    queued = Q(state=Message.State.QUEUED)
    counts = rows.aggregate(
        queued=Count("pk", filter=queued),
        failed=Count("pk", filter=Q(state=Message.State.FAILED)),
        oldest=Min("created_at", filter=queued),
    )
    troubled = rows.filter(queued).exclude(error="").order_by("-id").values_list("error", flat=True)
    return MailState(
        carrier=_carrier(),
        host=settings.EMAIL_HOST,
        queued=counts["queued"],
        failed=counts["failed"],
        oldest_queued=counts["oldest"],
        last_error=next(iter(troubled[:1]), ""),
    )


def _carrier() -> str:
    if deliveries.no_server():
        return "none"
    known = {"moothall.messages.backends.Kept": "kept", "django.core.mail.backends.smtp.EmailBackend": "smtp"}
    return known.get(settings.MAIL_CARRIER, "other")


def kept_mail(to: str = "") -> list[KeptMail]:
    """Return the newest letters of the demonstration's mailbox, to one address or to all."""
    rows = KeptMail.objects.order_by("-id")
    return list(rows.filter(to__icontains=to)[:SHOWN] if to else rows[:SHOWN])


def waiting(
    viewer: Viewer,
    *,
    state: str = Received.State.WAITING,
    council_id: int | None = None,
    before: int | None = None,
) -> list[Received]:
    """Return letters that wait (or were set aside) at the councils where the viewer may see them, the newest first.

    At most `SHOWN`, without those about what is not there for them. `before` is the number of the last letter of the
    page before.
    """
    rows = gate.narrow(viewer, Can.SEE, Received.objects.filter(state=state))
    if council_id is not None:
        rows = rows.filter(council_id=council_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = rows.select_related("council", "mailbox", "message").order_by("-pk")[:SHOWN]
    return [each for each in shown if _is_there(viewer, each)]


def how_many_wait(viewer: Viewer) -> int:
    """Return how many letters wait where the viewer may sort them, for the menu."""
    return gate.narrow(viewer, Can.SORT, Received.objects.filter(state=Received.State.WAITING)).count()


def letter_row(viewer: Viewer, received_id: int, permission: Can = Can.SEE) -> Received:
    """Return a letter that came in, if the viewer may do this with it."""
    row: Received | None = (
        Received.objects.select_related("council", "mailbox", "message").filter(pk=received_id).first()
    )
    if row is None or not _is_there(viewer, row):
        raise NotFound(what="letter")
    gate.allow(viewer, permission, row)
    return row


def _is_there(viewer: Viewer, row: Received) -> bool:
    about = row.message.about if row.message is not None else ""
    return hooks.is_there(viewer, row.thread) and hooks.is_there(viewer, about)


@dataclass(frozen=True, slots=True)
class ShownLetter:
    """A letter for whoever looks at it. `letter` is None where it cannot be read; `reason` says why."""

    received: Received
    letter: parsing.Parsed | None
    reason: str


def letter(viewer: Viewer, received_id: int) -> ShownLetter:
    """Return a letter that came in, read again from what was kept."""
    received = letter_row(viewer, received_id)
    try:
        return ShownLetter(received, parsing.read(packing.unpack(received)), received.reason)
    except parsing.Unreadable as reason:
        return ShownLetter(received, None, f"This letter cannot be read. {reason}")


def raw(viewer: Viewer, received_id: int) -> bytes:
    """Return a letter byte for byte as it came; whoever shows it gives it as a download (`message/rfc822`)."""
    return packing.unpack(letter_row(viewer, received_id))


def mailboxes(*, with_ended: bool = False) -> list[Mailbox]:
    """Return the mailboxes within the scope, by council and address."""
    rows = Mailbox.objects.select_related("council").order_by("council__name", "address")
    return list(rows if with_ended else rows.filter(ended_at=None))


@prepared
def _open_boxes(purpose: Slot) -> Any:
    return Mailbox.objects.filter(purpose=purpose, ended_at=None)


def mailbox_for(purpose: str, council_id: int) -> Mailbox | None:
    """Return the mailbox for a purpose to which a council's people write: the council's own, else the shared one."""
    with scope.everything("a mailbox for a purpose is every council's"):
        rows = _open_boxes.all(purpose=purpose)
    found: list[Mailbox] = sorted(rows, key=lambda box: (box.council_id != council_id, box.pk))
    return found[0] if found else None


def signed_mailbox(number: int, header: str, body: bytes, now: datetime) -> Mailbox:
    """Return the mailbox to which a letter is handed over, if it is signed with its secret; or refuse."""
    mailbox = _webhook(number) if signed_at(header) is not None else None
    if mailbox is None or not is_signed(header, unseal(mailbox.sealed, SEALED), body, now):
        raise NotSigned
    return mailbox


def _webhook(number: int) -> Mailbox | None:
    with scope.everything(
        "a mailbox is found by its number, before the signature of a letter to it is checked"
    ):
        row: Mailbox | None = Mailbox.objects.filter(
            pk=number, kind=Mailbox.Kind.WEBHOOK, ended_at=None
        ).first()
    return row


@dataclass(frozen=True, slots=True)
class Incoming:
    """How mail comes in, at all councils: what the doctor asks."""

    mailboxes: int
    troubled: tuple[tuple[str, str], ...]  # addresses that could not be read, and why
    silent: tuple[str, ...]  # addresses that nobody looked at for half an hour
    waiting: int
    unread: int  # letters that were kept an hour ago, and that nobody has read yet
    oldest: datetime | None


def incoming(now: datetime) -> Incoming:
    """Return how mail comes in, in numbers and addresses of mailboxes only."""
    why = "how mail comes in is counted over all councils"
    boxes = list(Mailbox.unscoped(why).filter(ended_at=None).order_by("address"))
    rows = Received.unscoped(why).filter(state=Received.State.WAITING)
    unread = Q(reason="", arrived_at__lt=now - timedelta(hours=1))
    counts = rows.aggregate(all=Count("pk"), unread=Count("pk", filter=unread), oldest=Min("arrived_at"))
    fetched = [box for box in boxes if box.kind == Mailbox.Kind.IMAP]
    return Incoming(
        mailboxes=len(boxes),
        troubled=tuple((box.address, box.last_error) for box in fetched if box.last_error),
        silent=tuple(
            box.address
            for box in fetched
            if not box.last_error and now - (box.last_seen_at or box.created_at) > _SILENT
        ),
        waiting=counts["all"],
        unread=counts["unread"],
        oldest=counts["oldest"],
    )
