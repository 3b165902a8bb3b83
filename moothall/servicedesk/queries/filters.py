"""Saved filters of the queue: one's own, and those that teams share."""

from typing import Any

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.models import Team
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import SavedFilter
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.rules.filters import NoSuchFilter


def filters_for(viewer: Viewer) -> list[SavedFilter]:
    """Return the filters of the viewer and of their teams, by name; `query` is what the queue is asked by."""
    if viewer.staff_id is None:
        return []
    reached = gate.reach(viewer, Can.SEE)
    return _kept.all(staff_id=viewer.staff_id, teams=sorted(viewer.team_ids), reached=reached)


@prepared
def _kept(staff_id: Slot, teams: Slot, *, reached: frozenset[int] | None) -> Any:
    shared = gate.within(Team.objects.filter(pk__in=teams), reached)
    rows = SavedFilter.objects.filter(Q(staff_id=staff_id) | Q(team_id__in=shared.values("pk")))
    return rows.select_related("team", "staff__user").order_by("name", "pk")


def own_filter(viewer: Viewer, number: int) -> SavedFilter:
    """Return one of the viewer's own filters; only whoever saved one changes it."""
    found = own_filters(viewer).filter(pk=number).first()
    if found is None:
        raise NoSuchFilter
    return found


def own_filters(viewer: Viewer) -> "QuerySet[SavedFilter]":
    """Return the filters that the viewer saved."""
    return SavedFilter.objects.filter(staff_id=viewer.staff_id or 0).select_related("team")


def own_teams(viewer: Viewer) -> list[Team]:
    """Return the teams with which the viewer may share a filter."""
    return list(_own_teams(viewer).order_by("name", "pk"))


def _own_teams(viewer: Viewer) -> "QuerySet[Team]":
    return gate.narrow(viewer, Can.SEE, Team.objects.filter(pk__in=viewer.team_ids))
