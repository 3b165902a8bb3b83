"""What the register holds of everybody, for matching and learning in one go."""

from collections.abc import Iterator
from dataclasses import dataclass

from moothall.councils import scope
from moothall.persons.models import Link, Record
from moothall.persons.rules.known import Known

_WHY = "people are matched with the whole register, and of it nothing but references is told"
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Registered:
    """One record, whose it is taken to be, and what tells that person apart."""

    record_id: int
    council_id: int
    person: str
    known: Known


def registered() -> Iterator[Registered]:
    """Give every record that may be compared: active ones whose use is not restricted."""
    with scope.everything(_WHY):
        rows = Record.objects.filter(state=Record.State.ACTIVE, restricted_at=None).order_by("id")
        for number, council, person, traits in rows.values_list(
            "id", "council_id", "person__reference", "traits"
        ).iterator(chunk_size=_AT_ONCE):
            yield Registered(number, council, person, Known.of(traits))


def told_apart() -> set[tuple[int, int]]:
    """Return the pairs of records of which somebody said that they are two people, lower number first."""
    with scope.everything(_WHY):
        links = Link.objects.filter(kind=Link.Kind.APART, ended_at=None)
        return set(links.values_list("low_id", "high_id"))
