"""Items and what they need: the partnership's own, changed by whoever keeps the estate of one of its councils."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Partnership, Team
from moothall.councils.rules import Viewer
from moothall.estate import queries
from moothall.estate.actions.recording import refused, unclean, write
from moothall.estate.errors import GoesInACircle
from moothall.estate.models import Dependency, Item, Supplier
from moothall.estate.permissions import Can


@transaction.atomic
def add_supplier(*, by: Viewer, name: str, now: datetime, contact: str = "") -> Supplier:
    """Record a supplier; one of that name is taken as it is."""
    gate.allow_anywhere(by, Can.CHANGE)
    written = " ".join(name.split())[:150]
    if not written:
        raise refused("name", "Enter the name of the supplier.")
    kept: Supplier
    kept, is_new = Supplier.objects.get_or_create(name=written, defaults={"contact": contact.strip()[:200]})
    if is_new:
        write(by, "estate.supplier_added", f"supplier:{kept.pk}", None, now, name=kept.name)
    return kept


@transaction.atomic
def add_item(
    *,
    by: Viewer,
    code: str,
    name: str,
    kind: str,
    now: datetime,
    tier: int = Item.Tier.STANDARD,
    status: str = Item.Status.LIVE,
    team_id: int | None = None,
    supplier_id: int | None = None,
) -> Item:
    """Record an item. Refuses a code that another one has."""
    gate.allow_anywhere(by, Can.CHANGE)
    item = Item(code=code.strip().lower())
    _set(item, name=name, kind=kind, tier=tier, status=status, team_id=team_id, supplier_id=supplier_id)
    if Item.objects.filter(code=item.code).exists():
        raise refused("code", f"There is an item “{item.code}” already. Choose another code.")
    _keep(item)
    write(by, "estate.item_added", f"item:{item.pk}", None, now, code=item.code, tier=item.tier)
    return item


@transaction.atomic
def change_item(
    *,
    by: Viewer,
    code: str,
    name: str,
    kind: str,
    tier: int,
    status: str,
    now: datetime,
    team_id: int | None = None,
    supplier_id: int | None = None,
) -> Item:
    """Change what is recorded of an item. Its code stays: other systems know it by that."""
    gate.allow_anywhere(by, Can.CHANGE)
    item = Item.objects.select_for_update().get(pk=queries.item_seen(by, code).pk)
    before = {"tier": item.tier, "status": item.status}
    _set(item, name=name, kind=kind, tier=tier, status=status, team_id=team_id, supplier_id=supplier_id)
    _keep(item)
    write(
        by,
        "estate.item_changed",
        f"item:{item.pk}",
        None,
        now,
        before=before,
        tier=item.tier,
        status=item.status,
    )
    return item


def _set(
    item: Item, *, name: str, kind: str, tier: int, status: str, team_id: int | None, supplier_id: int | None
) -> None:
    item.name, item.kind, item.tier, item.status = " ".join(name.split()), kind, tier, status
    if team_id is not None and not Team.objects.filter(pk=team_id).exists():
        raise refused("team", "Choose a team from the list.")
    if supplier_id is not None and not Supplier.objects.filter(pk=supplier_id).exists():
        raise refused("supplier", "Choose a supplier from the list.")
    item.team_id, item.supplier_id = team_id, supplier_id


def _keep(item: Item) -> None:
    try:
        item.clean_fields(exclude=["team", "supplier"])
    except ValidationError as error:
        raise unclean(error) from None
    item.save()


@transaction.atomic
def add_dependency(*, by: Viewer, item_id: int, on_id: int, now: datetime) -> Dependency:
    """Record that an item does not work without another. Refuses what would go in a circle.

    Two that are added at the same moment wait for each other, or together they could close a circle.
    """
    gate.allow_anywhere(by, Can.CHANGE)
    item, on = queries.item_by_id(by, item_id), queries.item_by_id(by, on_id)
    Partnership.objects.select_for_update().first()
    if item.pk == on.pk:
        raise refused("on", "An item cannot need itself.")
    if item.pk in queries.needed_by([on.pk]):
        raise GoesInACircle({"on": [f"{on.name} already needs {item.name}."]}, item=item.name, on=on.name)
    kept: Dependency
    kept, is_new = Dependency.objects.get_or_create(item=item, on=on)
    if is_new:
        write(by, "estate.dependency_added", f"item:{item.pk}", None, now, on=on.pk)
    return kept


@transaction.atomic
def drop_dependency(*, by: Viewer, item_id: int, on_id: int, now: datetime) -> None:
    """Say that an item works without another after all."""
    gate.allow_anywhere(by, Can.CHANGE)
    item = queries.item_by_id(by, item_id)
    gone, _ = Dependency.objects.filter(item=item, on_id=on_id).delete()
    if gone:
        write(by, "estate.dependency_dropped", f"item:{item.pk}", None, now, on=on_id)
