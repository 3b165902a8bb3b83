"""Whose record may be read or changed, and which other councils hold one."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils import gate, scope
from moothall.councils.models import Council, Team
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.persons.errors import Erased, Locked, NoSuchPerson, Restricted
from moothall.persons.models import Fact, Person, Record
from moothall.persons.permissions import Can
from moothall.plain.references import NotAReference, normalise
from moothall.process import circles


def is_open(viewer: Viewer, record: Record) -> bool:
    """Say whether what a record says is there for the viewer, who may see records of its council."""
    return circles.sees(viewer, record.council_id, record.circle)


def sees_fact(viewer: Viewer, fact: Fact) -> bool:
    """Say whether a fact of an open record is there for the viewer: alerts may be for some teams only."""
    return circles.sees(viewer, fact.council_id, fact.circle)


def whom_to_ask(record: Record) -> str:
    """Return in words who can open a locked record: the teams of its circle, else its council."""
    names = Team.objects.filter(councils=record.council_id, function__in=record.circle.split()).order_by(
        "name"
    )
    found = list(dict.fromkeys(names.values_list("name", flat=True)))
    if not found:
        return f"a supervisor at {record.council.name}"
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"


def locked(record: Record) -> Locked:
    """Return the refusal that says that a record is locked, and whom to ask."""
    return Locked(
        council=record.council.name,
        why=record.locked_why or "only some teams work on it.",
        whom=whom_to_ask(record),
    )


def person_of(reference: str) -> Person:
    """Return the person whom a reference means now, also if it was that of a record which is somebody else's since."""
    try:
        written = normalise(reference)
    except NotAReference:
        raise NoSuchPerson from None
    with scope.everything("a person's reference is followed to whoever they are taken to be now"):
        now = Person.objects.filter(records__origin__reference=written).order_by("records__id").first()
    found: Person | None = now or Person.objects.filter(reference=written).first()
    if found is None:
        raise NoSuchPerson
    return found


def records_of(viewer: Viewer, person_id: int, can: Permission = Can.SEE) -> list[Record]:
    """Return the records of a person at councils where the viewer may see them, locked ones too, the oldest first."""
    rows = Record.objects.filter(person_id=person_id).select_related("council").defer("traits").order_by("id")
    return list(gate.narrow(viewer, can, rows))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A council that holds a record which the viewer may not see: whom to ask, and nothing more."""

    council: str
    email: str
    phone: str


def elsewhere(person_id: int, seen: Sequence[Record]) -> list[Elsewhere]:
    """Return the councils that hold a record of a person beside those seen, unless it is locked there.

    What they hold is not told.
    """
    with scope.everything("which councils hold a record of a person is told, and nothing else of it"):
        rows = Record.objects.filter(person_id=person_id, state=Record.State.ACTIVE, circle="")
        ids = set(rows.values_list("council_id", flat=True)) - {record.council_id for record in seen}
    councils = Council.objects.filter(id__in=sorted(ids)).order_by("name") if ids else ()
    return [Elsewhere(each.name, each.contact_email, each.contact_phone) for each in councils]


def record_seen(viewer: Viewer, record_id: int, can: Permission = Can.SEE) -> Record:
    """Return a record that is open to the viewer, who may do this at its council."""
    record: Record | None = Record.objects.filter(pk=record_id).select_related("council").first()
    if record is None or not gate.may(viewer, Can.SEE, record.council_id):
        raise NoSuchPerson
    gate.allow(viewer, can, record)
    if not is_open(viewer, record):
        raise locked(record)
    return record


def record_held(viewer: Viewer, record_id: int, can: Permission) -> Record:
    """Return a record, restricted or not, held until the transaction ends; refuses what is locked or erased."""
    Record.objects.select_for_update().filter(pk=record_id).first()
    record = record_seen(viewer, record_id, can)
    if record.state == Record.State.ERASED:
        raise Erased(council=record.council.name)
    return record


def record_to_change(viewer: Viewer, record_id: int, can: Permission = Can.CHANGE) -> Record:
    """Return a record for a change, held until the transaction ends; refuses what is locked, restricted or erased."""
    record = record_held(viewer, record_id, can)
    if record.restricted_at is not None:
        raise Restricted(council=record.council.name, why=record.restricted_why)
    return record
