"""Keeping what somebody told who is in the register already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.persons.actions.holding import own_record
from moothall.persons.actions.linking import suggest
from moothall.persons.actions.records import add_fact, add_person
from moothall.persons.models import Record
from moothall.persons.queries.candidates import Candidates
from moothall.persons.queries.records import record_seen
from moothall.persons.rules.facts import KINDS, NewFact
from moothall.persons.rules.matching.comparing import Reason

_LEARNED: Mapping[str, tuple[str, ...]] = {
    "birth": (),
    "address": ("place",),
    "phone": ("number",),
    "email": ("address",),
    "identifier": ("scheme", "value"),
}
"""What is learned from somebody who is known already, and which parts make it new. Names are for a person to judge."""


@transaction.atomic
def learn(
    *, by: Viewer, council_id: int, record_id: int, facts: Sequence[NewFact], source: str, now: datetime
) -> Record:
    """Return the council's own record of somebody (added, if only another council has one) with what is new in it.

    What it holds already is not added again, and what a person has one of (their date of birth) is not replaced.
    """
    record = record_seen(by, record_id)
    if record.council_id != council_id:
        record = own_record(by=by, council_id=council_id, record_id=record_id, source=source, now=now)
    for fact in new_facts(record, facts):
        add_fact(by=by, record_id=record.pk, fact=fact, source=source, now=now)
    record.refresh_from_db()
    return record


@transaction.atomic
def add_although(
    *,
    by: Viewer,
    council_id: int,
    facts: Sequence[NewFact],
    found: Candidates,
    why: str,
    source: str,
    now: datetime,
) -> Record:
    """Add somebody anew although others were found who may be the same. Whoever looks after the register looks again.

    `why` stands with the question that is left to them, not in the journal.
    """
    record = add_person(by=by, council_id=council_id, facts=facts, source=source, now=now)
    said = (
        (Reason("said", "apart", 0.0, f"{by.actor.name} said: {why.strip()}"[:300]),) if why.strip() else ()
    )
    for each in sorted(found.found, key=lambda one: one.record_id):
        if not each.locked:
            suggest(
                low=each.record_id,
                high=record.pk,
                score=each.score,
                reasons=[*said, *each.reasons],
                model=found.model,
                now=now,
                by=by,
            )
    return record


def new_facts(record: Record, facts: Sequence[NewFact]) -> list[NewFact]:
    """Return those facts that a record does not hold. Bodies must be as the register keeps them."""
    rows = record.facts.filter(kind__in=_LEARNED, ended_at=None).values_list("kind", "body")
    held = [(kind, _what(kind, body)) for kind, body in rows]
    kinds = {kind for kind, _ in held}
    return [
        fact
        for fact in facts
        if fact.kind in _LEARNED
        and (fact.kind, _what(fact.kind, fact.body)) not in held
        and not (KINDS[fact.kind].single and fact.kind in kinds)
    ]


def _what(kind: str, body: Mapping[str, Any]) -> list[Any]:
    return [body.get(part) for part in _LEARNED[kind]]
