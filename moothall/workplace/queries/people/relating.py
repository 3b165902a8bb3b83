"""Whom a person belongs to: the records on both sides of a relationship."""

from moothall.councils.rules import Viewer
from moothall.persons.models import Record, Relationship
from moothall.persons.queries.records import is_open, person_of
from moothall.persons.rules import wordlists
from moothall.workplace.queries.people.changing import Changeable, all_opened_of


def other_of(viewer: Viewer, found: Changeable, reference: str) -> tuple[Record, Record]:
    """Return a record of the person and one of somebody else, of one council wherever there are two such."""
    opened = all_opened_of(viewer, person_of(reference))
    pairs = [(mine, other) for mine in found.records for other in opened]
    return next((pair for pair in pairs if pair[0].council_id == pair[1].council_id), pairs[0])


def words_of(viewer: Viewer, record: Record, row: Relationship) -> str:
    """Return a relationship in words, from the side of one of its records."""
    mine = row.record_id == record.pk
    other = Record.objects.get(pk=row.other_id if mine else row.record_id)
    name = other.name if is_open(viewer, other) else "Locked record"
    return f"{name}: {wordlists.stands_as(row.kind, turned=not mine).lower()}"
