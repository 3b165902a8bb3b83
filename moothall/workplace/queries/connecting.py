"""For which records of a person staff may make a letter, and which accounts are connected with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.errors import Erased, NoSuchPerson, Restricted
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries.connections import Connected, connections_of
from moothall.persons.queries.records import is_open, locked, person_of, records_of


@dataclass(frozen=True, slots=True)
class Connectable:
    """A person, the records for which the viewer may make a letter, and the accounts that are connected."""

    reference: str
    name: str
    records: Sequence[Record]
    connected: Sequence[Connected]

    def record(self, number: str) -> Record:
        """Return the record that was chosen; the only one, if there is nothing to choose."""
        if len(self.records) == 1:
            return self.records[0]
        found = next((record for record in self.records if str(record.pk) == number), None)
        if found is None:
            raise NoSuchPerson
        return found


def connectable(viewer: Viewer, reference: str, *, writing: bool = False) -> Connectable:
    """Return a person at the councils where the viewer may connect accounts; says what is in the way if nowhere.

    `writing` leaves out restricted records: they may be read, and not used for a letter.
    """
    person = person_of(reference)
    rows = records_of(viewer, person.pk)
    if not rows:
        raise NoSuchPerson
    opened = [record for record in rows if is_open(viewer, record)]
    if not opened:
        raise locked(rows[0])
    mine = [record for record in opened if gate.may(viewer, Can.CONNECT, record.council_id)]
    if not mine:
        gate.allow(viewer, Can.CONNECT, opened[0])
    good = [record for record in mine if record.state == Record.State.ACTIVE or not writing]
    if not good:
        raise Erased(council=mine[0].council.name)
    free = [record for record in good if record.restricted_at is None or not writing]
    if not free:
        raise Restricted(council=good[0].council.name, why=good[0].restricted_why)
    ids = [record.pk for record in mine]
    return Connectable(person.reference, free[0].name or "No name", free, connections_of(viewer, ids))
