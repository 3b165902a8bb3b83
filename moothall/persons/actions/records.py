"""Adding people to the register, and changing what a council holds about them.

A fact is never overwritten: what was believed, until when, and why it ended stays. The journal says that something
changed and what kind of thing it was, never what it says.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.references import under_new_reference
from moothall.councils.rules import PERSON, Viewer
from moothall.journal import actions as journal
from moothall.persons.actions import finding
from moothall.persons.errors import FactGone, NobodyKnown
from moothall.persons.models import Fact, Person, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.records import record_to_change, sees_fact
from moothall.persons.rules import facts as rules
from moothall.persons.rules.facts import Cleaned, NewFact
from moothall.persons.rules.known import Known
from moothall.persons.rules.shorts import Held, shortened


@transaction.atomic
def add_person(
    *,
    by: Viewer,
    council_id: int,
    facts: Sequence[NewFact],
    source: str,
    now: datetime,
    person: Person | None = None,
) -> Record:
    """Add a record of a council: of somebody new, or of a `person` whom other councils know already.

    `source` says where it comes from: `adviser`, `resident`, `request:REFERENCE`, `import:NAME`. Refuses all of it if
    one fact cannot be kept, and what has neither a name nor an identifier.
    """
    gate.allow(by, Can.ADD, council_id)
    today = timezone.localdate(now)
    kept = [rules.cleaned(fact, today) for fact in facts]
    if not any(fact.kind in ("name", "identifier") for fact in kept):
        raise NobodyKnown({"family": [NobodyKnown.message]})
    head = person or under_new_reference(
        PERSON, lambda reference: Person.objects.create(reference=reference, created_at=now)
    )
    record: Record = Record.objects.create(
        council_id=council_id,
        person=head,
        origin=head,
        source=source,
        created_at=now,
        created_by=by.actor.name[:150],
        changed_at=now,
    )
    for fact in kept:
        _keep(record, fact, by, source, now)
    write(by, "person.added", record, now, kinds=sorted({fact.kind for fact in kept}), source=_sort(source))
    refresh(record, now)
    return record


@transaction.atomic
def add_fact(
    *, by: Viewer, record_id: int, fact: NewFact, source: str, now: datetime, can: Can = Can.CHANGE
) -> Fact:
    """Add something that a council learned about a person. Of what a person has one at a time, the former ends.

    What is held already, word for word, is not added again.
    """
    record = record_to_change(by, record_id, can)
    kept = rules.cleaned(fact, timezone.localdate(now))
    same = [each for each in record.facts.filter(kind=kept.kind, ended_at=None) if _same(each, kept)]
    if same:
        return same[0]
    if rules.KINDS[kept.kind].single:
        held = record.facts.filter(kind=kept.kind, ended_at=None)
        held.update(ended_at=now, ended_by=by.actor.name[:150], ended_why="Another took its place.")
    added = _keep(record, kept, by, source, now)
    write(by, "person.fact_added", record, now, fact=added.pk, kind=kept.kind, source=_sort(source))
    refresh(record, now)
    return added


@transaction.atomic
def replace_fact(
    *,
    by: Viewer,
    record_id: int,
    fact_id: int,
    fact: NewFact,
    why: str,
    source: str,
    now: datetime,
    can: Can = Can.CHANGE,
) -> Fact:
    """Put another fact into the place of one that is wrong, or is not so any more."""
    record = record_to_change(by, record_id, can)
    return put_in_place(by=by, record=record, fact_id=fact_id, fact=fact, why=why, source=source, now=now)


def put_in_place(
    *, by: Viewer, record: Record, fact_id: int, fact: NewFact, why: str, source: str, now: datetime
) -> Fact:
    """Do so on a record that is held already, by whoever asked whether it may be changed."""
    held = _held(by, record, fact_id)
    kept = rules.cleaned(fact, timezone.localdate(now))
    if kept.kind != held.kind:
        raise FactGone
    _end(held, by, why or "Another took its place.", now)
    added = _keep(record, kept, by, source, now)
    write(
        by,
        "person.fact_replaced",
        record,
        now,
        fact=added.pk,
        former=held.pk,
        kind=kept.kind,
        source=_sort(source),
    )
    refresh(record, now)
    return added


@transaction.atomic
def end_fact(
    *, by: Viewer, record_id: int, fact_id: int, why: str, now: datetime, can: Can = Can.CHANGE
) -> Fact:
    """End a fact: it was wrong, or nobody should rely on it any more. It stays in the history."""
    record = record_to_change(by, record_id, can)
    held = _held(by, record, fact_id)
    _end(held, by, why, now)
    write(by, "person.fact_ended", record, now, fact=held.pk, kind=held.kind)
    refresh(record, now)
    return held


def refresh(record: Record, now: datetime) -> None:
    """Bring what follows from the facts up to date: the record in short, and what it is found by."""
    rows = record.facts.filter(ended_at=None).values_list("kind", "body", "until", "id")
    short = shortened((Held(*row) for row in rows), timezone.localdate(now))
    before = Known.of(record.traits) if record.traits else None
    record.name, record.born, record.address = short.name, short.born, short.address
    record.traits = short.known.traits
    record.seq += 1
    record.changed_at = now
    record.save(update_fields=["name", "born", "address", "traits", "seq", "changed_at"])
    finding.index(record.pk, record.council_id, before, short.known)


def write(by: Viewer, what: str, record: Record, now: datetime, **facts: object) -> None:
    """Write down what happened to a record, without anything that it says."""
    journal.write(
        by=by.actor,
        what=what,
        about=f"record:{record.pk}",
        council_id=record.council_id,
        now=now,
        facts=facts,
    )


def _sort(source: str) -> str:
    """Return of which sort a source is: its name may be the reference of a case, which the journal does not tell."""
    return source.partition(":")[0]


def _keep(record: Record, fact: Cleaned, by: Viewer, source: str, now: datetime) -> Fact:
    kept: Fact = Fact.objects.create(
        council_id=record.council_id,
        record=record,
        kind=fact.kind,
        body=fact.body,
        since=fact.since,
        until=fact.until,
        circle=fact.circle,
        source=source[:80],
        source_at=fact.source_at or now,
        recorded_at=now,
        recorded_by=by.actor.name[:150],
    )
    return kept


def _same(held: Fact, fact: Cleaned) -> bool:
    return (held.body, held.since, held.until, held.circle) == (
        fact.body,
        fact.since,
        fact.until,
        fact.circle,
    )


def _held(by: Viewer, record: Record, fact_id: int) -> Fact:
    """Return a fact in force that the viewer may see, or say that somebody was faster."""
    held: Fact | None = record.facts.filter(pk=fact_id, ended_at=None).first()
    if held is None or not sees_fact(by, held):
        raise FactGone
    return held


def _end(fact: Fact, by: Viewer, why: str, now: datetime) -> None:
    fact.ended_at, fact.ended_by, fact.ended_why = now, by.actor.name[:150], why.strip()[:200]
    fact.save(update_fields=["ended_at", "ended_by", "ended_why"])
