"""What figures rest on and who may see them: user accounts of each council, and levels, both dated."""

from datetime import date, datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.measures import hooks
from moothall.servicedesk.errors.packs import PackRefused
from moothall.servicedesk.models import FigureVisibility, Headcount
from moothall.servicedesk.permissions import Can

_MOST = 10_000_000


@transaction.atomic
def set_level(*, by: Viewer, figure: str, level: str, now: datetime) -> FigureVisibility:
    """Say who may see a figure's breakdown by council from now on; what was said before stays on record."""
    gate.allow_anywhere(by, Can.PREPARE_PACK)
    if figure not in hooks.defined() or level not in FigureVisibility.Level.values:
        why = "Select a figure and who may see it."
        raise PackRefused({"level": [why]}, why=why)
    made = FigureVisibility.objects.create(figure=figure, level=level, set_at=now, set_by=by.actor.name[:150])
    journal.write(
        by=by.actor,
        what="servicedesk.figure_level_set",
        about=f"figure:{made.pk}",
        council_id=None,
        now=now,
        facts={"figure": figure, "level": level},
    )
    return made


@transaction.atomic
def state_users(
    *, by: Viewer, council_id: int, users: int, source: str, in_force_from: date, now: datetime
) -> Headcount:
    """State how many user accounts a council has from a day on, and where that is known from."""
    if not gate.may(by, Can.SIGN_PACK, council_id):
        gate.allow(by, Can.PREPARE_PACK, council_id)
    wrong: dict[str, list[str]] = {}
    if not 0 < users < _MOST:
        wrong["users"] = ["Enter how many accounts there are, like 1,200."]
    if not source.strip():
        wrong["source"] = ["Enter where the number is from, like “payroll export”."]
    if wrong:
        raise PackRefused(wrong, why=next(iter(wrong.values()))[0])
    stated: Headcount
    stated, _ = Headcount.objects.update_or_create(
        council_id=council_id,
        in_force_from=in_force_from,
        defaults={
            "users": users,
            "source": source.strip()[:200],
            "set_at": now,
            "set_by": by.actor.name[:150],
        },
    )
    journal.write(
        by=by.actor,
        what="servicedesk.users_stated",
        about=f"headcount:{stated.pk}",
        council_id=council_id,
        now=now,
        facts={"users": users, "in_force_from": in_force_from},
    )
    return stated
