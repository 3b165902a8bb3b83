"""What is away now, what is planned, and what was: recorded, said in words for users, and ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.estate.permissions import Can as EstateCan
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions import outages as actions
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import outages as queries
from moothall.workplace.forms.desk.majors import complain
from moothall.workplace.forms.desk.outages import OutageForm, PlanForm, SayForm
from moothall.workplace.queries.desk import majors as pages
from moothall.workplace.queries.desk.outages import pages_of_majors
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.majors import cursor

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SEE)
@require_safe
def outages(request: HttpRequest) -> HttpResponse:
    """Show what is away, what is planned, and what was away, the newest first."""
    viewer, now = looking(request)
    before = cursor(request)
    found = queries.ended(viewer, now, before)
    more = found[queries.PAGE - 1] if len(found) > queries.PAGE else None
    here = [] if before else queries.outages(viewer, now)
    return page(
        request,
        "outages",
        away=[each for each in here if each.started_at <= now],
        coming=[each for each in here if each.started_at > now],
        found=found[: queries.PAGE],
        more=f"{more.started_at.isoformat()}_{more.pk}" if more else "",
        before=before,
        majors=pages_of_majors(viewer, here),
        may_work=gate.anywhere(viewer, Can.WORK),
        may_plan=gate.anywhere(viewer, Can.WORK) and gate.anywhere(viewer, EstateCan.CHANGE),
        now=now,
    )


@door(Can.WORK)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Record that a system is away."""
    viewer, now = looking(request)
    form = OutageForm(
        request.POST if request.method == "POST" else None,
        councils=pages.councils(viewer, Can.WORK),
        items=pages.items(viewer),
        initial={"council": str(viewer.council_id or "")},
    )
    if form.is_bound and form.is_valid():
        try:
            actions.start_outage(by=viewer, now=now, **form.told)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "It is recorded as away. Users read of it before they report it.")
            return redirect("workplace:desk_outages")
    return _fill(request, form, "Record an outage", "Record it")


@door(EstateCan.CHANGE)
@require_http_methods(_METHODS)
def plan(request: HttpRequest) -> HttpResponse:
    """Record planned work that a council has agreed to."""
    viewer, now = looking(request)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        councils=pages.councils(viewer, EstateCan.CHANGE),
        items=pages.items(viewer),
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        starts_at, ends_at = form.moments
        try:
            actions.plan_outage(
                by=viewer,
                council_id=int(given["council"]),
                item_id=int(given["item"]),
                starts_at=starts_at,
                ends_at=ends_at,
                reason=given["reason"],
                public=given["public"],
                now=now,
            )
        except Invalid as error:
            error.fields = {{"starts_at": "begins"}.get(key, key): said for key, said in error.fields.items()}
            complain(form, error)
        else:
            messages.success(request, "It is planned. It does not count against availability.")
            return redirect("workplace:desk_outages")
    return _fill(request, form, "Plan maintenance", "Plan it")


def _fill(request: HttpRequest, form: OutageForm, title: str, button: str) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return page(request, "outages_fill", status=status, form=form, title=title, button=button)


@door(Can.SEE)
@require_safe
def outage(request: HttpRequest, number: int) -> HttpResponse:
    """Show one outage."""
    return _show(request, number)


def _show(
    request: HttpRequest, number: int, *, form: SayForm | None = None, status: int = 200
) -> HttpResponse:
    viewer, now = looking(request)
    found = queries.outage_seen(viewer, number)
    works = gate.may(viewer, Can.WORK, found.council_id)
    begun = SayForm(initial={"users": found.users, "public": found.public})
    return page(
        request,
        "outages_one",
        status=status,
        outage=found,
        major=pages_of_majors(viewer, [found]).get(found.major_id or 0, ""),
        form=(form or begun) if works else None,
        works=works,
        now=now,
    )


@door(Can.WORK)
@require_POST
def say(request: HttpRequest, number: int) -> HttpResponse:
    """Change what users read of an outage, and how many it hits."""
    viewer, now = looking(request)
    queries.outage_seen(viewer, number, Can.WORK)
    form = SayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.say_outage(
                by=viewer, outage_id=number, public=given["public"], users=given["users"], now=now
            )
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "Users read that now.")
            return redirect("workplace:desk_outage", number)
    return _show(request, number, form=form, status=UNPROCESSABLE)


@door(Can.WORK)
@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a system is back."""
    viewer, now = looking(request)
    found = actions.end_outage(by=viewer, outage_id=number, now=now)
    messages.success(request, f"{found.item.name} is back at {found.council.name}.")
    return redirect("workplace:desk_outages")
