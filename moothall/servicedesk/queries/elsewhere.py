"""Major incidents of councils that the viewer does not reach, as far as they hit those that they do.

The major incident is a row of the council whose call it was, and no wall lets that through. What was away for another
council, and what that council was told, are its own rows, which name the major incident by its number alone: all that
is read here is read from them. So nothing is known here of whose call it was, who reported it, who leads it, or why.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.servicedesk.errors.majors import NoSuchMajor
from moothall.servicedesk.models import Major, Notice, Outage
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors
from moothall.servicedesk.queries.majors import Hit, Impact, Told

MOST = 40


@dataclass(frozen=True, slots=True)
class Elsewhere(Impact):
    """A major incident as those know it whom it hit: what was away there, and what they were told, the newest first."""

    number: int
    notices: Sequence[Notice]

    @property
    def title(self) -> str:
        """What was away: how it is called where it is worked on is not known here."""
        return ", ".join(sorted({each.outage.item.name for each in self.hits}))

    @property
    def councils(self) -> Sequence[str]:
        """Whom of the viewer's councils it hit, by name."""
        return sorted({each.outage.council.name for each in self.hits})

    @property
    def back_at(self) -> datetime | None:
        """Since when all of it is back for them; empty while something is away."""
        ends = [each.outage.ended_at for each in self.hits]
        return max((each for each in ends if each is not None), default=None) if None not in ends else None

    @property
    def is_back(self) -> bool:
        return self.back_at is not None


def listed(viewer: Viewer, now: datetime) -> list[Elsewhere]:
    """Return the newest that hit councils of the viewer's, the newest first."""
    by_major = (
        _outages(viewer).values("major_id").annotate(began=Min("started_at")).order_by("-began", "-major_id")
    )
    return _read(viewer, [row["major_id"] for row in by_major[:MOST]], now)


def one(viewer: Viewer, number: int, now: datetime) -> Elsewhere:
    """Return one of them by its number; of one that hit no council of the viewer's, there is nothing."""
    found = _read(viewer, [number], now)
    if not found:
        raise NoSuchMajor
    return found[0]


def _outages(viewer: Viewer) -> "QuerySet[Outage]":
    """Return what was away for councils of the viewer's in major incidents that are not there for them themselves.

    One that is private to a circle where the viewer does reach its council stays so.
    """
    rows = gate.narrow(viewer, Can.SEE_MAJORS, Outage.objects.exclude(major_id=None))
    private = Major.objects.exclude(circles.within(viewer, "call__"))
    rows = rows.exclude(major_id__in=majors.there(viewer).values("pk")).exclude(
        major_id__in=private.values("pk")
    )
    return rows.exclude(ended_at=F("started_at"))


def _read(viewer: Viewer, numbers: Sequence[int], now: datetime) -> list[Elsewhere]:
    hits: dict[int, list[Hit]] = {}
    rows = _outages(viewer).filter(major_id__in=numbers).select_related("item", "council")
    for row in rows.order_by("council__name", "started_at", "pk"):
        hits.setdefault(row.major_id or 0, []).append(majors.hit_of(row, now))
    said = gate.narrow(viewer, Can.SEE_MAJORS, Notice.objects.filter(major_id__in=list(hits)))
    notices: dict[int, list[Notice]] = {}
    for notice in said.select_related("council").order_by("-at", "-pk"):
        notices.setdefault(notice.major_id, []).append(notice)
    return [
        Elsewhere(
            since=min(each.outage.started_at for each in hits[number]),
            hits=hits[number],
            told=_told(hits[number], notices.get(number, ())),
            number=number,
            notices=notices.get(number, ()),
        )
        for number in numbers
        if number in hits
    ]


def _told(hits: Sequence[Hit], notices: Sequence[Notice]) -> list[Told]:
    """Return for each council what it was told last, and while something is away there, when it hears again."""
    found = []
    for council in {each.outage.council_id: each.outage.council for each in hits}.values():
        last = next((each for each in notices if each.council_id == council.pk), None)
        away = any(each.outage.ended_at is None for each in hits if each.outage.council_id == council.pk)
        found.append(Told(council, last, last.next_at if last and away else None))
    return found


def numbers(viewer: Viewer, of: Collection[int]) -> set[int]:
    """Return which of these major incidents are there for the viewer as what hit their councils alone."""
    return (
        set(_outages(viewer).filter(major_id__in=list(of)).values_list("major_id", flat=True))
        if of
        else set()
    )


def references(viewer: Viewer, numbers: Collection[int]) -> dict[int, str]:
    """Return the references of those of these major incidents that are there for the viewer themselves."""
    if not numbers:
        return {}
    rows = majors.there(viewer).filter(pk__in=list(numbers))
    return dict(rows.values_list("pk", "case__reference"))
