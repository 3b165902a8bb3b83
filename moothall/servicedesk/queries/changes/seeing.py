"""Which changes are there for somebody, and everything that is known of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.models import Step
from moothall.servicedesk.errors.changes import NoSuchChange
from moothall.servicedesk.models import AgendaItem, Call, Change, Freeze, Observed
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.changes.colliding import Collision, collisions, planned
from moothall.servicedesk.queries.freezes import freezes_holding
from moothall.servicedesk.rules import changes as rules

PAGE = 50
_WITH = ("call", "council", "author__user", "second__user")
_NEAR = timedelta(days=14)


def changes_there(viewer: Viewer, can: Permission = Can.SEE_CHANGES) -> "QuerySet[Change]":
    """Return the changes that are there for the viewer, with call and council; private ones for their circle."""
    rows = gate.narrow(viewer, can, Change.objects.filter(call__in=there(viewer, can).values("id")))
    found: QuerySet[Change] = rows.select_related("call", "council")
    return found


def change_seen(viewer: Viewer, reference: str) -> Change:
    """Return a change by the reference of its call."""
    found = changes_there(viewer).filter(call__reference=reference.upper()).select_related(*_WITH).first()
    if found is None:
        raise NoSuchChange
    return found


def case_of(change: Change) -> CaseState:
    """Return the case of a change that the viewer has been shown."""
    case = store.load(change.call.case_id)
    if case is None:
        raise NoSuchChange
    return case


def change_by_id(viewer: Viewer, number: int) -> Change:
    """Return a change by its number."""
    found = changes_there(viewer).filter(pk=number).select_related(*_WITH).first()
    if found is None:
        raise NoSuchChange
    return found


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A helping of changes, and the number from which the next one goes on; 0 at the end."""

    rows: Sequence[Change]
    more: int


def changes_page(
    viewer: Viewer, *, states: Sequence[str] = (), council_id: int | None = None, after: int = 0
) -> ChangesPage:
    """Return changes, those whose window opens last first."""
    rows = changes_there(viewer)
    if states:
        rows = rows.filter(state__in=states)
    if council_id is not None:
        rows = rows.filter(council_id=council_id)
    if after:
        last = rows.filter(pk=after).values_list("starts_at", flat=True).first()
        rows = rows.filter(Q(starts_at__lt=last) | Q(starts_at=last, pk__lt=after)) if last else rows.none()
    found = list(rows.order_by("-starts_at", "-id")[: PAGE + 1])
    return ChangesPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0)


def changes_of_item(viewer: Viewer, item: Item, limit: int = 10) -> Sequence[Change]:
    """Return the newest changes that touched an item."""
    return list(changes_there(viewer).filter(touched__item=item).order_by("-starts_at", "-id")[:limit])


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """One change with everything that its page shows. `open_steps` are the steps that wait, by their key."""

    change: Change
    call: Call
    case: CaseState
    items: Sequence[Item]
    councils: Sequence[Council]
    collisions: Sequence[Collision]
    freezes: Sequence[Freeze]
    observed: Sequence[Observed]
    agenda: Sequence[AgendaItem]
    open_steps: Mapping[str, Step]
    incidents: Sequence[Call]

    @property
    def is_live(self) -> bool:
        return self.change.state in rules.LIVE

    @property
    def data(self) -> Mapping[str, Any]:
        """The answers of its case."""
        return self.case.data


def change_file(viewer: Viewer, reference: str, now: datetime) -> ChangeFile:
    """Return a change with what it touches, runs into and was seen to do."""
    del now
    change = change_seen(viewer, reference)
    case = case_of(change)
    items = list(change.items.order_by("tier", "name"))
    councils = list(Council.objects.filter(code__in=case.data.get("councils") or ()).order_by("name"))
    this = planned(change.pk, (each.pk for each in items), change.starts_at, change.ends_at)
    live = change.state in rules.LIVE
    steps = Step.objects.filter(case_id=change.call.case_id, state=Step.State.OPEN)
    seen = gate.narrow(viewer, Can.SEE_CHANGES, Observed.objects.filter(change=change))
    agenda = gate.narrow(viewer, Can.SEE_CHANGES, AgendaItem.objects.filter(change=change))
    return ChangeFile(
        change=change,
        call=change.call,
        case=case,
        items=items,
        councils=councils,
        collisions=collisions(viewer, this) if live else (),
        freezes=freezes_holding([each.pk for each in councils], change.starts_at, change.ends_at)
        if live
        else (),
        observed=list(seen.select_related("item").order_by("at")),
        agenda=list(agenda.select_related("meeting").order_by("meeting__at")),
        open_steps={each.key: each for each in steps.select_related("team", "person__user")},
        incidents=_incidents(viewer, change, [each.pk for each in items]),
    )


def _incidents(viewer: Viewer, change: Change, item_ids: Sequence[int]) -> list[Call]:
    """Return the incidents about its items in the days after it was made: perhaps it caused them."""
    made = change.finished_at or change.began_at
    if made is None or not item_ids:
        return []
    begin = change.began_at or made
    rows = there(viewer).filter(
        kind="incident", item_id__in=item_ids, logged_at__gte=begin, logged_at__lte=made + _NEAR
    )
    return list(rows.order_by("logged_at")[:PAGE])
