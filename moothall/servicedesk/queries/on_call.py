"""Rotas: who is on call now, and a week of a team with what nobody covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.models import Team
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import Shift
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.teams import teams_to_set_up
from moothall.servicedesk.rules import on_call as rules
from moothall.servicedesk.rules.on_call import NoSuchShift, Stretch

AHEAD = timedelta(days=28)
_WITH = ("staff__user", "second__user", "team")


def on_call(team_id: int, at: datetime) -> Shift | None:
    """Return the shift that runs at a moment; of two, the one that began later, and nobody who has left by then."""
    return on_call_of([team_id], at).get(team_id)


def on_call_of(team_ids: Sequence[int], at: datetime) -> dict[int, Shift]:
    """Return for each team the shift that runs at a moment."""
    rows = Shift.objects.filter(team_id__in=team_ids, ends_at__gt=at, starts_at__lte=at)
    day = at.astimezone(rules.LONDON).date()
    found: dict[int, Shift] = {}
    for shift in rows.select_related(*_WITH).order_by("starts_at", "pk"):
        if shift.staff.is_here(day):
            found[shift.team_id] = shift
    return found


def teams_with_rotas(viewer: Viewer) -> list[Team]:
    """Return the teams whose rotas the viewer may see: those they set up, and their own; rotas first."""
    own = gate.narrow(viewer, Can.SEE, Team.objects.filter(pk__in=viewer.team_ids).select_related("council"))
    teams = {team.pk: team for team in [*teams_to_set_up(viewer), *own]}
    with_rota = set(Shift.objects.filter(team_id__in=teams).values_list("team_id", flat=True).distinct())
    return sorted(teams.values(), key=lambda team: (team.pk not in with_rota, team.name, team.pk))


def shift_to_change(viewer: Viewer, number: int) -> Shift:
    """Return a shift of a team that the viewer sets up."""
    teams = teams_to_set_up(viewer, Can.SET_UP).order_by().values("pk")
    found = Shift.objects.filter(pk=number, team__in=teams).select_related(*_WITH).first()
    if found is None:
        raise NoSuchShift
    return found


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a rota: the shifts that touch it."""

    date: date
    shifts: Sequence[Shift]


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a team's rota: its days, and when nobody or two are on call."""

    monday: date
    days: Sequence[Day]
    shifts: Sequence[Shift]
    gaps: Sequence[Stretch]
    overlaps: Sequence[Stretch]

    @property
    def before(self) -> date:
        return self.monday - rules.WEEK

    @property
    def after(self) -> date:
        return self.monday + rules.WEEK


def week(team_id: int, day: date) -> Week:
    """Return the week of a day, as a team's rota has it."""
    start, end = rules.week_of(day)
    shifts = list(_between(team_id, start, end).select_related(*_WITH))
    monday = rules.monday_of(day)
    stretches = [_stretch(each) for each in shifts]
    days = []
    for number in range(7):
        on = monday + timedelta(days=number)
        begins = rules.at_london(on, datetime.min.time())
        ends = rules.at_london(on + timedelta(days=1), datetime.min.time())
        days.append(Day(on, [each for each in shifts if each.starts_at < ends and each.ends_at > begins]))
    return Week(
        monday=monday,
        days=days,
        shifts=shifts,
        gaps=rules.gaps(stretches, start, end),
        overlaps=rules.overlaps(stretches),
    )


def uncovered(team_id: int, now: datetime) -> list[Stretch]:
    """Return when nobody of a team is on call in the four weeks to come; nothing for a team without a rota."""
    shifts = list(_between(team_id, now, now + AHEAD))
    return rules.gaps(map(_stretch, shifts), now, now + AHEAD) if shifts else []


def _between(team_id: int, start: datetime, end: datetime) -> "QuerySet[Shift]":
    rows = Shift.objects.filter(team_id=team_id, ends_at__gt=start, starts_at__lt=end)
    return rows.order_by("starts_at", "pk")


def _stretch(shift: Shift) -> Stretch:
    return Stretch(shift.starts_at, shift.ends_at, (shift.pk,))


def shares(shifts: Sequence[Shift]) -> list[tuple[str, int, int]]:
    """Return who has how many nights and weekend days in some shifts, most first."""
    counted: dict[str, tuple[int, int]] = {}
    for shift in shifts:
        nights, weekend = rules.night_and_weekend(shift.starts_at, shift.ends_at)
        before = counted.get(str(shift.staff), (0, 0))
        counted[str(shift.staff)] = (before[0] + nights, before[1] + weekend)
    return sorted(((name, *both) for name, both in counted.items()), key=lambda each: (-each[1], each[0]))


def coming(team_id: int, now: datetime, ahead: timedelta = AHEAD) -> list[Shift]:
    """Return the shifts of a team that run or come, within a time."""
    return list(_between(team_id, now, now + ahead).select_related(*_WITH))
