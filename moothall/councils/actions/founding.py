"""The partnership and its councils."""

from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.actions.keeping import keep, write
from moothall.councils.errors import NotValid
from moothall.councils.models import Council, Partnership
from moothall.councils.permissions import Can
from moothall.councils.rules import PERSON, RESERVED, Viewer

SETTINGS = frozenset(
    {"name", "hosts", "brand_colour", "link_colour", "contact_email", "contact_phone", "website", "nation"}
)


@transaction.atomic
def found_partnership(*, by: Viewer, name: str, contact_email: str = "", now: datetime) -> Partnership:
    """Name the partnership; before the first council, or later to give it another name."""
    if not by.is_system:
        gate.allow_anywhere(by, Can.ADD_COUNCILS)
    named = {"name": name, "contact_email": contact_email}
    partnership, _ = Partnership.objects.update_or_create(id=1, defaults=named)
    write(
        by=by,
        what="partnership.named",
        about=partnership,
        council_id=None,
        now=now,
        facts=named,
    )
    return partnership


@transaction.atomic
def add_council(
    *, by: Viewer, code: str, name: str, kind: str, reference_prefix: str, now: datetime, **settings: Any
) -> Council:
    """Add a council to the partnership; `settings` are those of `set_up_council`."""
    gate.allow_anywhere(by, Can.ADD_COUNCILS)
    _known(settings)
    if code in RESERVED:
        reason = f"“{code}” cannot be a council's code: pages of the house itself stand there."
        raise NotValid({"code": [reason]}, reason=reason)
    if reference_prefix == PERSON:
        reason = (
            f"“{PERSON}” begins the references of people. Choose another prefix for this council's cases."
        )
        raise NotValid({"reference_prefix": [reason]}, reason=reason)
    council = Council(code=code, name=name, kind=kind, reference_prefix=reference_prefix, **settings)
    keep(council)
    facts = {"code": code, "name": name, "kind": kind, "reference_prefix": reference_prefix, **settings}
    write(by=by, what="council.added", about=council, council_id=council.pk, now=now, facts=facts)
    return council


@transaction.atomic
def set_up_council(*, by: Viewer, council: Council, now: datetime, **settings: Any) -> Council:
    """Change how a council appears and can be reached."""
    gate.allow_anywhere(by, Can.ADD_COUNCILS)
    _known(settings)
    before = {name: getattr(council, name) for name in settings}
    for name, value in settings.items():
        setattr(council, name, value)
    keep(council)
    facts = {"before": before, "after": settings}
    write(by=by, what="council.set_up", about=council, council_id=council.pk, now=now, facts=facts)
    return council


def _known(settings: dict[str, Any]) -> None:
    if unknown := sorted(settings.keys() - SETTINGS):
        raise TypeError(f"A council has no setting {unknown[0]}; it has {', '.join(sorted(SETTINGS))}.")
