"""Recurring work: the list, and setting one up with what its schedule comes to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import recurring as actions
from moothall.servicedesk.actions.recurring import Work
from moothall.servicedesk.models import Recurring
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import recurring as queries
from moothall.servicedesk.rules import recurring as rules
from moothall.servicedesk.rules.recurring import NotASchedule
from moothall.workplace.forms.desk.helping import RecurringForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import setting_up
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SET_UP)
@require_safe
def recurring(request: HttpRequest) -> HttpResponse:
    """List what comes again, what comes next first."""
    viewer, now = looking(request)
    return page(
        request, "recurring", works=list(queries.recurring_work(viewer)), in_words=rules.in_words, now=now
    )


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Set up work that comes again."""
    viewer, _ = looking(request)
    return _write(request, viewer, None)


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Change work that comes again, or stop it."""
    viewer, _ = looking(request)
    return _write(request, viewer, queries.recurring_to_keep(viewer, number))


def _write(request: HttpRequest, viewer: Viewer, found: Recurring | None) -> HttpResponse:
    _, now = looking(request)
    checking = "check" in request.POST
    form = RecurringForm(
        request.POST if request.method == "POST" else None,
        councils=setting_up.council_choices(viewer),
        teams=setting_up.serving_choices(viewer),
        items=setting_up.item_choices(viewer),
        begin=_begun(found) if found else {},
    )
    if form.is_bound and form.is_valid() and not checking:
        given = form.cleaned_data
        work = Work(
            council_id=given["council"],
            title=given["title"],
            schedule=given["schedule"],
            team_id=given["team"],
            detail=given["detail"],
            item_id=given["item"],
            active=given["active"],
        )
        try:
            kept = actions.keep_recurring(by=viewer, work=work, now=now, number=found.pk if found else None)
        except HouseError as error:
            complain(form, error)
        else:
            said = f"comes next {dates.near(kept.next_at, now)}" if kept.active else "does not run"
            messages.success(request, f"“{kept.title}” {said}.")
            return redirect("workplace:desk_recurring")
    if checking:
        for name in [each for each in form.errors if each != "schedule"]:
            del form.errors[name]  # the rest is judged when it is kept
    written = str(form["schedule"].value() or "")
    return page(
        request,
        "recurring_fill",
        status=UNPROCESSABLE if form.is_bound and (form.errors or not checking) else 200,
        title="Change this work" if found else "Set up recurring work",
        form=form,
        back=reverse("workplace:desk_recurring"),
        moments=_moments(written),
        schedule_words=_words(written),
        delete=reverse("workplace:desk_recurring_delete", args=[found.pk]) if found else "",
        page_errors=error_links(form),
    )


def _moments(written: str) -> list[str]:
    """Return the next five dates of a schedule, in words; none of what cannot be read."""
    try:
        found = rules.moments(written, timezone.now()) if written.strip() else []
    except NotASchedule:
        return []
    return [f"{dates.weekday(at)} at {dates.time_of_day(at)}" for at in found]


def _words(written: str) -> str:
    return rules.in_words(written) if _moments(written) else ""


def _begun(work: Recurring) -> dict[str, object]:
    return {
        "title": work.title,
        "detail": work.detail,
        "council": work.council_id,
        "team": work.team_id,
        "item": work.item_id,
        "schedule": work.schedule,
        "active": work.active,
    }


@door(Can.SET_UP)
@require_POST
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete work that comes again."""
    viewer, now = looking(request)
    actions.delete_recurring(by=viewer, number=number, now=now)
    messages.success(request, "It does not come again. Calls that it logged stay.")
    return redirect("workplace:desk_recurring")
