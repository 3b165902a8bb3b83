"""Self-service: what is known to be away, what helps, and what can be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone

from moothall.councils.models import Council
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.queries import items_of
from moothall.servicedesk.models import Article, CatalogueItem
from moothall.servicedesk.queries.articles import found, helping, suggested
from moothall.servicedesk.queries.catalogue import offered
from moothall.workplace.queries.desk.calls_beside import OutageSaid, outages_at
from moothall.workplace.queries.desk.calls_foreseen import choices_of, definition_at
from moothall.workplace.queries.desk.mine import OwnLine, mine

_HELPING = 6
_OWN = 3
INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be asked for, of one category."""

    category: str
    items: Sequence[CatalogueItem]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The first page of self-service: what is away, what waits for oneself, what helps, what can be asked for."""

    outages: Sequence[OutageSaid]
    own: Sequence[OwnLine]
    articles: Sequence[Article]
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Where a fault is reported: for which council, and what there is to choose from."""

    council: Council
    systems: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    impacts: Sequence[tuple[str, str]]
    urgencies: Sequence[tuple[str, str]]


def help_page(viewer: Viewer, words: str, now: datetime) -> HelpPage:
    """Return the first page; with words, what has them."""
    own = mine(viewer)
    return HelpPage(
        outages=outages_at(viewer.council_id, now),
        own=[each for each in own if each.yours or each.call.open][:_OWN],
        articles=found(viewer, words, 10) if words else helping(viewer, _HELPING),
        offers=_offers(viewer, words),
    )


def _offers(viewer: Viewer, words: str) -> list[Offer]:
    wanted = words.lower().split()
    rows = [
        each
        for each in offered(viewer)
        if not wanted or any(word in f"{each.title} {each.description}".lower() for word in wanted)
    ]
    return [Offer(name, list(items)) for name, items in groupby(rows, key=lambda each: each.category)]


def report_desk(viewer: Viewer, now: datetime) -> ReportDesk:
    """Return what a report of a fault asks at the viewer's own council."""
    council = Council.objects.get(pk=viewer.council_id or 0)
    return desk_at(council, INCIDENT, now)


def desk_at(council: Council, kind: str, now: datetime) -> ReportDesk:
    """Return what a call of a kind asks at a council, in its own words."""
    definition = definition_at(kind, council.pk)
    systems = _systems.all(council_id=council.pk, on=timezone.localdate(now))
    return ReportDesk(
        council=council,
        systems=[(str(number), name) for number, name in systems],
        categories=choices_of(definition, "category"),
        impacts=choices_of(definition, "impact"),
        urgencies=choices_of(definition, "urgency"),
    )


@prepared
def _systems(council_id: Slot, on: Slot) -> Any:
    return items_of(council_id, on).order_by("name").values_list("id", "name")


def articles_for(viewer: Viewer, text: str) -> Sequence[Article]:
    """Return the articles that may help with what somebody writes."""
    return suggested(viewer, text) if text else ()
