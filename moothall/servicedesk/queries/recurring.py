"""Recurring work: what there is of it, for whoever sets up the desk at a council."""

from datetime import datetime

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import Recurring
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules.recurring import NoSuchRecurring


def recurring_work(viewer: Viewer) -> "QuerySet[Recurring]":
    """Return the recurring work of councils where the viewer sets up the desk, what comes next first."""
    rows = gate.narrow(viewer, Can.SET_UP, Recurring.objects.select_related("council", "team", "item"))
    return rows.order_by("-active", "next_at", "title", "pk")


def recurring_to_keep(viewer: Viewer, number: int) -> Recurring:
    """Return one piece of recurring work."""
    found: Recurring | None = recurring_work(viewer).filter(pk=number).first()
    if found is None:
        raise NoSuchRecurring
    return found


def due_numbers(now: datetime, most: int) -> list[int]:
    """Return what is due, the longest waiting first. For the timer: it asks inside the scope of all councils."""
    rows = Recurring.objects.filter(active=True, next_at__lte=now).order_by("next_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])
