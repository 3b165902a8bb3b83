"""Who looked at a person's records, as the journal has it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal.models import Entry
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open

PAGE = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a record: when, who, at which council's record, and on which page."""

    id: int
    at: datetime
    who: str
    council: str
    why: str


@dataclass(frozen=True, slots=True)
class Looks:
    """A page of looks, the newest first, and where the next one starts."""

    rows: Sequence[Look]
    older: int | None


def looks_of(viewer: Viewer, records: Sequence[Record], before: int | None = None) -> Looks:
    """Return who looked at those of some records that are open to the viewer and of which they may see that."""
    seen = {
        f"record:{record.pk}": record.council.name
        for record in records
        if gate.may(viewer, Can.SEE_LOOKS, record.council_id) and is_open(viewer, record)
    }
    rows = Entry.objects.filter(about__in=sorted(seen), what="person.seen").order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PAGE + 1]) if seen else []
    return Looks(
        rows=[
            Look(
                each.pk,
                each.at,
                each.actor_name,
                seen[each.about],
                str(json.loads(each.facts).get("why", "")),
            )
            for each in found[:PAGE]
        ],
        older=found[PAGE - 1].pk if len(found) > PAGE else None,
    )
