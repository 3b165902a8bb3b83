"""What the pages of those who keep the register clean show: the queue, and what taking a link back would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.errors import LinkGone, NoSuchPerson
from moothall.persons.models import Link
from moothall.persons.permissions import Can
from moothall.persons.queries.duplicates import Line, link_seen, links_of
from moothall.persons.queries.since import Came, came_since
from moothall.plain.errors import Refused

SAID = {
    "same": "They were said to be one person",
    "apart": "They were said to be two people",
    "maybe": "It was asked whether they are one person",
}
LIKELY, SURE = 0.0, 6.0
"""Bits from which the likelihood of a pair is said in stronger words: even odds, and 64 to 1."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """A link to be taken back. `things` came since; without `separates`, other links hold the two together still."""

    line: Line
    things: Sequence[Came]
    separates: bool

    @property
    def is_join(self) -> bool:
        return self.line.link.kind == Link.Kind.SAME


def councils_to_clean(viewer: Viewer) -> list[tuple[int, str]]:
    """Return the councils at which the viewer may decide, for narrowing the list."""
    rows = Council.objects.filter(pk__in=sorted(gate.councils(viewer, Can.DECIDE)))
    return list(rows.order_by("name").values_list("pk", "name"))


def undoing(viewer: Viewer, number: int, now: datetime) -> Undoing:
    """Return what taking a link back would do; refuses whoever may not, and what was taken back already."""
    line = link_seen(viewer, number)
    if line.link.ended_at is not None:
        raise LinkGone
    if not line.may_undo:
        raise Refused(act=Can.DECIDE.label)
    if line.link.kind != Link.Kind.SAME:
        return Undoing(line, (), separates=False)
    since = came_since(viewer, number, now)
    return Undoing(line, since.things, separates=bool(since.sides))


def records_to_decide(viewer: Viewer, reference: str) -> list[int]:
    """Return the records of a person at councils where the viewer may decide."""
    records = links_of(viewer, reference).records
    found = [record.pk for record in records if gate.may(viewer, Can.DECIDE, record.council_id)]
    if not found:
        raise NoSuchPerson
    return found


def likelihood(score: float | None) -> str:
    """Return a score in words.

    >>> likelihood(7.2), likelihood(0.5), likelihood(-1.0), likelihood(None)
    ('Very likely', 'Likely', 'Possible', '')
    """
    if score is None:
        return ""
    return "Very likely" if score >= SURE else "Likely" if score >= LIKELY else "Possible"


def odds(score: float) -> str:
    """Return a score in bits as odds that both are one person.

    >>> odds(6), odds(0), odds(-1), odds(13.3)
    ('64 to 1', '1 to 1', '1 to 2', '10,086 to 1')
    """
    return f"{round(2**score):,} to 1" if score >= 0 else f"1 to {round(2**-score):,}"
