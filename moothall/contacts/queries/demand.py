"""Failure demand: how much contact good service would have made needless, and how much was settled at the first time.

Vanguard's failure demand (J. Seddon, I Want You to Cheat, 1992) is "demand caused by a failure to do something or do
something right for the customer". English councils counted it from 2008 to 2010 as National Indicator 14, avoidable
contact (DCLG, National Indicators for Local Authorities: Handbook of Definitions, 2008).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull
from django.utils import timezone

from moothall.contacts import rules
from moothall.contacts.models import Contact
from moothall.contacts.permissions import Can
from moothall.contacts.queries.people import Line, lines
from moothall.contacts.queries.seeing import there
from moothall.councils import gate
from moothall.councils.rules import Viewer

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Lens:
    """Which contacts are counted: those in which people reached the council, in whole months, the earliest first."""

    months: Sequence[date]
    council_id: int | None = None
    channel: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many contacts of one month had all of this in common; without a `reason`, nobody said they were avoidable."""

    month: date
    council_id: int
    channel: str
    about: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Settled:
    """Of one month: of how many somebody said whether they were settled, how many were, and how many stayed so.

    `over` are the settled ones for which the span is over.
    """

    month: date
    said: int
    settled: int
    over: int
    stayed: int


@dataclass(frozen=True, slots=True)
class Behind:
    """Which of the contacts of a lens stand behind a figure: of one month, or of one reason; `any` of the avoidable."""

    month: date | None = None
    reason: str = ""


def months_back(today: date, months: int) -> list[date]:
    """Return the first days of so many months, up to the one that is running."""
    return [rules.month_before(today, back) for back in reversed(range(months))]


def counted(viewer: Viewer, lens: Lens) -> list[Counted]:
    """Return how many contacts there were, by month, council, channel, service and reason."""
    found = []
    for month in lens.months:
        rows = _of_month(_rows(viewer, lens), month)
        groups = rows.values("council_id", "channel", "about", "avoidable").annotate(count=Count("pk"))
        found += [
            Counted(month, row["council_id"], row["channel"], row["about"], row["avoidable"], row["count"])
            for row in groups.order_by("council_id", "channel", "about", "avoidable")
        ]
    return found


def first_time(viewer: Viewer, lens: Lens, now: datetime) -> list[Settled]:
    """Return for each month how much was settled at the first contact, and whether it stayed so (`rules.held`)."""
    found = []
    for month in lens.months:
        rows = _of_month(_rows(viewer, lens), month).exclude(resolved=None)
        said = rows.aggregate(said=Count("pk"), settled=Count("pk", filter=Q(resolved=True)))
        over = rows.filter(resolved=True, record__isnull=False, at__lt=now - rules.HELD_FOR)
        came_back = _came_back(over)
        total = over.count()
        found.append(Settled(month, said["said"], said["settled"], total, total - came_back))
    return found


def _came_back(settled: "QuerySet[Contact]") -> int:
    """Return after how many settled contacts the same person came back about the same within the span: `rules.held`."""
    no_case = Q(case=None) | Q(IsNull(OuterRef("case_id"), True))  # noqa: FBT003 - as Django calls it
    ends = ExpressionWrapper(OuterRef("at") + rules.HELD_FOR, output_field=DateTimeField())
    later = Contact.objects.filter(
        Q(case=OuterRef("case")) | (Q(about=OuterRef("about")) & ~Q(about="") & no_case),
        record=OuterRef("record"),
        direction=Contact.Direction.IN,
        at__gt=OuterRef("at"),
        at__lte=ends,
    )
    return settled.filter(Exists(later)).count()


def behind(viewer: Viewer, lens: Lens, which: Behind, now: datetime) -> list[Line]:
    """Return the newest contacts behind a figure, at the most a hundred."""
    rows = _rows(viewer, lens)
    if which.month is not None:
        rows = _of_month(rows, which.month)
    if which.reason == "any":
        rows = rows.exclude(avoidable="")
    elif which.reason:
        rows = rows.filter(avoidable=which.reason)
    found = rows.select_related("council", "case").order_by("-at", "-pk")[:SHOWN]
    return lines(viewer, list(found), now)


def services(viewer: Viewer, lens: Lens) -> list[str]:
    """Return the keys of what contacts were about in a lens."""
    rows = _rows(viewer, lens).exclude(about="").order_by("about")
    return list(rows.values_list("about", flat=True).distinct())


def _rows(viewer: Viewer, lens: Lens) -> "QuerySet[Contact]":
    rows = gate.narrow(viewer, Can.COUNT, there(viewer)).filter(direction=Contact.Direction.IN)
    rows = rows.exclude(outcome=Contact.Outcome.SET_ASIDE)  # advertisements, and what came twice
    if lens.months:
        rows = rows.filter(at__gte=_begin(lens.months[0]), at__lt=_begin(_after(lens.months[-1])))
    if lens.council_id is not None:
        rows = rows.filter(council_id=lens.council_id)
    if lens.channel:
        rows = rows.filter(channel=lens.channel)
    if lens.about:
        rows = rows.filter(about=lens.about)
    return rows


def _of_month(rows: "QuerySet[Contact]", month: date) -> "QuerySet[Contact]":
    return rows.filter(at__gte=_begin(month), at__lt=_begin(_after(month)))


def _after(month: date) -> date:
    return rules.month_before(month, -1)


def _begin(day: date) -> datetime:
    """Return when a day begins where the councils are."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
