"""What users said of the calls that were closed: for the team that closed them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from moothall.councils.doors import door
from moothall.servicedesk.actions.satisfaction import mark_read
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import satisfaction as queries
from moothall.workplace.views.answering import looking, number_of
from moothall.workplace.views.desk.answering import page


@door(Can.SEE_SATISFACTION)
@require_safe
def heard(request: HttpRequest) -> HttpResponse:
    """Show what a team heard: what nobody has read first, and of that the lowest scores."""
    viewer, now = looking(request)
    teams = queries.teams_heard(viewer, now)
    wanted = number_of(request.GET.get("team"))
    own = [each for each in teams if each.pk in viewer.team_ids]
    team = next((each for each in teams if each.pk == wanted), own[0] if own and wanted is None else None)
    return page(
        request,
        "satisfaction",
        teams=teams,
        team=team,
        found=queries.heard(viewer, team, now),
        needs_a_look=queries.needs_a_look,
        now=now,
    )


@door(Can.SEE_SATISFACTION)
@require_POST
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Say that the team has read an answer."""
    viewer, now = looking(request)
    mark_read(by=viewer, survey_id=number, now=now)
    messages.success(request, "It is marked as read.")
    team = number_of(request.POST.get("team"))
    return redirect(reverse("workplace:desk_satisfaction") + (f"?team={team}" if team else "?team=0"))
