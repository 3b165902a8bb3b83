"""A small estate of two councils, for tests: a care system, what it needs, and who uses it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.estate import actions
from moothall.estate.models import Item, Supplier
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_viewer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
SINCE = date(2026, 4, 1)


@dataclass(frozen=True)
class Estate:
    """Ash uses the care system, Elm the portal; both stand on one cluster. The keeper keeps both councils' estate."""

    ash: Council
    elm: Council
    keeper: Viewer
    ash_analyst: Viewer
    elm_analyst: Viewer
    care: Item
    database: Item
    cluster: Item
    portal: Item
    supplier: Supplier


def an_item(code: str, *, name: str = "", kind: str = "application", tier: int = 3) -> Item:
    return actions.add_item(
        by=Viewer.system(),
        code=code,
        name=name or code.replace("-", " ").capitalize(),
        kind=kind,
        tier=tier,
        now=NOW,
    )


def needs(item: Item, on: Item) -> None:
    actions.add_dependency(by=Viewer.system(), item_id=item.pk, on_id=on.pk, now=NOW)


def use(council: Council, item: Item, users: int, since: date = SINCE) -> None:
    actions.record_use(
        by=Viewer.system(), council_id=council.pk, item_id=item.pk, users=users, since=since, now=NOW
    )


def make_estate() -> Estate:
    """Make the estate. Enter a scope before."""
    ash, elm = make_council(name="Ash"), make_council(name="Elm")
    make_agreement(councils=(ash, elm), kinds=("estate", "process", "servicedesk"))
    keeper = make_staff(council=ash, roles=("change-manager",))
    make_grant(staff=keeper, role="change-manager", council=elm)
    care = an_item("care", name="Care system", tier=1)
    database = an_item("care-db", name="Care database", kind="database", tier=2)
    cluster = an_item("vm-cluster", name="Virtual servers", kind="server", tier=1)
    portal = an_item("portal", name="Resident portal")
    needs(care, database)
    needs(database, cluster)
    needs(portal, cluster)
    use(ash, care, 400)
    use(elm, portal, 90)
    return Estate(
        ash=ash,
        elm=elm,
        keeper=make_viewer(keeper),
        ash_analyst=make_viewer(make_staff(council=ash, roles=("desk-analyst",))),
        elm_analyst=make_viewer(make_staff(council=elm, roles=("desk-analyst",))),
        care=care,
        database=database,
        cluster=cluster,
        portal=portal,
        supplier=actions.add_supplier(by=Viewer.system(), name="Northcare Software", now=NOW),
    )
