"""Support routes: who helps a council with an item beyond the desk, and what they promise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate import queries, rules
from moothall.estate.actions.recording import refused, unclean, write
from moothall.estate.actions.uses import check_hours
from moothall.estate.models import Supplier, SupportRoute
from moothall.estate.permissions import Can
from moothall.plain.errors import NotFound

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """How a supplier is reached and what they promise, as `SupportRoute` has it: money in pence."""

    starts_on: date
    contract: str = ""
    phone: str = ""
    email: str = ""
    portal: str = ""
    say: str = ""
    hours: str = "office"
    targets: Mapping[str, Any] = field(default_factory=dict)
    monthly_charge_pence: int = 0
    credit_basis_points: int = 0
    credit_limit_basis_points: int = 0
    ends_on: date | None = None
    notice_by: date | None = None


@transaction.atomic
def add_route(
    *, by: Viewer, council_id: int, item_id: int, supplier_id: int, terms: Terms, now: datetime
) -> SupportRoute:
    """Record who helps a council with an item, and what they promise it."""
    gate.allow(by, Can.CHANGE, council_id)
    item = queries.item_by_id(by, item_id)
    if not Supplier.objects.filter(pk=supplier_id).exists():
        raise refused("supplier", "Choose a supplier from the list.")
    route = SupportRoute(council_id=council_id, item=item, supplier_id=supplier_id)
    _set(route, terms)
    write(by, "estate.route_added", f"item:{item.pk}", council_id, now, route=route.pk, supplier=supplier_id)
    return route


@transaction.atomic
def change_route(*, by: Viewer, route_id: int, terms: Terms, now: datetime) -> SupportRoute:
    """Change what a supplier promises. Calls that they have already keep what was promised when they were passed on."""
    route = route_to_change(by, route_id)
    before = {"targets": route.targets, "hours": route.hours, "charge": route.monthly_charge_pence}
    _set(route, terms)
    write(
        by,
        "estate.route_changed",
        f"item:{route.item_id}",
        route.council_id,
        now,
        route=route.pk,
        before=before,
    )
    return route


def route_to_change(by: Viewer, route_id: int) -> SupportRoute:
    """Return a support route that somebody may change."""
    rows = SupportRoute.objects.select_for_update().filter(pk=route_id)
    found: SupportRoute | None = gate.narrow(by, Can.SEE, rows).first()
    if found is None:
        raise NotFound(what="support route")
    gate.allow(by, Can.CHANGE, found)
    return found


def _set(route: SupportRoute, terms: Terms) -> None:
    """Put terms into a route and keep it; refuses what could not be counted later."""
    if wrong := rules.wrong_in(terms.targets):
        raise refused("targets", wrong)
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise refused("ends_on", "The last day cannot be before the first.")
    if terms.credit_limit_basis_points > _WHOLE or terms.credit_basis_points > _WHOLE:
        raise refused("credit", "A credit is at most 100% of the monthly charge.")
    check_hours(route.council_id, terms.hours)
    for name in Terms.__dataclass_fields__:
        setattr(route, name, getattr(terms, name))
    route.targets = {name: dict(given) for name, given in terms.targets.items() if given}
    try:
        route.clean_fields(exclude=["council", "item", "supplier", "targets"])
    except ValidationError as error:
        raise unclean(error) from None
    route.save()
