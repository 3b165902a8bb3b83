"""Putting what came since two records were joined to the record where it belongs.

Facts are not carried over: they end where they are, and are held where they belong, with the source and the time they
came from. What a fact had pushed aside where it did not belong is held again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons import hooks
from moothall.persons.actions.records import refresh, write
from moothall.persons.errors import FactGone, NotTheirs
from moothall.persons.hooks import Follower, Thing
from moothall.persons.models import CasePerson, Fact, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.queries.ledger import ledger_of
from moothall.persons.queries.records import record_to_change, sees_fact
from moothall.persons.queries.since import cases_seen
from moothall.persons.rules import facts as kinds

MOVED = "It was put to the record where it belongs."
FACT, CASE, RELATIONSHIP = "fact", "case", "relationship"


@transaction.atomic
def move(*, by: Viewer, places: Mapping[Thing, int], now: datetime) -> int:
    """Put each thing to a record of the same council that is, or was, part of the same person.

    Returns how many were moved: what is there already stays. Refuses all if one cannot be moved.
    """
    targets = {
        number: _Target(record_to_change(by, number, Can.DECIDE), _ever_joined(number))
        for number in sorted({*places.values()})
    }
    moved = _move_facts(
        by, {each.id: targets[there] for each, there in places.items() if each.kind == FACT}, now
    )
    for kind, there in sorted({(each.kind, there) for each, there in places.items() if each.kind != FACT}):
        ids = sorted(each.id for each, place in places.items() if (each.kind, place) == (kind, there))
        if kind in _MOVES:
            moved += sum(_MOVES[kind](by, number, targets[there], now) for number in ids)
        elif kind in hooks.followers:
            moved += _move_followers(by, hooks.followers[kind], ids, targets[there], now)
        else:
            raise NotTheirs
    return moved


@dataclass(frozen=True, slots=True)
class _Target:
    """A record to which things are put, and those that are one person with it, or ever were."""

    record: Record
    family: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Way:
    """A fact in force, whence it goes, and where it belongs."""

    fact: Fact
    source: Record
    target: Record


def _ever_joined(record_id: int) -> frozenset[int]:
    """Return the records that are one person with a record, or ever were."""
    return frozenset(ledger_of([record_id], ever=True).origins)


def _from(by: Viewer, record_id: int | None, target: _Target) -> Record:
    """Return the record from which something is moved."""
    if record_id is None or record_id not in target.family:
        raise NotTheirs
    record = record_to_change(by, record_id, Can.DECIDE)
    if record.council_id != target.record.council_id:
        raise NotTheirs
    return record


def _move_facts(by: Viewer, targets: Mapping[int, _Target], now: datetime) -> int:
    """Put facts where they belong, all in one go.

    All end first, and what each had pushed aside is held again; then each is held where it belongs. One by one, two
    dates of birth that change places would push each other aside, and the second would be gone before its turn.
    """
    ways = _ways(by, targets)
    for way in ways:
        _end(by, [way.fact], MOVED, now)
    for way in ways:
        for former in _pushed_aside(way.fact):
            _hold_again(by, former, way.source, now)
    for way in ways:
        if kinds.KINDS[way.fact.kind].single and not _held(way.fact, way.target):
            _end(by, _in_force(way.fact, way.target), "Another took its place.", now)
        _hold_again(by, way.fact, way.target, now)
    for way in ways:
        moved = {"fact": way.fact.pk, "kind": way.fact.kind}
        write(by, "person.fact_moved", way.source, now, **moved, to=way.target.pk)
        write(by, "person.fact_came", way.target, now, **moved, of=way.source.pk)
    touched = {record.pk: record for way in ways for record in (way.target, way.source)}
    for _, record in sorted(touched.items()):
        refresh(record, now)
    return len(ways)


def _ways(by: Viewer, targets: Mapping[int, _Target]) -> list[_Way]:
    """Return the ways of all facts that are not where they belong, in the order in which they were recorded."""
    found = []
    for number, target in sorted(targets.items()):
        fact: Fact | None = Fact.objects.filter(pk=number, ended_at=None).first()
        if fact is None or not (gate.may(by, Can.SEE, fact.council_id) and sees_fact(by, fact)):
            raise FactGone
        if fact.record_id != target.record.pk:
            source = _from(by, fact.record_id, target)
            found.append(_Way(fact, source, target.record))
    return found


def _pushed_aside(fact: Fact) -> list[Fact]:
    """Return the facts that ended when this one was recorded in their place."""
    rows = Fact.objects.filter(record=fact.record_id, kind=fact.kind, ended_at=fact.recorded_at)
    earlier = rows.filter(pk__lt=fact.pk, recorded_at__lt=fact.recorded_at)
    return list(earlier.exclude(ended_why=MOVED).order_by("id"))


def _in_force(fact: Fact, record: Record) -> list[Fact]:
    """Return what a record holds of the kind of a fact."""
    return list(Fact.objects.filter(record=record, kind=fact.kind, ended_at=None))


def _held(fact: Fact, record: Record) -> bool:
    """Say whether a record holds the same, word for word."""
    return any(
        all(getattr(each, part) == getattr(fact, part) for part in ("body", "since", "until", "circle"))
        for each in _in_force(fact, record)
    )


def _end(by: Viewer, facts: Sequence[Fact], why: str, now: datetime) -> None:
    for fact in facts:
        fact.ended_at, fact.ended_by, fact.ended_why = now, by.actor.name[:150], why
        fact.save(update_fields=["ended_at", "ended_by", "ended_why"])


def _hold_again(by: Viewer, fact: Fact, record: Record, now: datetime) -> None:
    """Let a record hold what a fact says, with its source and the time it came from, unless it does so already."""
    if _held(fact, record):
        return
    Fact.objects.create(
        council_id=record.council_id,
        record=record,
        recorded_at=now,
        recorded_by=by.actor.name[:150],
        **{
            part: getattr(fact, part)
            for part in ("kind", "body", "since", "until", "circle", "source", "source_at")
        },
    )


def _move_case(by: Viewer, number: int, target: _Target, now: datetime) -> bool:
    row: CasePerson | None = cases_seen(by).filter(pk=number).first()
    if row is None:
        raise NotTheirs
    there = target.record
    if row.record_id == there.pk:
        return False
    source = _from(by, row.record_id, target)
    rows = CasePerson.objects.filter(pk=row.pk, record_id=source.pk)
    changed = {"record_id": there.pk, "how": CasePerson.How.CHOSEN, "at": now, "by": by.actor.name[:150]}
    if not rows.update(**changed):
        raise FactGone
    write(by, "person.case_moved", source, now, case=row.case_id, to=there.pk)
    write(by, "person.case_came", there, now, case=row.case_id, of=source.pk)
    return True


def _move_relationship(by: Viewer, number: int, target: _Target, now: datetime) -> bool:
    row: Relationship | None = Relationship.objects.filter(pk=number, ended_at=None).first()
    if row is None or not gate.may(by, Can.SEE, row.council_id):
        raise FactGone
    there = target.record
    if there.pk in (row.record_id, row.other_id):
        return False
    end = "record_id" if row.record_id in target.family else "other_id"
    source = _from(by, getattr(row, end), target)
    row.ended_at, row.ended_by, row.ended_why = now, by.actor.name[:150], MOVED
    row.save(update_fields=["ended_at", "ended_by", "ended_why"])
    row.pk, row.ended_at, row.ended_by, row.ended_why = None, None, "", ""
    row.recorded_at, row.recorded_by = now, by.actor.name[:150]
    setattr(row, end, there.pk)
    row.save(force_insert=True)
    write(by, "person.relationship_moved", source, now, relationship=row.pk, kind=row.kind, to=there.pk)
    write(by, "person.relationship_came", there, now, relationship=row.pk, kind=row.kind, of=source.pk)
    return True


def _move_followers(
    by: Viewer, follower: Follower, ids: Sequence[int], target: _Target, now: datetime
) -> int:
    """Let an upper room put its things to a record, once for all that come from one."""
    places, there = follower.where(by, ids), target.record
    if places.keys() != set(ids):
        raise NotTheirs
    for record_id in sorted(set(places.values()) - {there.pk}):
        source = _from(by, record_id, target)
        moved = sorted(number for number, place in places.items() if place == record_id)
        follower.move(by, moved, there, now)
        write(by, "person.thing_moved", source, now, kind=follower.kind, things=moved, to=there.pk)
        write(by, "person.thing_came", there, now, kind=follower.kind, things=moved, of=source.pk)
    return sum(place != there.pk for place in places.values())


_Move = Callable[[Viewer, int, _Target, datetime], bool]
_MOVES: Mapping[str, _Move] = {CASE: _move_case, RELATIONSHIP: _move_relationship}
