"""Major incidents: the list, the room of one, and the timeline that it keeps."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.plain.errors import Invalid, NotFound
from moothall.servicedesk.actions import majors as actions
from moothall.servicedesk.models import RoomEntry
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import elsewhere
from moothall.servicedesk.queries import majors as queries
from moothall.workplace.forms.desk.majors import CorrectForm, LineForm, complain, written
from moothall.workplace.queries.desk import majors as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SEE_MAJORS)
@require_safe
def majors(request: HttpRequest) -> HttpResponse:
    """Show the major incidents that are going on, then all others, the newest first."""
    viewer, now = looking(request)
    before = cursor(request)
    found = queries.listed(viewer, before)
    more = found[queries.PAGE - 1] if len(found) > queries.PAGE else None
    others = [] if before else elsewhere.listed(viewer, now)
    return page(
        request,
        "majors",
        going_on=() if before else queries.going_on(viewer),
        found=found[: queries.PAGE],
        elsewhere=[each for each in others if not each.is_back],
        over=[each for each in others if each.is_back],
        more=f"{more.opened_at.isoformat()}_{more.pk}" if more else "",
        before=before,
        states=pages.STATES,
        reviews=gate.anywhere(viewer, Can.REVIEW_MAJORS) or gate.anywhere(viewer, Can.LEAD_MAJORS),
        now=now,
    )


def cursor(request: HttpRequest) -> tuple[datetime, int] | None:
    """Return where a list goes on, as its address says; what cannot be read begins at the top."""
    at, _, number = request.GET.get("before", "").rpartition("_")
    try:
        moment = parse_datetime(at.replace(" ", "+"))
    except ValueError:
        return None
    found = number_of(number)
    return (moment, found) if moment is not None and moment.tzinfo and found is not None else None


@door(Can.SEE_MAJORS)
@require_safe
def hit(request: HttpRequest, number: int) -> HttpResponse:
    """Show a major incident that is the case of another council to those whose council it hit."""
    viewer, now = looking(request)
    return page(request, "major_elsewhere", found=elsewhere.one(viewer, number, now), now=now)


@door(Can.SEE_MAJORS)
@require_safe
def room(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the room of a major incident: what is known at a glance, and the timeline."""
    return show(request, reference)


def show(
    request: HttpRequest, reference: str, *, line: LineForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page of a room, with what somebody typed if it was refused."""
    viewer, now = looking(request)
    found = pages.room_page(viewer, reference, now)
    return page(
        request,
        "major",
        status=status,
        found=found,
        room=found.room,
        major=found.major,
        line=line or LineForm(now=now),
        kinds=pages.KINDS,
        now=now,
    )


@door(Can.SEE_MAJORS)
@require_safe
def lines(request: HttpRequest, reference: str) -> HttpResponse:
    """Return what the room's script asks for again and again: its lines and what is known, if anything is new."""
    viewer, now = looking(request)
    found = pages.room_page(viewer, reference, now)
    facts = {"found": found, "room": found.room, "major": found.major, "kinds": pages.KINDS, "now": now}
    answer = render(request, "workplace/desk/major_live.html", facts, using="jinja2")
    answer["Cache-Control"] = "no-store"
    return answer


@door(Can.WORK)
@require_POST
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a line into the timeline."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    form = LineForm(request.POST, now=now)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.write_line(
                by=viewer, major_id=major.pk, kind=given["kind"], text=given["text"], at=given["at"], now=now
            )
        except Invalid as error:
            complain(form, error)
        else:
            return redirect("workplace:desk_major", reference)
    return show(request, reference, line=form, status=UNPROCESSABLE)


@door(Can.WORK)
@require_http_methods(_METHODS)
def correct(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Put a line right by another one, which stands in its place."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    entry = RoomEntry.objects.filter(major=major, pk=number).first()
    if entry is None:
        raise NotFound(what="line")
    begin = {"at": written(entry.at, now), "text": entry.text}
    form = CorrectForm(request.POST if request.method == "POST" else None, now=now, begin=begin)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.correct_line(
                by=viewer, major_id=major.pk, line_id=number, text=given["text"], at=given["at"], now=now
            )
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "The line is put right. What it said before stays under it.")
            return redirect("workplace:desk_major", reference)
    return page(
        request,
        "majors_act",
        status=UNPROCESSABLE if form.is_bound else 200,
        major=major,
        form=form,
        title="Put a line right",
        lead="What was written first is kept, and stands under what is said now.",
        button="Put it right",
        kind="",
    )


@door(Can.SEE_MAJORS)
@require_POST
def answered(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say that somebody who was called has answered."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    found = actions.answered(by=viewer, major_id=major.pk, call_out_id=number, now=now)
    messages.success(request, f"{found.name} is on it.")
    return redirect("workplace:desk_major", reference)
