"""Which records may be one person, and what was decided about them: for those who keep the register clean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.persons.errors import NoSuchLink, NoSuchPerson
from moothall.persons.models import Link, Person, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.ledger import WHY, ledger_of
from moothall.persons.queries.records import is_open, person_of, records_of
from moothall.process import circles

PAGE, _LOOKED_AT = 25, 10_000
MOST = 200
"""Links of one person that are shown, the newest first."""
_CURSOR = re.compile(r"(-?\d{1,6}(?:\.\d{1,17})?(?:e-\d{1,2})?)_(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Queue:
    """Pairs at which somebody should look, the likeliest first, and where the next page starts."""

    links: Sequence[Link]
    more: str


def to_review(viewer: Viewer, *, council_id: int | None = None, after: str = "") -> Queue:
    """Return the pairs that the viewer may decide: both records are open to them, and nobody has decided yet.

    With a council, those of which one record is there. `after` is what the page before said; nonsense starts anew.
    """
    with scope.everything(WHY):
        rows = _within(viewer, Link.objects.filter(kind=Link.Kind.MAYBE, ended_at=None))
        if council_id is not None:
            rows = rows.filter(Q(low__council=council_id) | Q(high__council=council_id))
        if cursor := _CURSOR.fullmatch(after):
            score, number = float(cursor[1]), int(cursor[2])
            rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=number))
        rows = rows.select_related("low__council", "high__council", "low__person", "high__person")
        rows = rows.order_by("-score", "id")
        # of each council its best: they stand in the index in this order, those of several do not
        best = [_undecided(rows.filter(council=each)) for each in sorted(gate.councils(viewer, Can.DECIDE))]
    found = sorted((link for some in best for link in some), key=lambda link: (-(link.score or 0), link.pk))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Queue(found[:PAGE], f"{last.score!r}_{last.pk}" if last else "")


def next_to_review(viewer: Viewer, link_id: int) -> int | None:
    """Return the number of the first pair to review that is not this one."""
    queue = to_review(viewer)
    return next((link.pk for link in queue.links if link.pk != link_id), None)


def _within(viewer: Viewer, rows: QuerySet[Link]) -> QuerySet[Link]:
    """Return the links of which the viewer may decide about the higher record, and opens both.

    A link belongs to the council of its lower one, by which whoever asks has to narrow it.
    """
    for end in ("low", "high"):
        usable = {f"{end}__state": Record.State.ACTIVE, f"{end}__restricted_at": None}
        rows = rows.filter(circles.within(viewer, f"{end}__"), **usable)
    if viewer.is_system:
        return rows
    return rows.filter(high__council__in=sorted(gate.councils(viewer, Can.DECIDE)))


def _undecided(rows: QuerySet[Link]) -> list[Link]:
    """Return the first links between people who are neither joined nor kept apart by a link of their records."""
    rows, found = rows.exclude(low__person=F("high__person")), list[Link]()
    for start in range(0, _LOOKED_AT, 2 * PAGE):
        some = list(rows[start : start + 2 * PAGE])
        people = {end.person_id for link in some for end in (link.low, link.high)}
        walls = Link.objects.filter(kind=Link.Kind.APART, ended_at=None)
        walls = walls.filter(low__person__in=people, high__person__in=people)
        apart = (
            {frozenset(pair) for pair in walls.values_list("low__person", "high__person")} if some else set()
        )
        found += [link for link in some if {link.low.person_id, link.high.person_id} not in apart]
        if len(found) > PAGE or len(some) < 2 * PAGE:
            break
    return found[: PAGE + 1]


@dataclass(frozen=True, slots=True)
class End:
    """One record of a link as the viewer may know it; `reference` leads to its person, if they may see them."""

    name: str
    council: str
    reference: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a person's ledger. Of a link whose records are not both open to the viewer, only that it is."""

    link: Link
    low: End
    high: End
    is_open: bool
    may_undo: bool
    may_tell_apart: bool

    @property
    def records(self) -> list[Record]:
        """The records that are open to the viewer."""
        return [
            record for record, end in ((self.link.low, self.low), (self.link.high, self.high)) if end.is_open
        ]


@dataclass(frozen=True, slots=True)
class PersonLinks:
    """Everything that was ever said about whose the records of a person are, the newest first."""

    person: Person
    name: str
    records: Sequence[Record]
    lines: Sequence[Line]
    may_decide: bool


def links_of(viewer: Viewer, reference: str) -> PersonLinks:
    """Return the ledger of a person, as far as the viewer may see links of their records."""
    person = person_of(reference)
    seen = [each for each in records_of(viewer, person.pk, Can.SEE_LINKS) if is_open(viewer, each)]
    if not seen:
        raise NoSuchPerson
    mine = {record.pk for record in seen}
    with scope.everything(WHY):
        group = sorted(ledger_of(mine).origins)
        rows = Link.objects.filter(Q(low__in=group) | Q(high__in=group))
        rows = rows.select_related("low__council", "high__council", "low__person", "high__person")
        links = [link for link in rows.order_by("-made_at", "-id")[:MOST] if _concerns(viewer, link)]
    return PersonLinks(
        person=person,
        name=seen[0].name,
        records=seen,
        lines=[_line(viewer, link) for link in links],
        may_decide=any(gate.may(viewer, Can.DECIDE, record.council_id) for record in seen),
    )


def link_seen(viewer: Viewer, link_id: int) -> Line:
    """Return one link of whose records the viewer may see the links of at least one."""
    with scope.everything(WHY):
        rows = Link.objects.filter(pk=link_id)
        rows = rows.select_related("low__council", "high__council", "low__person", "high__person")
        link: Link | None = rows.first()
        if link is None or not _concerns(viewer, link):
            raise NoSuchLink
        return _line(viewer, link)


def _concerns(viewer: Viewer, link: Link) -> bool:
    """Say whether the viewer may see the links of one of the two records, and open it."""
    return any(_sees(viewer, end) for end in (link.low, link.high))


def _sees(viewer: Viewer, record: Record, can: Can = Can.SEE_LINKS) -> bool:
    return gate.may(viewer, can, record.council_id) and is_open(viewer, record)


def _line(viewer: Viewer, link: Link) -> Line:
    ends = (link.low, link.high)
    may = [_sees(viewer, end, Can.DECIDE) for end in ends]
    decided: Mapping[str, bool] = {"same": any(may)}
    return Line(
        link=link,
        low=_end(viewer, link.low),
        high=_end(viewer, link.high),
        is_open=all(_sees(viewer, end) for end in ends),
        may_undo=link.ended_at is None and decided.get(link.kind, all(may)),
        may_tell_apart=all(may),
    )


def _end(viewer: Viewer, record: Record) -> End:
    if not gate.may(viewer, Can.SEE, record.council_id):
        return End("A record that you may not see", record.council.name, "", is_open=False)
    opened = is_open(viewer, record)
    name = record.name if opened else "Locked record"
    return End(name, record.council.name, record.person.reference, is_open=opened)
