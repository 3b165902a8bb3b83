"""Reads: the correspondence about something, and how the post is doing."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from moothall.messages import deliveries
from moothall.messages.models import KeptMail, Message

SHOWN = 200


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
    rows = Message.unscoped("the state of the post is counted over all councils").exclude(
        state=Message.State.SENT
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
