"""When councils want nothing changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.servicedesk.errors.changes import NoSuchFreeze
from moothall.servicedesk.models import Freeze
from moothall.servicedesk.permissions import Can

_MOST = 200
_HOLDS = "a council's freeze holds back every change that touches it, whoever raises it"


def freezes_holding(council_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> Sequence[Freeze]:
    """Return the freezes of these councils that a window runs into, the first one first."""
    rows = Freeze.unscoped(_HOLDS).filter(
        council_id__in=list(council_ids), lifted_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return list(rows.select_related("council").order_by("starts_at", "id"))


def freezes_seen(viewer: Viewer, begin: datetime, end: datetime) -> Sequence[Freeze]:
    """Return the freezes in a span of time that the viewer may see, those that were lifted as well."""
    rows = _seen(viewer).filter(starts_at__lt=end, ends_at__gt=begin)
    return list(rows.select_related("council").order_by("starts_at", "id")[:_MOST])


def freezes_to_come(viewer: Viewer, now: datetime) -> Sequence[Freeze]:
    """Return the freezes that are not over, and were not lifted."""
    rows = _seen(viewer).filter(ends_at__gt=now, lifted_at=None)
    return list(rows.select_related("council").order_by("starts_at", "id")[:_MOST])


def freeze_seen(viewer: Viewer, number: int) -> Freeze:
    """Return one freeze."""
    found: Freeze | None = _seen(viewer).filter(pk=number).select_related("council").first()
    if found is None:
        raise NoSuchFreeze
    return found


def _seen(viewer: Viewer) -> "QuerySet[Freeze]":
    rows: QuerySet[Freeze] = gate.narrow(viewer, Can.SEE_CHANGES, Freeze.objects.all())
    return rows
