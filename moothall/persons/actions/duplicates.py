"""Looking for duplicates of one record, and asking somebody whether they are."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.actions.linking import suggest
from moothall.persons.models import Link, Record
from moothall.persons.permissions import Can
from moothall.persons.queries import weights
from moothall.persons.queries.candidates import candidates
from moothall.persons.queries.records import record_to_change
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.comparing import compare


@transaction.atomic
def find_more(*, by: Viewer, record_id: int, now: datetime) -> list[Link]:
    """Ask about every record that may be the same person as this one, and return those questions.

    Only records that whoever looks may see are asked about; locked ones are not.
    """
    record = record_to_change(by, record_id, Can.DECIDE)
    found = candidates(by, record.council_id, Known.of(record.traits), now, record.pk)
    asked: list[Link | None] = [
        suggest(
            by=by,
            low=record.pk,
            high=each.record_id,
            score=each.score,
            reasons=each.reasons,
            model=found.model,
            now=now,
        )
        for each in sorted(found.found, key=lambda each: each.record_id)
        if not each.locked and gate.may(by, Can.DECIDE, each.council_id)
    ]
    return [link for link in asked if link is not None]


@transaction.atomic
def ask_about(
    *, by: Viewer, record_ids: Sequence[int], other_ids: Sequence[int], now: datetime
) -> Link | None:
    """Ask whether two people are one, of whom somebody thinks so: of the first records of each that may be used.

    None if that is decided, or if none of their records may be used.
    """
    one, other = (_first(by, ids) for ids in (record_ids, other_ids))
    if one is None or other is None:
        return None
    model = weights.in_force()
    match = compare(model, Known.of(one.traits), Known.of(other.traits))
    return suggest(
        by=by,
        low=one.pk,
        high=other.pk,
        score=match.score,
        reasons=match.reasons,
        model=model.version,
        now=now,
    )


def _first(by: Viewer, record_ids: Sequence[int]) -> Record | None:
    rows = Record.objects.filter(pk__in=record_ids, state=Record.State.ACTIVE, restricted_at=None, circle="")
    found: Record | None = gate.narrow(by, Can.DECIDE, rows).order_by("id").first()
    return found
