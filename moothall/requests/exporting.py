"""What requests hold about whoever asked, in words for them to read (UK GDPR article 15)."""

from collections.abc import Mapping, Sequence

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.persons.permissions import Can
from moothall.requests import tokens
from moothall.requests.models import Request


def exported(
    viewer: Viewer, record_ids: Sequence[int], case_ids: Sequence[int]
) -> list[Mapping[str, object]]:
    """Return who asked for the cases of some records, as they said it, and how they came; the oldest first."""
    del record_ids  # a request hangs on its case
    rows = gate.narrow(viewer, Can.EXERCISE, Request.objects.filter(case__in=case_ids))
    return [
        {
            "Reference": row.case.reference,
            "Made": row.created_at,
            "Channel": row.get_channel_display(),
            "Name": row.name,
            "Email address": row.email,
            "Phone number": row.phone,
            "Prefers": row.get_prefers_display() if row.prefers else "",
        }
        for row in rows.select_related("case").order_by("created_at", "id")
    ]


def letters(viewer: Viewer, record_ids: Sequence[int], case_ids: Sequence[int]) -> list[Mapping[str, object]]:
    """Return what was written to and by the person about some records and cases, without the secrets of links."""
    about = [*(f"record:{number}" for number in record_ids), *(f"case:{number}" for number in case_ids)]
    rows = gate.narrow(viewer, Can.EXERCISE, Message.objects.filter(about__in=about))
    return [
        {
            "When": row.created_at,
            "Direction": row.get_direction_display(),
            "From": row.sender,
            "To": row.to,
            "Subject": tokens.hidden(row.subject),
            "Words": tokens.hidden(row.body),
        }
        for row in rows.order_by("created_at", "id")
    ]
