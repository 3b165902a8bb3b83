"""How contacts follow a record, when it turns out that two records are not one person after all."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from moothall.contacts.actions.recording import write
from moothall.contacts.models import Channel, Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.seeing import there
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.persons.hooks import Follower, Hanging, Thing
from moothall.persons.models import Record
from moothall.persons.rules.known import Known, name_of

KIND = "contact"
_SHOWN = 80


def came_since(viewer: Viewer, record_ids: Sequence[int], moment: datetime) -> list[Hanging]:
    """Return the contacts that were put to records after a moment, with what they tell of whose they are."""
    rows = there(viewer).filter(record__in=list(record_ids), created_at__gt=moment)
    return [
        Hanging(
            thing=Thing(KIND, row.pk),
            record_id=int(row.record_id or 0),
            at=row.created_at,
            words=_words(row),
            known=_known(row),
        )
        for row in rows
    ]


def count(viewer: Viewer, record_ids: Sequence[int]) -> dict[int, int]:
    """Return how many contacts each record has that are there for the viewer."""
    rows = there(viewer).filter(record__in=list(record_ids)).order_by()
    return dict(rows.values("record").annotate(number=Count("pk")).values_list("record", "number"))


def where(viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
    """Return the record of each of some contacts that the viewer may put elsewhere."""
    rows = there(viewer, Can.SORT).filter(pk__in=list(ids), record__isnull=False)
    return dict(rows.values_list("pk", "record_id"))


@transaction.atomic
def move(viewer: Viewer, ids: Sequence[int], record: Record, now: datetime) -> None:
    """Put contacts to another record of the same council."""
    for contact in Contact.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk"):
        former, contact.record = contact.record_id, record
        contact.save(update_fields=["record"])
        write(viewer, "contact.put", contact, now, former_record=former)


def _words(contact: Contact) -> str:
    channel, way = Channel(contact.channel).label, contact.get_direction_display().lower()
    said = contact.summary[:_SHOWN].strip()
    return f"{channel}, {way}, {dates.short(contact.at)}{f': {said}' if said else ''}"


def _known(contact: Contact) -> Known:
    names = (name_of(contact.given_name),) if contact.given_name else ()
    points = (contact.address,) if contact.address else ()
    is_mail = "@" in contact.address
    return Known(names=names, phones=() if is_mail else points, emails=points if is_mail else ())


FOLLOWER = Follower(kind=KIND, plural="contacts", since=came_since, count=count, where=where, move=move)
