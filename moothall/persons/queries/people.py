"""One person as their page shows them: what each council holds, brought together, with where each value came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.errors import NoSuchPerson
from moothall.persons.models import Fact, Person, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.queries.records import (
    Elsewhere,
    elsewhere,
    is_open,
    person_of,
    records_of,
    sees_fact,
    whom_to_ask,
)
from moothall.persons.rules import facts as kinds
from moothall.persons.rules import wordlists
from moothall.persons.rules.golden import best_first


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record of the person, as far as the viewer sees it. `agreement` is why, if they work for another council."""

    record: Record
    council: str
    agreement: str
    is_open: bool
    whom: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class Value:
    """One fact with its receipt: who holds it, where it came from, and when."""

    fact: Fact
    words: str
    council: str
    is_current: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Related:
    """Somebody who stands to the person as `how` says."""

    relationship: Relationship
    how: str
    name: str
    reference: str
    council: str
    is_current: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class PersonFile:
    """Everything about a person that is there for the viewer. `values` are by kind, the one to rely on first."""

    person: Person
    name: str
    records: Sequence[HeldRecord]
    elsewhere: Sequence[Elsewhere]
    values: Mapping[str, Sequence[Value]]
    related: Sequence[Related]
    household: Sequence[Record]

    @property
    def record_ids(self) -> list[int]:
        """The records that are open to the viewer: what hangs on them may be shown."""
        return [held.record.pk for held in self.records if held.is_open]

    @property
    def is_locked(self) -> bool:
        return not self.record_ids

    def first(self, kind: str) -> Value | None:
        """Return the value of a kind to rely on, if there is one."""
        return next((value for value in self.values.get(kind, ()) if value.is_current), None)


def person_file(viewer: Viewer, reference: str, now: datetime) -> PersonFile:
    """Return a person as the viewer may see them; of locked records only that they exist and whom to ask.

    The page that shows it says so to the record: `actions.looking.looked_at`.
    """
    person = person_of(reference)
    records = [each for each in records_of(viewer, person.pk) if each.state == Record.State.ACTIVE]
    if not records:
        raise NoSuchPerson
    held = [_held(viewer, record) for record in records]
    opened = [each.record for each in held if each.is_open]
    today = timezone.localdate(now)
    values = _values(viewer, opened, today)
    name = next((value.words for value in values.get("name", ())), "")
    return PersonFile(
        person=person,
        name=name or (opened[0].name if opened else "Locked record"),
        records=held,
        elsewhere=elsewhere(person.pk, records),
        values=values,
        related=_related(viewer, opened, today),
        household=_household(viewer, opened),
    )


def _held(viewer: Viewer, record: Record) -> HeldRecord:
    opened = is_open(viewer, record)
    return HeldRecord(
        record=record,
        council=record.council.name,
        agreement=viewer.agreements.get(record.council_id, ""),
        is_open=opened,
        whom="" if opened else whom_to_ask(record),
        may_change=opened
        and record.restricted_at is None
        and gate.may(viewer, Can.CHANGE, record.council_id),
    )


def _values(viewer: Viewer, records: Sequence[Record], today: date) -> dict[str, list[Value]]:
    """Return the facts in force of some records by kind, each time the one to rely on first."""
    by_id = {record.pk: record for record in records}
    rows = [fact for fact in Fact.objects.filter(record__in=by_id, ended_at=None) if sees_fact(viewer, fact)]
    found: dict[str, list[Value]] = {kind: [] for kind in kinds.KINDS}
    for fact in best_first(rows, today):
        record = by_id[fact.record_id]
        found.setdefault(fact.kind, []).append(
            Value(
                fact=fact,
                words=kinds.said(fact.kind, fact.body),
                council=record.council.name,
                is_current=fact.until is None or fact.until >= today,
                may_change=record.restricted_at is None and gate.may(viewer, Can.CHANGE, record.council_id),
            )
        )
    return {kind: values for kind, values in found.items() if values}


_OF_RELATED = (
    *(each.attname for each in Relationship._meta.concrete_fields),
    "council__name",
    *(
        f"{end}__{part}"
        for end in ("record", "other")
        for part in ("name", "circle", "council_id", "person__reference")
    ),
)


def _related(viewer: Viewer, records: Sequence[Record], today: date) -> list[Related]:
    ids = [record.pk for record in records]
    rows = Relationship.objects.filter(Q(record__in=ids) | Q(other__in=ids), ended_at=None)
    rows = rows.select_related("council", "record__person", "other__person").only(*_OF_RELATED).order_by("id")
    found = []
    for row in rows:
        mine = row.record_id in ids
        person = row.other if mine else row.record
        opened = is_open(viewer, person)
        found.append(
            Related(
                relationship=row,
                how=wordlists.stands_as(row.kind, turned=not mine),
                name=person.name if opened else "Locked record",
                reference=person.person.reference,
                council=row.council.name,
                is_current=row.until is None or row.until >= today,
                may_change=gate.may(viewer, Can.CHANGE, row.council_id),
            )
        )
    return found


MOST_AT_HOME = 20


def _household(viewer: Viewer, records: Sequence[Record]) -> list[Record]:
    """Return who else lives at the address at which the person lives now, one record for each of them."""
    homes = [(record.council_id, record.address) for record in records if record.address]
    if not homes:
        return []
    same = Q()
    for council_id, address in homes:
        same |= Q(council_id=council_id, address=address)
    rows = Record.objects.filter(same, state=Record.State.ACTIVE).exclude(person_id=records[0].person_id)
    rows = rows.select_related("person").only("name", "born", "circle", "council_id", "person__reference")
    rows = rows.order_by("born", "id")
    seen = {record.person_id: record for record in rows[:MOST_AT_HOME] if is_open(viewer, record)}
    return list(seen.values())


def history_of(viewer: Viewer, record_ids: Sequence[int]) -> list[Fact]:
    """Return every fact that records ever held, ended ones too, the newest first, as far as the viewer sees them."""
    rows = (
        Fact.objects.filter(record__in=record_ids).select_related("council").order_by("-recorded_at", "-id")
    )
    return [fact for fact in gate.narrow(viewer, Can.SEE, rows) if sees_fact(viewer, fact)]
