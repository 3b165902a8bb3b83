"""Opening hours and closing days."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import actions as councils
from moothall.councils.doors import door
from moothall.councils.permissions import Can
from moothall.look import dates
from moothall.plain.errors import Invalid
from moothall.workplace.forms.directory import ClosingDayForm
from moothall.workplace.queries import directory
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.SEE_CALENDARS)
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Show when each council is open, and on which days it is not."""
    viewer, _ = looking(request)
    return page(request, "hours", hours=directory.hours(viewer, timezone.localdate()))


@door(Can.SET_CALENDARS)
@require_http_methods(["GET", "HEAD", "POST"])
def close_day(request: HttpRequest, code: str) -> HttpResponse:
    """Add a day on which a council is closed."""
    viewer, now = looking(request)
    council = directory.council_for(viewer, Can.SET_CALENDARS, code)
    form = ClosingDayForm(request.POST or None)
    if form.is_bound and form.is_valid():
        day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
        try:
            councils.add_closing_day(by=viewer, council=council, day=day, reason=reason, now=now)
        except Invalid as error:
            form.add_error("day", error.sentence)
        else:
            messages.success(
                request, f"{council.name} is closed on {dates.weekday(day)}. Clocks count without it."
            )
            return redirect("workplace:hours")
    return page(
        request, "close_day", status=UNPROCESSABLE if form.is_bound else 200, council=council, form=form
    )


@door(Can.SET_CALENDARS)
@require_POST
def open_day(request: HttpRequest, code: str) -> HttpResponse:
    """Take a closing day back."""
    viewer, now = looking(request)
    council = directory.council_for(viewer, Can.SET_CALENDARS, code)
    day = directory.day_of(request.POST.get("day", ""))
    councils.remove_closing_day(by=viewer, council=council, day=day, now=now)
    messages.success(request, f"{council.name} is open on {dates.weekday(day)} after all.")
    return redirect("workplace:hours")
