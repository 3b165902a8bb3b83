"""The change board: its seats, its meetings with their agenda and minutes, and votes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.look import dates
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, NotFound, Refused, Stale
from moothall.servicedesk.actions import board as actions
from moothall.servicedesk.errors.changes import NoSuchChange
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import board as queries
from moothall.servicedesk.queries.changes import case_of, change_seen
from moothall.workplace.forms.desk.board import (
    AwayForm,
    MeetingForm,
    MinutesForm,
    PresentForm,
    SeatForm,
    VoteForm,
)
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import board as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.changes import show_change

_METHODS = ["GET", "HEAD", "POST"]
_NAMES = (("at", "time"), ("holder", "holder"), ("until", "away_until"))


@door(Can.SEE_CHANGES)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the board: who sits, what waits, when it meets."""
    viewer, now = looking(request)
    return page(request, "board", found=pages.board_page(viewer, now), said=_length, now=now)


def _length(seconds: int) -> str:
    return dates.length(timedelta(seconds=seconds))


@door(Can.HOLD_BOARD)
@require_http_methods(_METHODS)
def seat(request: HttpRequest, code: str) -> HttpResponse:
    """Say who sits for a council."""
    viewer, now = looking(request)
    found = _council(code)
    gate.allow(viewer, Can.HOLD_BOARD, found.pk)
    known = queries.seats(now.astimezone(dates.LONDON).date()).get(found.pk)
    begin: dict[str, Any] = {"since": now.astimezone(dates.LONDON).date()}
    if known is not None:
        begin |= {"holder": known.holder_id, "deputy": known.deputy_id}
    form = SeatForm(
        request.POST if request.method == "POST" else None, people=pages.member_choices(found.pk), begin=begin
    )

    def keep() -> None:
        given = form.cleaned_data
        actions.set_seat(
            by=viewer,
            council_id=found.pk,
            holder_id=given["holder"],
            deputy_id=given["deputy"],
            since=given["since"],
            now=now,
        )

    return _fill(request, form, keep, title=f"The seat of {found.name}", back=reverse("workplace:desk_board"))


@door(Can.SEE_CHANGES)
@require_http_methods(_METHODS)
def away(request: HttpRequest, code: str) -> HttpResponse:
    """Say when the holder of a seat is away."""
    viewer, now = looking(request)
    found = _council(code)
    gate.allow(viewer, Can.SEE_CHANGES, found.pk)
    seat = queries.seats(now.astimezone(dates.LONDON).date()).get(found.pk)
    own = seat is not None and viewer.staff_id in {seat.holder_id, seat.deputy_id} - {None}
    if seat is None or not (own or gate.may(viewer, Can.HOLD_BOARD, found.pk)):
        messages.warning(
            request, "The holder of a seat says when they are away, their deputy, or the change manager."
        )
        return redirect("workplace:desk_board")
    begin = {"away_from": seat.away_from, "away_until": seat.away_until}
    form = AwayForm(request.POST if request.method == "POST" else None, initial=begin)

    def keep() -> None:
        given = form.cleaned_data
        actions.holder_away(
            by=viewer,
            council_id=found.pk,
            away_from=given["away_from"],
            away_until=given["away_until"],
            now=now,
        )

    title = f"When {seat.holder.user.name} is away"
    says = "Meanwhile the deputy votes." if seat.deputy else "Nobody stands in: give the seat a deputy."
    return _fill(request, form, keep, title=title, back=reverse("workplace:desk_board"), says=says)


def _council(code: str) -> Council:
    found = Council.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="page")
    return found


@door(Can.HOLD_BOARD)
@require_http_methods(_METHODS)
def call(request: HttpRequest) -> HttpResponse:
    """Call the board together."""
    viewer, now = looking(request)
    form = MeetingForm(
        request.POST if request.method == "POST" else None, people=pages.chair_choices(viewer, now)
    )

    def keep() -> None:
        given = form.cleaned_data
        actions.call_meeting(
            by=viewer, at=given["at"], place=given["place"], chair_id=given["chair"], now=now
        )

    says = "Its agenda is filled with what waits for the board. Everybody who has a seat gets an email."
    return _fill(request, form, keep, title="Call a meeting", back=reverse("workplace:desk_board"), says=says)


@door(Can.SEE_CHANGES)
@require_safe
def meeting(request: HttpRequest, meeting: int) -> HttpResponse:
    """Show a meeting."""
    return _show(request, meeting)


def _show(
    request: HttpRequest, number: int, *, minutes: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    viewer, now = looking(request)
    found = pages.meeting_page(viewer, number)
    there = [str(each) for each in found.meeting.present.values_list("id", flat=True)]
    return page(
        request,
        "board_meeting",
        status=status,
        found=found,
        meeting=found.meeting,
        present=PresentForm(None, people=found.people, begin=there),
        minutes=minutes or MinutesForm(),
        page_errors=error_links(minutes),
        now=now,
    )


@door(Can.HOLD_BOARD)
@require_POST
def fill(request: HttpRequest, meeting: int) -> HttpResponse:
    """Put what waits by now on the agenda."""
    viewer, now = looking(request)
    number = actions.fill_agenda(by=viewer, meeting_id=meeting, now=now)
    messages.success(
        request, f"{number} more on the agenda." if number else "Nothing more waits for the board."
    )
    return redirect("workplace:desk_meeting", meeting)


@door(Can.HOLD_BOARD)
@require_POST
def item(request: HttpRequest, meeting: int) -> HttpResponse:
    """Note what was said about a change, or take it off the agenda."""
    viewer, now = looking(request)
    change_id = number_of(request.POST.get("change"))
    if change_id is None:
        raise NotFound(what="change")
    try:
        if "off" in request.POST:
            actions.take_off(by=viewer, meeting_id=meeting, change_id=change_id, now=now)
            messages.success(request, "It is off the agenda.")
        else:
            note = request.POST.get("note", "")
            actions.note_item(by=viewer, meeting_id=meeting, change_id=change_id, note=note, now=now)
            messages.success(request, "It is noted.")
    except NoSuchChange as error:
        messages.warning(request, error.sentence)
    return redirect("workplace:desk_meeting", meeting)


@door(Can.HOLD_BOARD)
@require_POST
def present(request: HttpRequest, meeting: int) -> HttpResponse:
    """Note who is there."""
    viewer, now = looking(request)
    found = pages.meeting_page(viewer, meeting)
    form = PresentForm(request.POST, people=found.people, begin=[])
    if form.is_valid():
        actions.mark_present(by=viewer, meeting_id=meeting, staff_ids=form.cleaned_data["present"], now=now)
        messages.success(request, "It is noted who is there.")
    return redirect("workplace:desk_meeting", meeting)


@door(Can.HOLD_BOARD)
@require_POST
def close(request: HttpRequest, meeting: int) -> HttpResponse:
    """Close a meeting with its minutes, or call it off."""
    viewer, now = looking(request)
    if "cancel" in request.POST:
        actions.cancel_meeting(by=viewer, meeting_id=meeting, now=now)
        messages.success(request, "The meeting is called off. Everybody who has a seat gets an email.")
        return redirect("workplace:desk_board")
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            actions.hold_meeting(by=viewer, meeting_id=meeting, minutes=form.cleaned_data["minutes"], now=now)
        except (NotFound, Stale, Refused):
            raise
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "The minutes are kept.")
            return redirect("workplace:desk_meeting", meeting)
    return _show(request, meeting, minutes=form, status=UNPROCESSABLE)


@door(Can.SEE_CHANGES)
@require_POST
def vote(request: HttpRequest, reference: str) -> HttpResponse:
    """Vote on a change in the seat of one's council."""
    viewer, now = looking(request)
    change = change_seen(viewer, reference)
    part = pages.vote_part(viewer, change, case_of(change), now)
    form = VoteForm(request.POST, by_person=part.by_person)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.vote(
                by=viewer,
                change_id=change.pk,
                choice=given["choice"],
                text=given["text"],
                expected=given["expected"],
                now=now,
            )
        except NotFound:
            raise
        except (Refused, Stale) as error:
            messages.warning(request, f"{error.sentence} {error.advice}".strip())
            return redirect("workplace:desk_change", change.call.reference)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "Your vote counts.")
            return redirect("workplace:desk_change", change.call.reference)
    return show_change(request, reference, form=form, status=UNPROCESSABLE)


def _fill(
    request: HttpRequest, form: forms.Form, keep: Callable[[], None], *, title: str, back: str, says: str = ""
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            keep()
        except (NotFound, Refused):
            raise
        except HouseError as error:
            complain(form, error, _NAMES)
        else:
            messages.success(request, "That is recorded.")
            return redirect(back)
    return page(
        request,
        "estate_fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title=title,
        says=says,
        form=form,
        back=back,
        page_errors=error_links(form),
    )
