"""What the pages of the estate show: a system with whom it touches, who helps, and what happened to it lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.estate.models import Item, Supplier, SupportRoute, Use
from moothall.estate.permissions import Can
from moothall.estate.queries import ItemFile
from moothall.estate.rules import PRIORITIES, promised
from moothall.look import dates
from moothall.servicedesk.models import Call, Change, Outage
from moothall.servicedesk.permissions import Can as DeskCan
from moothall.servicedesk.queries.calls import there
from moothall.servicedesk.queries.changes import changes_of_item
from moothall.servicedesk.queries.suppliers import route_gaps

_SHOWN = 10
_BACK = timedelta(days=90)
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A system in the list: with the users of the viewer's councils, and whether anything is wrong with it now."""

    item: Item
    users: int
    out: bool


def item_rows(viewer: Viewer, now: datetime, *, kind: str = "", words: str = "") -> list[ItemRow]:
    """Return the systems that are there for the viewer, by name."""
    on = now.astimezone(dates.LONDON).date()
    rows = estate.items_seen(viewer)
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(name__icontains=words) | rows.filter(code__icontains=words.lower())
    uses = gate.narrow(viewer, Can.SEE, Use.objects.filter(since__lte=on))
    users: dict[int, int] = {}
    for item_id, number in uses.exclude(until__lt=on).values_list("item_id", "users"):
        users[item_id] = users.get(item_id, 0) + number
    out = set(_outages(viewer).filter(ended_at=None, started_at__lte=now).values_list("item_id", flat=True))
    return [ItemRow(each, users.get(each.pk, 0), each.pk in out) for each in rows.order_by("name")]


def _outages(viewer: Viewer) -> "models.QuerySet[Outage]":
    rows: models.QuerySet[Outage] = gate.narrow(viewer, DeskCan.SEE_CHANGES, Outage.objects.all())
    return rows


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A support route with its promises in words, and where they outlast ours."""

    route: SupportRoute
    promises: Sequence[str]
    gaps: Sequence[str]


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Everything that the page of a system shows. `touched` are whom it touches if it breaks."""

    file: ItemFile
    routes: Sequence[RouteRow]
    calls: Sequence[Call]
    changes: Sequence[Change]
    outages: Sequence[Outage]
    touched: Sequence[tuple[str, int]]
    may_change: bool


def item_page(viewer: Viewer, code: str, now: datetime) -> ItemPage:
    """Return the page of a system."""
    on = now.astimezone(dates.LONDON).date()
    file = estate.item_file(viewer, code, now, on)
    item = file.item
    recent = there(viewer).filter(item=item, logged_at__gte=now - _BACK).exclude(kind="change")
    touched = estate.used_by([item.pk], on)
    seen = gate.councils(viewer, Can.SEE)
    names = dict(Council.objects.filter(id__in=sorted(touched.keys() & seen)).values_list("id", "name"))
    return ItemPage(
        file=file,
        routes=[_route(each, now) for each in file.routes],
        calls=list(recent.select_related("council").order_by("-logged_at", "-id")[:_SHOWN]),
        changes=changes_of_item(viewer, item, _SHOWN),
        outages=list(_outages(viewer).filter(item=item).order_by("-started_at")[:_SHOWN]),
        touched=sorted((names[each], users) for each, users in touched.items() if each in names),
        may_change=gate.anywhere(viewer, Can.CHANGE),
    )


def _route(route: SupportRoute, now: datetime) -> RouteRow:
    said = []
    for priority in PRIORITIES:
        promise = promised(route.targets, priority)
        parts = [
            f"{words} within {dates.length(timedelta(minutes=minutes))}"
            for words, minutes in (("answer", promise.respond), ("put right", promise.resolve))
            if minutes is not None
        ]
        if parts:
            said.append(f"P{priority}: {', '.join(parts)}")
    gaps = [
        f"P{priority}: for a call on {dates.with_time(gap.starts_at)} they promise"
        f" {dates.with_time(gap.theirs_at)}, and we {dates.with_time(gap.ours_at)}."
        for priority, gap in route_gaps(route, now).items()
    ]
    return RouteRow(route, said, gaps)


def team_choices(viewer: Viewer) -> Pairs:
    """Return the teams that serve a council whose estate the viewer may change."""
    rows = (
        Team.objects.filter(councils__in=sorted(gate.councils(viewer, Can.CHANGE)))
        .distinct()
        .order_by("name")
    )
    return [(str(number), name) for number, name in rows.values_list("id", "name")]


def supplier_choices() -> Pairs:
    """Return the suppliers."""
    return [(str(number), name) for number, name in Supplier.objects.values_list("id", "name")]


def council_choices(viewer: Viewer) -> Pairs:
    """Return the councils whose estate the viewer may change."""
    rows = Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.CHANGE))).order_by("name")
    return [(str(each.pk), each.name) for each in rows]


def other_items(viewer: Viewer, item: Item) -> Pairs:
    """Return the systems that one may need, without those that it needs already and those that need it."""
    out = estate.needing([item.pk]) | {each.pk for each in item.needs.all()}
    rows = estate.items_seen(viewer).exclude(pk__in=sorted(out)).order_by("name")
    return [(str(number), name) for number, name in rows.values_list("pk", "name")]


def route_seen(viewer: Viewer, number: int) -> SupportRoute | None:
    """Return a support route that the viewer may see."""
    rows = gate.narrow(viewer, Can.SEE, SupportRoute.objects.filter(pk=number))
    found: SupportRoute | None = rows.select_related("item", "council", "supplier").first()
    return found
