"""People, teams, roles and agreements; for administrators, who leaves and who gets which role."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.councils import actions as councils
from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Staff
from moothall.councils.permissions import Can
from moothall.councils.roles import roles as all_roles
from moothall.councils.rules import Viewer
from moothall.plain.errors import Invalid
from moothall.workplace.forms.directory import GrantForm, LeaverForm
from moothall.workplace.forms.filters import PeopleForm
from moothall.workplace.queries import directory
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.SEE_STAFF)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show who works here."""
    viewer, _ = looking(request)
    seen = [(each.code, each.name) for each in directory.councils_of(viewer, Can.SEE_STAFF)]
    form = PeopleForm(request.GET, seen)
    given = form.cleaned_data if form.is_valid() else {}
    found = directory.people(
        viewer, council=given.get("council", ""), words=given.get("q", ""), gone=bool(given.get("gone"))
    )
    return page(
        request,
        "people",
        form=form,
        people=found,
        most=directory.PAGE,
        roles_of=directory.roles_of,
        narrowed=any(given.values()),
        page_errors=[],
    )


@door(Can.SEE_STAFF)
@require_safe
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Show one member of staff, their teams and roles."""
    viewer, _ = looking(request)
    return _show(request, viewer, directory.person(viewer, number))


def _show(
    request: HttpRequest,
    viewer: Viewer,
    staff: Staff,
    *,
    give: GrantForm | None = None,
    leave: LeaverForm | None = None,
) -> HttpResponse:
    sent = give or leave
    here = staff.ended_on is None
    return page(
        request,
        "person",
        status=UNPROCESSABLE if sent else 200,
        staff=staff,
        title_of=directory.title_of,
        managed=gate.councils(viewer, Can.MANAGE_STAFF),
        give=(give or _give(viewer)) if here and gate.anywhere(viewer, Can.MANAGE_STAFF) else None,
        leave=(leave or LeaverForm())
        if here and gate.may(viewer, Can.MANAGE_STAFF, staff.council_id)
        else None,
        form=sent,
    )


def _give(viewer: Viewer, data: Any = None) -> GrantForm:
    managed = directory.councils_of(viewer, Can.MANAGE_STAFF)
    offered = {role.name: role for each in managed for role in directory.roles_to_give(viewer, each.pk)}
    return GrantForm(
        data, roles=list(offered.values()), councils=[(each.code, each.name) for each in managed]
    )


@door(Can.MANAGE_STAFF)
@require_POST
def give_role(request: HttpRequest, number: int) -> HttpResponse:
    """Give somebody a role at a council."""
    viewer, now = looking(request)
    staff = directory.person(viewer, number)
    form = _give(viewer, request.POST)
    if form.is_valid():
        council = directory.council_for(viewer, Can.MANAGE_STAFF, form.cleaned_data["council"])
        role = form.cleaned_data["role"]
        try:
            councils.grant(by=viewer, staff=staff, role=role, council=council, now=now)
        except Invalid as error:
            form.add_error(None, error.sentence)
        else:
            messages.success(
                request, f"{staff} now has the role “{directory.title_of(role)}” at {council.name}."
            )
            return redirect("workplace:person", number)
    return _show(request, viewer, staff, give=form)


@door(Can.MANAGE_STAFF)
@require_POST
def take_role(request: HttpRequest, number: int) -> HttpResponse:
    """Take a role at a council away from somebody."""
    viewer, now = looking(request)
    staff = directory.person(viewer, number)
    council = directory.council_for(viewer, Can.MANAGE_STAFF, request.POST.get("council", ""))
    role = request.POST.get("role", "")
    councils.revoke(by=viewer, staff=staff, role=role, council=council, now=now)
    messages.success(
        request, f"{staff} no longer has the role “{directory.title_of(role)}” at {council.name}."
    )
    return redirect("workplace:person", number)


@door(Can.MANAGE_STAFF)
@require_POST
def leaves(request: HttpRequest, number: int) -> HttpResponse:
    """Say when somebody's last day is."""
    viewer, now = looking(request)
    staff = directory.person(viewer, number)
    form = LeaverForm(request.POST)
    if form.is_valid():
        councils.end_staff(by=viewer, staff=staff, on=form.cleaned_data["last_day"], now=now)
        messages.success(request, f"{staff}'s last day is kept. Nothing they did is lost.")
        return redirect("workplace:person", number)
    return _show(request, viewer, staff, leave=form)


@door(Can.SEE_STAFF)
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Show the teams, whom they serve and who is in them."""
    viewer, _ = looking(request)
    return page(request, "teams", teams=directory.teams(viewer))


@door(Can.SEE_STAFF)
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show every role and what it permits, as roles.yaml says."""
    return page(request, "roles", roles=directory.roles_in_words(all_roles()))


@door(Can.SEE_AGREEMENTS)
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Show what councils share, why, and until when."""
    viewer, now = looking(request)
    found = [(each, directory.in_force(each, now)) for each in directory.agreements(viewer)]
    return page(request, "agreements", agreements=found)
