"""What was seen changing: what waits for somebody to look at it, and what it may belong to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.servicedesk.errors.changes import NoSuchObserved
from moothall.servicedesk.models import Change, ChangeItem, Observed
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.rules import observing as rules
from moothall.servicedesk.rules.observing import Approved

PAGE = 50
_SHARED = "what was approved for an item that councils share, whichever of them raised it"
_NEAR = timedelta(days=7)
_MAY_BE_MADE = (
    Change.State.APPROVED,
    Change.State.MAKING,
    Change.State.IMPLEMENTED,
    Change.State.FAILED,
    Change.State.BACKED_OUT,
)


def approved_between(first: datetime, last: datetime) -> list[Approved]:
    """Return the changes that may be made in a span of time, of every council: items are shared, and so are changes.

    What was approved only afterwards was not approved then: `rules.match` looks at when it was decided.
    """
    rows = Change.unscoped(_SHARED).filter(
        state__in=_MAY_BE_MADE,
        decided_at__isnull=False,
        retrospective=False,
        starts_at__lte=last + rules.AROUND,
        ends_at__gte=first - rules.AROUND,
    )
    found = list(rows.values_list("id", "starts_at", "ends_at", "decided_at"))
    items: dict[int, set[int]] = {}
    touched = ChangeItem.unscoped(_SHARED).filter(change_id__in=[each[0] for each in found])
    for change_id, item_id in touched.values_list("change_id", "item_id"):
        items.setdefault(change_id, set()).add(item_id)
    return [
        Approved(number, frozenset(items.get(number, ())), starts, ends, decided)
        for number, starts, ends, decided in found
        if decided is not None
    ]


def items_by_name() -> dict[str, int]:
    """Return the items by what sources may call them: their code, or their name where only one has it."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    codes: dict[str, int] = {}
    for number, code, name in Item.objects.values_list("id", "code", "name"):
        codes[code] = number
        written = " ".join(name.lower().split())
        if written in found:
            twice.add(written)
        found[written] = number
    return {name: number for name, number in found.items() if name not in twice} | codes


@dataclass(frozen=True, slots=True)
class ObservedPage:
    """A helping of what was seen, and the number from which the next one goes on; 0 at the end."""

    rows: Sequence[Observed]
    more: int


def observed(viewer: Viewer, verdict: str = Observed.Verdict.WAITING, after: int = 0) -> ObservedPage:
    """Return what was seen with this verdict, the newest first, as far as the viewer may see it."""
    rows = _seen(viewer).filter(verdict=verdict)
    if after:
        last = rows.filter(pk=after).values_list("at", flat=True).first()
        rows = rows.filter(Q(at__lt=last) | Q(at=last, pk__lt=after)) if last else rows.none()
    found = list(rows.select_related("council", "item").order_by("-at", "-id")[: PAGE + 1])
    return ObservedPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def observed_one(viewer: Viewer, number: int) -> Observed:
    """Return one thing that was seen."""
    found: Observed | None = _seen(viewer).filter(pk=number).select_related("council", "item").first()
    if found is None:
        raise NoSuchObserved
    return found


def waiting(viewer: Viewer) -> int:
    """Return how many wait to be looked at."""
    return _seen(viewer).filter(verdict=Observed.Verdict.WAITING).count()


def _seen(viewer: Viewer) -> "QuerySet[Observed]":
    rows: QuerySet[Observed] = gate.narrow(viewer, Can.SEE_CHANGES, Observed.objects.all())
    return rows


def may_belong_to(viewer: Viewer, seen: Observed) -> list[Change]:
    """Return the changes about its time that the viewer may say it belongs to, the nearest first."""
    rows = gate.narrow(viewer, Can.SEE_CHANGES, Change.objects.filter(call__in=there(viewer).values("id")))
    rows = rows.filter(starts_at__lte=seen.at + _NEAR, ends_at__gte=seen.at - _NEAR).exclude(
        state__in=(Change.State.REJECTED, Change.State.WITHDRAWN)
    )
    found = list(rows.select_related("call").prefetch_related("items")[:PAGE])
    return sorted(found, key=lambda each: (abs((each.starts_at - seen.at).total_seconds()), each.pk))


def change_of(viewer: Viewer, seen: Observed) -> Change | None:
    """Return the change that something seen was put to, if the viewer may see that; another council's they may not."""
    rows = gate.narrow(viewer, Can.SEE_CHANGES, Change.objects.filter(pk=seen.change_id))
    found: Change | None = rows.select_related("call").first() if seen.change_id else None
    return found


def of_change(viewer: Viewer, change_ids: Iterable[int]) -> list[Observed]:
    """Return what was seen of changes."""
    return list(_seen(viewer).filter(change_id__in=list(change_ids)).select_related("item").order_by("at"))
