"""A month's figures, of each council and of all together, and the calls behind one number of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.servicedesk.queries.figures import (
    availability,
    changes,
    flows,
    levels,
    majors,
    suppliers,
    users,
)
from moothall.servicedesk.queries.figures.reading import Reading, read
from moothall.servicedesk.rules.figures import DEFINITIONS, Book, Figure, Month
from moothall.servicedesk.rules.figures.book import JOINT, Asked

_WHY = "a joint figure is a sum over every council, whoever looks at it"
_COUNTERS: Sequence[Callable[[Reading, Book], None]] = (
    flows.count,
    levels.count,
    majors.count,
    availability.count,
    changes.count,
    suppliers.count,
    users.count,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a month as they come out now: by council, and of all together under `JOINT`."""

    month: Month
    figures: Mapping[int, Mapping[tuple[str, str], Figure]]
    without_heads: Sequence[int]

    @property
    def joint(self) -> Mapping[tuple[str, str], Figure]:
        return self.figures[JOINT]


def counted(month: Month, now: datetime) -> Counted:
    """Count a month, of every council. What of it may be shown to whom, the pack decides."""
    with scope.everything(_WHY):
        councils = list(Council.objects.order_by("id").values_list("id", flat=True))
        book = _count(month, councils, now)
        heads = users.heads_of(month, councils)
    return Counted(month, book.figures(councils), [each for each in councils if each not in heads])


def behind(month: Month, asked: Asked, now: datetime) -> Sequence[int]:
    """Return the calls behind one number, each as often as it counts, in the order in which they were logged."""
    with scope.everything(_WHY):
        councils = list(Council.objects.order_by("id").values_list("id", flat=True))
        return sorted(_count(month, councils, now, asked).calls)


def _count(month: Month, councils: Sequence[int], now: datetime, asked: Asked | None = None) -> Book:
    book = Book(DEFINITIONS, asked)
    reading = read(month, councils, now)
    for each in _COUNTERS:
        each(reading, book)
    return book
