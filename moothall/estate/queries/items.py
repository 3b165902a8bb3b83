"""Which items there are for somebody, and what is known of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.errors import NoSuchItem
from moothall.estate.models import Dependency, Item, Maintenance, SupportRoute, Use
from moothall.estate.permissions import Can
from moothall.estate.queries.following import in_force, needed_by, needing

_HELD = "whether an item is anybody's at all"
_LOOKED_BACK = timedelta(days=30)


def items_seen(viewer: Viewer, can: Permission = Can.SEE) -> QuerySet[Item]:
    """Return the items that are there for a viewer, by name, with their team and supplier.

    Those that a council of theirs uses or has support for, and all that these need. Whoever may change the estate
    also sees what nobody uses yet, or it could never be given to anybody.
    """
    rows = Item.objects.select_related("team", "supplier")
    if viewer.is_system:
        return rows
    reached = set(needed_by(_held(viewer, can)))
    if gate.anywhere(viewer, Can.CHANGE):
        reached |= _nobodys()
    return rows.filter(id__in=sorted(reached))


def item_seen(viewer: Viewer, code: str, can: Permission = Can.SEE) -> Item:
    """Return one item by its code; refuses what is not there for the viewer."""
    found = items_seen(viewer, can).filter(code=code).first()
    if found is None:
        raise NoSuchItem
    return found


def item_by_id(viewer: Viewer, item_id: int, can: Permission = Can.SEE) -> Item:
    """Return one item by its number; refuses what is not there for the viewer."""
    found = items_seen(viewer, can).filter(pk=item_id).first()
    if found is None:
        raise NoSuchItem
    return found


def items_of(council_id: Any, on: Any) -> QuerySet[Item]:
    """Return the live items that a council uses, for anybody of its staff who reports that one does not work.

    It is no secret which systems one works with: no permission is asked for. Both may be slots (`prepared`).
    """
    uses = Use.objects.filter(in_force(on), council_id=council_id).values("item")
    return Item.objects.filter(id__in=uses, status=Item.Status.LIVE)


def item_named(name: str, items: QuerySet[Item]) -> Item | None:
    """Return the one of some items that has this code, or else this name, in whatever letters."""
    written = " ".join(name.split())
    found = items.filter(code=written.lower()[:60]).first()
    if found is None and written:
        named = list(items.filter(name__iexact=written[:150])[:2])
        found = named[0] if len(named) == 1 else None
    return found


def routes_for(
    council_id: int, item_id: int, on: date, below: frozenset[int] | None = None
) -> Sequence[SupportRoute]:
    """Return who helps a council with an item on a day: its own routes first, then those of what it needs (`below`)."""
    rows = _routes.all(council_id=council_id, on=on, items=sorted(below or needed_by([item_id])))
    return sorted(rows, key=lambda each: (each.item_id != item_id, each.supplier.name, each.pk))


@prepared
def _routes(council_id: Slot, on: Slot, items: Slot) -> Any:
    lasting = Q(ends_on=None) | Q(ends_on__gte=on)
    rows = SupportRoute.objects.filter(lasting, council_id=council_id, item_id__in=items, starts_on__lte=on)
    return rows.select_related("supplier", "item")


@dataclass(frozen=True, slots=True)
class ItemFile:
    """One item with everything that is known of it and that the viewer may see.

    `needs` and `needed_by` are what stands beside it; `further_needs` and `further_needed_by` what is more steps away.
    """

    item: Item
    uses: Sequence[Use]
    needs: Sequence[Item]
    further_needs: Sequence[Item]
    needed_by: Sequence[Item]
    further_needed_by: Sequence[Item]
    routes: Sequence[SupportRoute]
    maintenance: Sequence[Maintenance]


def item_file(viewer: Viewer, code: str, now: datetime, on: date) -> ItemFile:
    """Return what is known of an item; what belongs to a council only as far as the viewer sees that council's."""
    item = item_seen(viewer, code)
    seen = {each.pk: each for each in items_seen(viewer)}
    beside = list(Dependency.objects.filter(Q(item=item) | Q(on=item)).values_list("item_id", "on_id"))
    below = {on_id for item_id, on_id in beside if item_id == item.pk}
    above = {item_id for item_id, on_id in beside if on_id == item.pk}
    uses = gate.narrow(viewer, Can.SEE, Use.objects.filter(Q(until=None) | Q(until__gte=on), item=item))
    routes = gate.narrow(
        viewer, Can.SEE, SupportRoute.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), item=item)
    )
    kept = Maintenance.objects.filter(item=item, ends_at__gte=now - _LOOKED_BACK)
    windows = gate.narrow(viewer, Can.SEE, kept)
    return ItemFile(
        item=item,
        uses=list(uses.select_related("council", "owner__user").order_by("council__name", "since")),
        needs=_those(seen, below),
        further_needs=_those(seen, needed_by([item.pk]) - below - {item.pk}),
        needed_by=_those(seen, above),
        further_needed_by=_those(seen, needing([item.pk]) - above - {item.pk}),
        routes=list(routes.select_related("council", "supplier").order_by("council__name", "supplier__name")),
        maintenance=list(windows.select_related("council").order_by("starts_at")),
    )


def _those(seen: dict[int, Item], ids: Iterable[int]) -> list[Item]:
    return sorted((seen[each] for each in ids if each in seen), key=lambda each: each.name)


def _held(viewer: Viewer, can: Permission) -> set[int]:
    """Return the items with which a council of the viewer's has anything to do."""
    uses = gate.narrow(viewer, can, Use.objects.all()).values_list("item_id", flat=True)
    routes = gate.narrow(viewer, can, SupportRoute.objects.all()).values_list("item_id", flat=True)
    return set(uses.union(routes))


def _nobodys() -> set[int]:
    """Return the items that no council uses, and that nothing needs which one uses."""
    uses = Use.unscoped(_HELD).values_list("item_id", flat=True)
    routes = SupportRoute.unscoped(_HELD).values_list("item_id", flat=True)
    anybodys = needed_by({*uses, *routes})
    return set(Item.objects.exclude(id__in=sorted(anybodys)).values_list("id", flat=True))
