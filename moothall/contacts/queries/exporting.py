"""What contacts hold about whom they were with, in words for them to read (UK GDPR article 15)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Max, Q

from moothall.contacts.models import Contact
from moothall.contacts.queries.seeing import there
from moothall.councils.rules import Viewer


def exported(
    viewer: Viewer, record_ids: Sequence[int], case_ids: Sequence[int]
) -> list[Mapping[str, object]]:
    """Return the conversations with the person of some records, as far as they are there for the viewer."""
    rows = there(viewer).filter(Q(record__in=record_ids) | Q(record=None, case__in=case_ids))
    return [
        {
            "When": row.at,
            "Channel": row.get_channel_display(),
            "Direction": row.get_direction_display(),
            "Name given": row.given_name,
            "Number or address": row.address,
            "About": row.about,
            "What was said": row.summary,
            "What came of it": row.get_outcome_display(),
        }
        for row in rows.order_by("at", "id")
    ]


def last_of(record_ids: Sequence[int]) -> dict[int, datetime]:
    """Return when each record had its last conversation; left out if it had none."""
    rows = Contact.objects.filter(record__in=list(record_ids)).values("record_id").order_by()
    return dict(rows.annotate(last=Max("at")).values_list("record_id", "last"))
