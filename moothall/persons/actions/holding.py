"""A council's own record of somebody whom another council knows already."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.persons.actions.linking import link_same
from moothall.persons.actions.records import add_person
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_seen
from moothall.persons.rules.facts import NewFact
from moothall.persons.rules.matching.comparing import Reason

_TAKEN_OVER = ("name", "birth")


@dataclass(frozen=True, slots=True)
class Matched:
    """By what the house itself took the two for one person: the score in bits, the version of the weights, and why."""

    score: float
    model: int
    reasons: tuple[Reason, ...]


@transaction.atomic
def own_record(
    *,
    by: Viewer,
    council_id: int,
    record_id: int,
    source: str,
    now: datetime,
    matched: Matched | None = None,
) -> Record:
    """Return the council's own record of the person of a record that the viewer sees; without one, add it.

    Each council is the controller of what it holds: name and date of birth are taken over, and say where they come
    from; the rest stays with the council that holds it. The two records are joined by a link that can be undone. A
    record that is the council's own already is that one, also if it is locked and open to the viewer.
    """
    gate.allow(by, Can.ADD, council_id)
    with scope.everything("a record is joined with that of a council which shares the register"):
        known = record_seen(by, record_id)
        if known.council_id == council_id and known.state == Record.State.ACTIVE:
            return known
        rows = Record.objects.filter(
            person_id=known.person_id, council_id=council_id, state=Record.State.ACTIVE, circle=""
        )
        held: Record | None = rows.order_by("id").first()
        if held is not None:
            return held
        taken = known.facts.filter(kind__in=_TAKEN_OVER, ended_at=None, circle="").order_by("id")
        facts = [
            NewFact(
                kind=fact.kind, body=fact.body, since=fact.since, until=fact.until, source_at=fact.source_at
            )
            for fact in taken
        ]
        record = add_person(
            by=by, council_id=council_id, facts=facts, source=f"council:{known.council.code}", now=now
        )
        link_same(
            by=Viewer.system(),
            one_id=known.pk,
            other_id=record.pk,
            why=f"{by.actor.name} added it from what {known.council.name} holds ({source}).",
            now=now,
            score=matched.score if matched else None,
            model=matched.model if matched else 0,
            reasons=matched.reasons if matched else (),
        )
        record.refresh_from_db()
    return record
