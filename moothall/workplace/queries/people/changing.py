"""Which records of a person the viewer may change, and what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils import gate
from moothall.councils.models import Team
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.persons.errors import FactGone, NoSuchPerson, Restricted
from moothall.persons.models import Fact, Person, Record, Relationship
from moothall.persons.permissions import Can
from moothall.persons.queries.records import is_open, locked, person_of, records_of, sees_fact


@dataclass(frozen=True, slots=True)
class Changeable:
    """A person with those of their records that the viewer may change, at least one."""

    reference: str
    name: str
    records: Sequence[Record]

    def choices(self) -> list[tuple[str, str]]:
        """Return the records to choose from, by the name of their council."""
        return [(str(record.pk), record.council.name) for record in self.records]

    def record(self, number: str) -> Record:
        """Return the record that was chosen; the only one, if there is nothing to choose."""
        found = next((record for record in self.records if str(record.pk) == number), None)
        if found is None and len(self.records) > 1:
            raise NoSuchPerson
        return found or self.records[0]


def changeable(
    viewer: Viewer, reference: str, can: Permission = Can.CHANGE, *, restricted: bool = False
) -> Changeable:
    """Return a person whom the viewer may change, or say what is in the way: a lock, a restriction, or their role.

    With `restricted`, records that are restricted under data protection law count as well.
    """
    person = person_of(reference)
    opened = all_opened_of(viewer, person)
    mine = [record for record in opened if gate.may(viewer, can, record.council_id)]
    if not mine:
        gate.allow(viewer, can, opened[0])
    free = [record for record in mine if restricted or record.restricted_at is None]
    if not free:
        raise Restricted(council=mine[0].council.name, why=mine[0].restricted_why)
    return Changeable(person.reference, free[0].name or "No name", free)


def all_opened_of(viewer: Viewer, person: Person) -> list[Record]:
    """Return the records of a person that are open to the viewer, at least one; or say that all are locked."""
    rows = [each for each in records_of(viewer, person.pk) if each.state == Record.State.ACTIVE]
    if not rows:
        raise NoSuchPerson
    opened = [record for record in rows if is_open(viewer, record)]
    if not opened:
        raise locked(rows[0])
    return opened


def opened_of(viewer: Viewer, reference: str) -> Record:
    """Return the first record of a person that is open to the viewer, or say that all are locked."""
    return all_opened_of(viewer, person_of(reference))[0]


def fact_of(viewer: Viewer, found: Changeable, number: int) -> tuple[Record, Fact]:
    """Return a fact in force of one of the records, with the record."""
    fact: Fact | None = Fact.objects.filter(
        pk=number, record__in=[record.pk for record in found.records], ended_at=None
    ).first()
    if fact is None or not sees_fact(viewer, fact):
        raise FactGone
    return found.record(str(fact.record_id)), fact


def relationship_of(found: Changeable, number: int) -> tuple[Record, Relationship]:
    """Return a relationship in force of one of the records, with the record."""
    row: Relationship | None = Relationship.objects.filter(pk=number, ended_at=None).first()
    ids = [record.pk for record in found.records]
    mine = next((each for each in ids if row and each in (row.record_id, row.other_id)), None)
    if row is None or mine is None:
        raise FactGone
    return found.record(str(mine)), row


def teams_of(council_ids: Sequence[int]) -> list[tuple[str, str]]:
    """Return the teams that serve some councils, by what process files call them."""
    rows = Team.objects.filter(councils__in=list(council_ids)).order_by("name")
    found: dict[str, str] = {}
    for function, name in rows.values_list("function", "name"):
        found.setdefault(function, name)
    return list(found.items())
