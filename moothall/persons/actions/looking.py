"""Who looked at a record is itself on record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.persons.actions.records import write
from moothall.persons.models import Record


@transaction.atomic
def looked_at(*, by: Viewer, records: Sequence[Record], why: str, now: datetime) -> None:
    """Write down that somebody looked at records of a person, each in the record of its own council.

    `why` says on which page, in a word: `page`, `intake`, `review`, `print`.
    """
    for record in records:
        write(by, "person.seen", record, now, why=why)
