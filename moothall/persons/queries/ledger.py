"""The ledger: which links between records are in force, read whole for the groups that are touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from moothall.councils import scope
from moothall.persons.models import Link, Record
from moothall.persons.rules.groups import Tie

WHY = "who is one person follows from the links of every council"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Some whole groups: each record with its origin and whose it is now, and the links in force among them.

    `apart` has also the links that lead out of these groups.
    """

    origins: Mapping[int, int]
    persons: Mapping[int, int]
    same: Sequence[Tie]
    apart: Sequence[Tie]


def ledger_of(record_ids: Iterable[int], *, ever: bool = False) -> Ledger:
    """Return the whole groups of some records; with `ever`, also what links joined that were ended since."""
    origins: dict[int, int] = {}
    persons: dict[int, int] = {}
    same: dict[int, Tie] = {}
    apart: dict[int, Tie] = {}
    wanted = set(record_ids)
    with scope.everything(WHY):
        wanted |= _of_one_person(wanted)
        while wanted:
            rows = Record.objects.filter(pk__in=wanted).values_list("id", "origin_id", "person_id")
            found = {record: (origin, person) for record, origin, person in rows}
            origins |= {record: origin for record, (origin, _) in found.items()}
            persons |= {record: person for record, (_, person) in found.items()}
            for tie, kind in _ties(found, ever=ever):
                (same if kind == Link.Kind.SAME else apart)[tie.id] = tie
            near = {record for tie in same.values() for record in (tie.low, tie.high)}
            wanted = (near | _of_one_origin(found)) - origins.keys()
    return Ledger(origins, persons, sorted(same.values()), sorted(apart.values()))


def _of_one_person(ids: Iterable[int]) -> set[int]:
    """Return the records of the persons of some records: nearly always the whole group, at once."""
    persons = Record.objects.filter(pk__in=ids).values("person_id")
    return set(Record.objects.filter(person_id__in=persons).values_list("id", flat=True))


def _of_one_origin(found: Mapping[int, tuple[int, int]]) -> set[int]:
    origins = {origin for origin, _ in found.values()}
    return set(Record.objects.filter(origin_id__in=origins).values_list("id", flat=True))


def _ties(ids: Iterable[int], *, ever: bool) -> list[tuple[Tie, str]]:
    among = list(ids)
    rows = Link.objects.filter(Q(low__in=among) | Q(high__in=among)).exclude(kind=Link.Kind.MAYBE)
    if not ever:
        rows = rows.filter(ended_at=None)
    return [(Tie(*row[:3]), row[3]) for row in rows.values_list("id", "low_id", "high_id", "kind")]


def in_force(low: int, high: int) -> Link | None:
    """Return the link in force between two records, of whichever kind: there is at most one."""
    with scope.everything(WHY):
        row: Link | None = Link.objects.filter(low=low, high=high, ended_at=None).first()
    return row


def undone(one: Iterable[int], other: Iterable[int]) -> bool:
    """Say whether a link that joined two groups was taken back: the house does not join them again by itself."""
    low, high = list(one), list(other)
    between = Q(low__in=low, high__in=high) | Q(low__in=high, high__in=low)
    with scope.everything(WHY):
        return bool(Link.objects.filter(between, kind=Link.Kind.SAME, ended_at__isnull=False).exists())
