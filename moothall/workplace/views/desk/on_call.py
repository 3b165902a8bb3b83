"""On-call rotas: a week of a team, shifts, swaps, and rotas made from a pattern."""

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.models import Team
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import on_call as actions
from moothall.servicedesk.actions.on_call import Duty
from moothall.servicedesk.models import Shift
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import on_call as queries
from moothall.servicedesk.queries.teams import team_to_set_up
from moothall.servicedesk.rules import on_call as rules
from moothall.servicedesk.rules.on_call import NoSuchShift, NotInTheTeam
from moothall.workplace.forms.desk.on_call import RotaForm, ShiftForm, SwapForm, week_of
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import setting_up
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]
_ENDS = {"ends": "ends", "second": "second"}


@door(Can.SEE, Can.SET_UP)
@require_safe
def rota(request: HttpRequest) -> HttpResponse:
    """Show who is on call now, and one week of a team."""
    viewer, now = looking(request)
    teams = queries.teams_with_rotas(viewer)
    wanted = number_of(request.GET.get("team"))
    team = next((each for each in teams if each.pk == wanted), teams[0] if teams else None)
    day = week_of(request.GET.get("week", ""), now)
    week = queries.week(team.pk, day) if team else None
    return page(
        request,
        "on_call",
        teams=teams,
        team=team,
        week=week,
        now_on_call=queries.on_call_of([each.pk for each in teams], now),
        uncovered=queries.uncovered(team.pk, now) if team else [],
        shares=queries.shares(queries.coming(team.pk, now)) if team else [],
        may_set=team is not None and team_to_set_up(viewer, team.pk) is not None,
        today=timezone.localdate(now),
    )


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new(request: HttpRequest, team: int) -> HttpResponse:
    """Add a shift."""
    viewer, _ = looking(request)
    return _write(request, viewer, _team(viewer, team), None)


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def change(request: HttpRequest, shift: int) -> HttpResponse:
    """Change a shift: who, or when."""
    viewer, _ = looking(request)
    found = queries.shift_to_change(viewer, shift)
    return _write(request, viewer, found.team, found)


def _team(viewer: Viewer, number: int) -> Team:
    team = team_to_set_up(viewer, number)
    if team is None:
        raise NoSuchShift
    return team


def _write(request: HttpRequest, viewer: Viewer, team: Team, found: Shift | None) -> HttpResponse:
    _, now = looking(request)
    people = setting_up.people_choices(team, timezone.localdate(now))
    begin = _begun(found) if found else {"starts": "5pm", "ends": "9am"}
    form = ShiftForm(request.POST if request.method == "POST" else None, people=people, begin=begin)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        duty = Duty(given["staff"], given["starts_at"], given["ends_at"], given["second"], given["phone"])
        try:
            kept = actions.keep_shift(
                by=viewer, team_id=team.pk, duty=duty, now=now, shift_id=found.pk if found else None
            )
        except NotInTheTeam as error:
            form.add_error("staff", error.sentence)
        except HouseError as error:
            complain(form, error, tuple(_ENDS.items()))
        else:
            messages.success(request, f"{kept.staff} is on call from {dates.with_time(kept.starts_at)}.")
            return _to(team, kept.starts_at.astimezone(dates.LONDON).date())
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Change this shift" if found else "Add a shift",
        caption=team.name,
        form=form,
        button="Keep it",
        back=_address(team),
        back_text="Back to the rota",
        delete=reverse("workplace:desk_shift_delete", args=[found.pk]) if found else "",
        delete_text="Take this shift off the rota",
        page_errors=error_links(form),
    )


def _begun(shift: Shift) -> dict[str, object]:
    starts, ends = (at.astimezone(dates.LONDON) for at in (shift.starts_at, shift.ends_at))
    return {
        "staff": shift.staff_id,
        "second": shift.second_id,
        "phone": shift.phone,
        "first_day": starts.date(),
        "starts": f"{starts:%H:%M}",
        "last_day": ends.date(),
        "ends": f"{ends:%H:%M}",
    }


@door(Can.SET_UP)
@require_POST
def delete(request: HttpRequest, shift: int) -> HttpResponse:
    """Take a shift off the rota."""
    viewer, now = looking(request)
    found = queries.shift_to_change(viewer, shift)
    actions.delete_shift(by=viewer, shift_id=shift, now=now)
    messages.success(request, "The shift is off the rota.")
    return _to(found.team, found.starts_at.astimezone(dates.LONDON).date())


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def swap(request: HttpRequest, shift: int) -> HttpResponse:
    """Let two people swap their shifts."""
    viewer, now = looking(request)
    found = queries.shift_to_change(viewer, shift)
    others = [each for each in queries.coming(found.team_id, now) if each.staff_id != found.staff_id]
    form = SwapForm(
        request.POST if request.method == "POST" else None,
        shifts=[(str(each.pk), _said(each)) for each in others],
    )
    if form.is_bound and form.is_valid():
        try:
            actions.swap(by=viewer, shift_id=shift, other_id=form.cleaned_data["other"], now=now)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "They have swapped.")
            return _to(found.team, found.starts_at.astimezone(dates.LONDON).date())
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Swap this shift",
        caption=_said(found),
        form=form,
        button="Swap",
        back=_address(found.team),
        back_text="Back to the rota",
        page_errors=error_links(form),
    )


def _said(shift: Shift) -> str:
    return (
        f"{shift.staff}: {dates.short_with_time(shift.starts_at)} to {dates.short_with_time(shift.ends_at)}"
    )


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def pattern(request: HttpRequest, team: int) -> HttpResponse:
    """Make a rota: people in turn, a week each."""
    viewer, now = looking(request)
    found = _team(viewer, team)
    people = setting_up.people_choices(found, timezone.localdate(now))
    form = RotaForm(
        request.POST if request.method == "POST" else None, people=people, begin=_pattern(people, found, now)
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_rota(
                by=viewer,
                team_id=team,
                staff_ids=given["order"],
                first=given["first"],
                weeks=given["weeks"],
                phone=given["phone"],
                now=now,
            )
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, f"The rota is made: {len(made)} weeks.")
            return _to(found, given["first"])
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Make a rota",
        caption=found.name,
        says="People take turns, a week each. Whoever comes next is the second person.",
        form=form,
        button="Make the rota",
        back=_address(found),
        back_text="Back to the rota",
        page_errors=error_links(form),
    )


def _pattern(people: setting_up.Pairs, team: Team, now: datetime) -> dict[str, object]:
    """Return what a pattern begins with: everybody in turn, from the first week without a shift."""
    taken = queries.coming(team.pk, now, rules.WEEK * 60)
    last = max((each.ends_at for each in taken), default=now)
    begin: dict[str, object] = {f"turn_{at}": number for at, (number, _) in enumerate(people, start=1)}
    return begin | {"first": rules.monday_of(last.astimezone(dates.LONDON).date()), "weeks": 4}


def _address(team: Team, day: date | None = None) -> str:
    week = f"&week={rules.monday_of(day).isoformat()}" if day else ""
    return f"{reverse('workplace:desk_on_call')}?team={team.pk}{week}"


def _to(team: Team, day: date) -> HttpResponse:
    return redirect(_address(team, day))
