"""Teams of the desk, as whoever sets it up chooses among them, and who is in them."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.models import Council, Membership, Staff, Team
from moothall.councils.rules import Viewer
from moothall.servicedesk.permissions import Can


def teams_to_set_up(viewer: Viewer, can: Can = Can.SET_UP) -> "QuerySet[Team]":
    """Return the teams for which the viewer may set up the desk: those of councils where they hold the permission."""
    return gate.narrow(viewer, can, Team.objects.select_related("council").order_by("name", "pk"))


def team_to_set_up(viewer: Viewer, team_id: int, can: Can = Can.SET_UP) -> Team | None:
    """Return one of these teams by its number."""
    return teams_to_set_up(viewer, can).filter(pk=team_id).first()


def members(team_ids: Iterable[int], today: date) -> dict[int, list[Staff]]:
    """Return who is in each team and has not left, by name."""
    rows = Membership.objects.filter(Staff.here_on(today, "staff__"), team_id__in=list(team_ids))
    found: dict[int, list[Staff]] = {}
    for row in rows.select_related("staff__user", "staff__council").order_by("staff__user__name", "staff_id"):
        found.setdefault(row.team_id, []).append(row.staff)
    return found


def members_of(team_id: int, today: date) -> list[Staff]:
    """Return who is in a team and has not left, by name."""
    return members([team_id], today).get(team_id, [])


def councils_served(team: Team) -> Sequence[Council]:
    """Return the councils that a team serves, by name."""
    return list(team.councils.order_by("name"))
