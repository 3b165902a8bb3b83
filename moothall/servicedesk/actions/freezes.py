"""Freezes: a council wants nothing changed for a time, and may lift that."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.servicedesk.errors.changes import ChangeRefused
from moothall.servicedesk.models import Freeze
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.freezes import freeze_seen


@transaction.atomic
def set_freeze(
    *, by: Viewer, council_id: int, reason: str, starts_at: datetime, ends_at: datetime, now: datetime
) -> Freeze:
    """Let nothing be changed at a council for a time. What is planned for it already stays, and its pages say so."""
    gate.allow(by, Can.HOLD_BOARD, council_id)
    if not reason.strip():
        raise _refused("reason", "Enter why nothing may be changed, for whoever plans a change.")
    if ends_at <= starts_at:
        raise _refused("ends", "The end must be after the start.")
    if ends_at <= now:
        raise _refused("ends", "This time is over already.")
    kept: Freeze = Freeze.objects.create(
        council_id=council_id,
        reason=reason.strip()[:150],
        starts_at=starts_at,
        ends_at=ends_at,
        set_by=by.actor.name[:150],
    )
    _write(by, "servicedesk.freeze_set", kept, now)
    return kept


@transaction.atomic
def lift_freeze(*, by: Viewer, freeze_id: int, now: datetime) -> Freeze:
    """Let changes be made again, before a freeze is over."""
    freeze = freeze_seen(by, freeze_id)
    gate.allow(by, Can.HOLD_BOARD, freeze)
    if freeze.lifted_at is None:
        freeze.lifted_at = now
        freeze.save(update_fields=["lifted_at"])
        _write(by, "servicedesk.freeze_lifted", freeze, now)
    return freeze


def _write(by: Viewer, what: str, freeze: Freeze, now: datetime) -> None:
    journal.write(
        by=by.actor,
        what=what,
        about=f"freeze:{freeze.pk}",
        council_id=freeze.council_id,
        now=now,
        facts={"from": freeze.starts_at.isoformat(), "until": freeze.ends_at.isoformat()},
    )


def _refused(field: str, why: str) -> ChangeRefused:
    return ChangeRefused({field: [why]}, why=why)
