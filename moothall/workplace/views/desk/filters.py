"""Saved filters of the queue: saving the view one has, and looking after one's own."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils.doors import door, staff_only
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import filters as actions
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import filters as queries
from moothall.servicedesk.rules.filters import NotYourTeam, kept
from moothall.workplace.forms.desk.helping import FilterForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SEE)
@require_http_methods(_METHODS)
def filters(request: HttpRequest) -> HttpResponse:
    """Save the view that the address names under a name, and list the filters one has."""
    viewer, now = looking(request)
    asked = kept(request.GET.urlencode())
    form = _form(viewer, request, {"query": asked})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            found = actions.save_filter(
                by=viewer, name=given["name"], query=given["query"], team_id=given["team"], now=now
            )
        except NotYourTeam as error:
            form.add_error("team", error.sentence)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, f"“{found.name}” is saved. It stands above the queue.")
            return redirect(f"{reverse('workplace:desk_queue')}?{found.query}")
    shown = str(form["query"].value() or "")
    return page(
        request,
        "filters",
        status=UNPROCESSABLE if form.is_bound else 200,
        form=form if shown or form.is_bound else None,
        shown=[(key, value) for key, value in parse_qsl(kept(shown)) if key != "tab"],
        filters=queries.filters_for(viewer),
        own=viewer.staff_id,
        page_errors=error_links(form),
    )


@staff_only
@require_http_methods(_METHODS)
def change(request: HttpRequest, saved: int) -> HttpResponse:
    """Rename a filter of one's own, or share it."""
    viewer, now = looking(request)
    found = queries.own_filter(viewer, saved)
    form = _form(viewer, request, {"name": found.name, "team": found.team_id, "query": found.query})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change_filter(by=viewer, number=saved, name=given["name"], team_id=given["team"], now=now)
        except NotYourTeam as error:
            form.add_error("team", error.sentence)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "The filter is changed.")
            return redirect("workplace:desk_filters")
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Change this filter",
        form=form,
        button="Keep it",
        back=reverse("workplace:desk_filters"),
        back_text="Back to your filters",
        delete=reverse("workplace:desk_filter_delete", args=[found.pk]),
        delete_text="Delete this filter",
        page_errors=error_links(form),
    )


@staff_only
@require_POST
def delete(request: HttpRequest, saved: int) -> HttpResponse:
    """Delete a filter of one's own."""
    viewer, now = looking(request)
    actions.delete_filter(by=viewer, number=saved, now=now)
    messages.success(request, "The filter is deleted.")
    return redirect("workplace:desk_filters")


def _form(viewer: Viewer, request: HttpRequest, begin: dict[str, object]) -> FilterForm:
    teams = [(str(team.pk), team.name) for team in queries.own_teams(viewer)]
    return FilterForm(request.POST if request.method == "POST" else None, teams=teams, begin=begin)
