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
    with scope.everything(WHY):
        now = Record.objects.filter(pk__in=list(record_ids)).values("person_id")
        found = _records(Q(person_id__in=now))  # nearly always the whole group, at once
        while found:
            origins |= {record: origin for record, origin, _ in found}
            persons |= {record: person for record, _, person in found}
            for tie, kind in _ties([record for record, _, _ in found], ever=ever):
                (same if kind == Link.Kind.SAME else apart)[tie.id] = tie
            near = {record for tie in same.values() for record in (tie.low, tie.high)} - origins.keys()
            alike = Q(pk__in=near) | Q(origin_id__in={origin for _, origin, _ in found})
            found = _records(alike & ~Q(pk__in=list(origins)))
    return Ledger(origins, persons, sorted(same.values()), sorted(apart.values()))


def _records(wanted: Q) -> list[tuple[int, int, int]]:
    return list(Record.objects.filter(wanted).values_list("id", "origin_id", "person_id"))


def _ties(ids: list[int], *, ever: bool) -> list[tuple[Tie, str]]:
    rows = Link.objects.filter(Q(low__in=ids) | Q(high__in=ids)).exclude(kind=Link.Kind.MAYBE)
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
