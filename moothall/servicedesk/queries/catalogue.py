"""The request catalogue: what a council's people can ask for, and who may approve it."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.queries import team_serving
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import AskedFor, CatalogueItem
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.teams import members_of
from moothall.servicedesk.rules import catalogue as rules
from moothall.servicedesk.rules.catalogue import NoSuchCatalogueItem

WHAT, PRICE = "What it is", "Price"
NO_PRICE = "None is set in the catalogue"


def offered(viewer: Viewer, council_id: int | None = None) -> "QuerySet[CatalogueItem]":
    """Return what is offered at a council, or at the viewer's own, by category."""
    at = council_id or viewer.council_id
    if not viewer.is_staff and not viewer.is_system:
        return CatalogueItem.objects.none()
    return CatalogueItem.objects.filter(_for([at] if at else []), offered=True).select_related("item")


def offered_item(viewer: Viewer, key: str, council_id: int | None = None) -> CatalogueItem:
    """Return one thing that is offered there."""
    found = offered(viewer, council_id).filter(key=key).first()
    if found is None:
        raise NoSuchCatalogueItem
    return found


def to_keep(viewer: Viewer) -> "QuerySet[CatalogueItem]":
    """Return the items that the viewer may change: for all councils, or for those where they set up the desk."""
    reached = gate.councils(viewer, Can.SET_UP)
    beyond = CatalogueItem.councils.through.objects.exclude(council_id__in=reached).values("catalogueitem_id")
    rows = CatalogueItem.objects.exclude(pk__in=beyond) if reached else CatalogueItem.objects.none()
    return rows.select_related("team", "item").prefetch_related("councils")


def item_to_keep(viewer: Viewer, key: str) -> CatalogueItem:
    """Return one of these by its key."""
    found = to_keep(viewer).filter(key=key).first()
    if found is None:
        raise NoSuchCatalogueItem
    return found


def terms_of(case_id: int) -> list[tuple[str, str]]:
    """Return what the catalogue says of what a request asks for: what it is, and its price when it was asked for.

    For whoever sees the request, or has to approve it. Of what is not from the catalogue there is nothing.
    """
    asked: AskedFor | None = (
        AskedFor.objects.filter(call__case_id=case_id).select_related("catalogue_item").first()
    )
    if asked is None:
        return []
    price = rules.price_of(asked.price_pence) or NO_PRICE
    return [(WHAT, asked.catalogue_item.description), (PRICE, price)]


def asked_counts(viewer: Viewer, items: Sequence[CatalogueItem]) -> dict[int, int]:
    """Return how often each item was asked for, at councils whose calls the viewer may see."""
    rows = gate.narrow(viewer, Can.SEE, AskedFor.objects.filter(catalogue_item__in=items))
    counted = rows.values("catalogue_item_id").annotate(number=Count("id"))
    return {each["catalogue_item_id"]: each["number"] for each in counted}


def approvers_of(item: CatalogueItem, council_id: int, today: date, *but: int | None) -> list[Staff]:
    """Return who may approve an item for a council; neither whoever asks nor whom it is for (`but`, accounts) may."""
    function = rules.APPROVERS.get(item.approval)
    team_id = team_serving(function, council_id) if function else None
    if team_id is None:
        return []
    return [each for each in members_of(team_id, today) if each.user_id not in but]


def councils_to_offer(viewer: Viewer) -> list[Council]:
    """Return the councils for which the viewer may say what is offered."""
    return list(Council.objects.filter(id__in=gate.councils(viewer, Can.SET_UP)).order_by("name"))


def _for(council_ids: Sequence[int]) -> Q:
    limited = CatalogueItem.councils.through.objects.values("catalogueitem_id")
    return ~Q(pk__in=limited) | Q(pk__in=limited.filter(council_id__in=council_ids))
