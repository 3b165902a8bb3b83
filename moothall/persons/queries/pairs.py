"""Two records side by side, with what speaks for and against their being one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils import timezone

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.persons import hooks
from moothall.persons.errors import NoSuchLink
from moothall.persons.models import Fact, Link, Record
from moothall.persons.permissions import Can
from moothall.persons.queries import weights
from moothall.persons.queries.ledger import WHY, ledger_of
from moothall.persons.queries.records import is_open, locked, sees_fact
from moothall.persons.queries.since import cases_seen
from moothall.persons.rules import groups, sidebyside
from moothall.persons.rules.golden import best_first
from moothall.persons.rules.groups import Tie
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.comparing import Match, compare
from moothall.persons.rules.sources import said_source


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair. `joined` are the councils of the records it is joined with, `counts` what hangs on it."""

    record: Record
    agreement: str
    joined: Sequence[str]
    counts: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records with a link between them. `match` compares them as they are now, by the weights in force.

    `walls` are the links that keep the two people apart, `is_one` says that links join them.
    """

    link: Link
    low: Side
    high: Side
    rows: Sequence[sidebyside.Row]
    match: Match
    model: int
    walls: Sequence[Tie]
    is_one: bool
    may_decide: bool

    @property
    def records(self) -> tuple[Record, Record]:
        return self.low.record, self.high.record

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide still."""
        return self.link.kind == Link.Kind.MAYBE and self.link.ended_at is None


def pair(viewer: Viewer, link_id: int, now: datetime) -> Pair:
    """Return two records side by side, for whoever may see links at both councils; refuses if one is locked.

    The page that shows it says so to both records: `actions.looking.looked_at`.
    """
    with scope.everything(WHY):
        rows = Link.objects.filter(pk=link_id)
        link: Link | None = rows.select_related(
            "low__council", "high__council", "low__person", "high__person"
        ).first()
        if link is None or not _may(viewer, link, Can.SEE_LINKS):
            raise NoSuchLink
        for end in (link.low, link.high):
            if not is_open(viewer, end):
                raise locked(end)
        ledger = ledger_of([link.low_id, link.high_id])
        today = timezone.localdate(now)
        model = weights.in_force()
        return Pair(
            link=link,
            low=_side(viewer, link.low),
            high=_side(viewer, link.high),
            rows=sidebyside.rows(_values(viewer, link.low, today), _values(viewer, link.high, today), today),
            match=compare(model, Known.of(link.low.traits), Known.of(link.high.traits)),
            model=model.version,
            walls=groups.forbidding(ledger.origins, ledger.same, ledger.apart, link.low_id, link.high_id),
            is_one=groups.sides(ledger.origins, ledger.same, link.low_id, link.high_id) is None,
            may_decide=_may(viewer, link, Can.DECIDE),
        )


def _may(viewer: Viewer, link: Link, can: Can) -> bool:
    return all(gate.may(viewer, can, end.council_id) for end in (link.low, link.high))


def _values(viewer: Viewer, record: Record, today: date) -> list[sidebyside.Value]:
    """Return the facts of a record that are there for the viewer, of each kind the one to rely on first."""
    rows = Fact.objects.filter(record=record, ended_at=None)
    return [
        sidebyside.Value(fact.kind, fact.body, fact.until, _receipt(fact))
        for fact in best_first([fact for fact in rows if sees_fact(viewer, fact)], today)
    ]


def _receipt(fact: Fact) -> str:
    return f"{said_source(fact.source)}, {dates.short(fact.source_at)}"


def _side(viewer: Viewer, record: Record) -> Side:
    others = Record.objects.filter(person=record.person_id, state=Record.State.ACTIVE).exclude(pk=record.pk)
    names = others.order_by("council__name").values_list("council__name", flat=True)
    return Side(record, viewer.agreements.get(record.council_id, ""), list(names), _counts(viewer, record.pk))


def _counts(viewer: Viewer, record_id: int) -> list[tuple[str, int]]:
    """Return how much hangs on a record, by what it is called: cases, and what upper rooms hang there."""
    rows = (
        cases_seen(viewer).filter(record=record_id).order_by().values("record").annotate(number=Count("pk"))
    )
    found = [("cases", sum(row["number"] for row in rows))]
    others = hooks.followers.values()
    return found + [(each.plural, each.count(viewer, [record_id]).get(record_id, 0)) for each in others]
