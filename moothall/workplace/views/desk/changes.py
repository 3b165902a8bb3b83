"""Changes: their calendar and list, raising one, one change, and the times in which nothing may be changed."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, NotFound
from moothall.servicedesk.actions import freezes as freezing
from moothall.servicedesk.actions.changes import raise_change
from moothall.servicedesk.models import Change
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import changes as queries
from moothall.servicedesk.queries import freezes as frozen
from moothall.servicedesk.queries import observing
from moothall.servicedesk.rules.changes import LIVE
from moothall.workplace.forms.desk.board import VoteForm
from moothall.workplace.forms.desk.changes import ChangeForm, FreezeForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import changes as pages
from moothall.workplace.queries.desk.board import vote_part
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]
_VIEWS = {"month": "Month", "live": "Still to be made", "all": "All"}
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NAMES = (("starts", "start_time"), ("ends", "end_time"), ("at", "time"))


@door(Can.SEE_CHANGES)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the changes: a month of them, or a list."""
    viewer, now = looking(request)
    shown = request.GET.get("show", "month")
    shown = shown if shown in _VIEWS else "month"
    council_id = _council(viewer, request.GET.get("council"))
    month = _month(request.GET.get("month", ""), now)
    facts: dict[str, Any] = {}
    if shown == "month":
        facts["found"] = queries.month_page(viewer, month, council_id)
    else:
        after = number_of(request.GET.get("after")) or 0
        states = LIVE if shown == "live" else ()
        facts["listed"] = queries.changes_page(viewer, states=states, council_id=council_id, after=after)
    return page(
        request,
        "changes",
        shown=shown,
        views=list(_VIEWS.items()),
        councils=pages.council_choices(viewer, Can.SEE_CHANGES),
        council_id=council_id,
        freezes=frozen.freezes_to_come(viewer, now),
        may_raise=gate.anywhere(viewer, Can.RAISE_CHANGES),
        waiting=observing.waiting(viewer) if gate.anywhere(viewer, Can.TRIAGE_OBSERVED) else 0,
        today=now.astimezone(dates.LONDON).date(),
        now=now,
        **facts,
    )


def _council(viewer: Viewer, text: str | None) -> int | None:
    number = number_of(text)
    return number if number in gate.councils(viewer, Can.SEE_CHANGES) else None


def _month(text: str, now: datetime) -> date:
    """Return the month that an address names, like 2026-11; this month if it names none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return now.astimezone(dates.LONDON).date().replace(day=1)
    return found if _FIRST_YEAR < found.year < _LAST_YEAR else now.date().replace(day=1)


@door(Can.RAISE_CHANGES)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Raise a change; before that, show what it comes to and what its window runs into."""
    viewer, now = looking(request)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        councils=pages.council_choices(viewer, Can.RAISE_CHANGES),
        items=pages.item_choices(viewer),
        people=pages.people_choices(viewer),
        begin={"items": request.GET.getlist("item")},
    )
    foreseen, status = None, 200
    if form.is_bound:
        status = UNPROCESSABLE
        if form.is_valid():
            foreseen = pages.foreseen(viewer, form.cleaned_data["council"], form.asked)
            if foreseen.complex and form.cleaned_data["second"] is None:
                form.add_error("second", "This change is complex. Choose who attends while it is made")
            if "check" in request.POST:
                status = 200 if form.is_valid() else UNPROCESSABLE
            elif foreseen.advice and not form.cleaned_data["known"]:
                form.add_error(
                    "known", "Read what this window runs into, then say that it stays or choose another"
                )
            elif form.is_valid() and (made := _raise(viewer, form, now)) is not None:
                messages.success(request, f"{made.call.reference} is raised.")
                return redirect("workplace:desk_change", made.call.reference)
    return page(
        request,
        "change_new",
        status=status,
        form=form,
        foreseen=foreseen,
        page_errors=error_links(form),
        now=now,
    )


def _raise(viewer: Viewer, form: ChangeForm, now: datetime) -> Change | None:
    given = form.cleaned_data
    council = Council.objects.get(pk=given["council"])
    try:
        return raise_change(
            by=viewer, council=council, asked=form.asked, now=now, submission=given["submission"]
        )
    except HouseError as error:
        complain(form, error, _NAMES)
    return None


@door(Can.SEE_CHANGES)
@require_safe
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one change."""
    return show_change(request, reference)


def show_change(
    request: HttpRequest, reference: str, *, form: VoteForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of a change, with the vote on it."""
    viewer, now = looking(request)
    found = pages.change_page(viewer, reference, now)
    part = vote_part(viewer, found.change, found.file.case, now)
    ballot = part.open.ballot if part.open else None
    if form is None and ballot is not None and not part.why_not:
        begin = {"expected": part.expected, "choice": ballot.choice, "text": ballot.text}
        form = VoteForm(by_person=part.by_person, begin=begin)
    return page(
        request,
        "change",
        status=status,
        found=found,
        change=found.change,
        window=pages.window_words(found.change),
        rounds=part.rounds,
        why_not=part.why_not,
        form=form,
        page_errors=error_links(form),
        now=now,
    )


@door(Can.SEE_CHANGES)
@require_safe
def freezes(request: HttpRequest) -> HttpResponse:
    """List the times in which a council wants nothing changed."""
    viewer, now = looking(request)
    holds = gate.councils(viewer, Can.HOLD_BOARD)
    return page(request, "freezes", freezes=frozen.freezes_to_come(viewer, now), holds=holds, now=now)


@door(Can.HOLD_BOARD)
@require_http_methods(_METHODS)
def freeze(request: HttpRequest) -> HttpResponse:
    """Let nothing be changed at a council for a time."""
    viewer, now = looking(request)
    councils = pages.council_choices(viewer, Can.HOLD_BOARD)
    form = FreezeForm(request.POST if request.method == "POST" else None, councils=councils)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            kept = freezing.set_freeze(
                by=viewer,
                council_id=given["council"],
                reason=given["reason"],
                starts_at=given["starts_at"],
                ends_at=given["ends_at"],
                now=now,
            )
        except NotFound:
            raise
        except HouseError as error:
            complain(form, error, _NAMES)
        else:
            messages.success(request, f"Nothing is changed from {dates.with_time(kept.starts_at)}.")
            return redirect("workplace:desk_freezes")
    return page(
        request,
        "estate_fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Let nothing be changed",
        says="Normal and standard changes cannot be planned for that time. An emergency may, with a written reason.",
        form=form,
        back=reverse("workplace:desk_freezes"),
        page_errors=error_links(form),
    )


@door(Can.HOLD_BOARD)
@require_POST
def lift(request: HttpRequest, freeze: int) -> HttpResponse:
    """Let changes be made again."""
    viewer, now = looking(request)
    freezing.lift_freeze(by=viewer, freeze_id=freeze, now=now)
    messages.success(request, "Changes may be made again.")
    return redirect("workplace:desk_freezes")
