"""Rotas: shifts, swaps, and rotas made from a pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from moothall.councils.models import Staff, Team
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.look import dates
from moothall.plain.errors import Invalid
from moothall.servicedesk.models import Shift
from moothall.servicedesk.queries import on_call as queries
from moothall.servicedesk.queries.teams import members_of, team_to_set_up
from moothall.servicedesk.rules import on_call as rules
from moothall.servicedesk.rules.on_call import NotInTheTeam, ShiftAlready

_LONGEST = f"A shift lasts {rules.LONGEST_SHIFT.days} days at most."


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift as it is planned: who, who if they do not answer, on which number, from when to when."""

    staff_id: int
    starts_at: datetime
    ends_at: datetime
    second_id: int | None = None
    phone: str = ""


@transaction.atomic
def keep_shift(*, by: Viewer, team_id: int, duty: Duty, now: datetime, shift_id: int | None = None) -> Shift:
    """Keep a shift: a new one, or a change of one. Overlaps are shown on the rota, not refused."""
    team = _team(by, team_id)
    _check_people(team, [duty.staff_id, duty.second_id], now)
    _check_times(duty)
    shift = Shift() if shift_id is None else queries.shift_to_change(by, shift_id)
    shift.team, shift.staff_id, shift.second_id = team, duty.staff_id, duty.second_id
    shift.phone, shift.starts_at, shift.ends_at = duty.phone.strip(), duty.starts_at, duty.ends_at
    shift.save()
    _say(by, team, "shift_kept", now, shift=shift.pk)
    return shift


@transaction.atomic
def delete_shift(*, by: Viewer, shift_id: int, now: datetime) -> None:
    """Take a shift off the rota."""
    shift = queries.shift_to_change(by, shift_id)
    _say(by, shift.team, "shift_deleted", now, shift=shift.pk)
    shift.delete()


@transaction.atomic
def swap(*, by: Viewer, shift_id: int, other_id: int, now: datetime) -> None:
    """Let two people of one team swap their shifts; numbers go with the people, times stay."""
    one, other = queries.shift_to_change(by, shift_id), queries.shift_to_change(by, other_id)
    if one.team_id != other.team_id or one.pk == other.pk or one.staff_id == other.staff_id:
        raise Invalid({"other": ["Choose a shift of somebody else in the same team."]})
    one.staff_id, other.staff_id = other.staff_id, one.staff_id
    one.phone, other.phone = other.phone, one.phone
    for shift in (one, other):
        if shift.second_id == shift.staff_id:
            # nobody stands in for themselves: whoever gave the shift away is asked second
            shift.second_id = other.staff_id if shift is one else one.staff_id
        shift.save(update_fields=["staff", "second", "phone"])
    _say(by, one.team, "shifts_swapped", now, shift=one.pk, other=other.pk)


@transaction.atomic
def make_rota(
    *,
    by: Viewer,
    team_id: int,
    staff_ids: Sequence[int],
    first: date,
    weeks: int,
    now: datetime,
    phone: str = "",
) -> list[Shift]:
    """Make a rota: the people in turn, a week each, handed over on Mondays at nine; refused where there are shifts."""
    team = _team(by, team_id)
    if not staff_ids:
        raise Invalid({"people": ["Choose who takes turns."]})
    if not 1 <= weeks <= rules.MOST_WEEKS:
        raise Invalid({"weeks": [f"Enter a number of weeks from 1 to {rules.MOST_WEEKS}."]})
    _check_people(team, staff_ids, now)
    planned = list(rules.weekly(staff_ids, first, weeks))
    start, end = planned[0].start, planned[-1].end
    if Shift.objects.filter(team=team, starts_at__lt=end, ends_at__gt=start).exists():
        raise ShiftAlready(start=dates.in_words(start), end=dates.in_words(end))
    made = Shift.objects.bulk_create(
        Shift(
            team=team,
            staff_id=each.staff_id,
            second_id=each.second_id,
            phone=phone.strip(),
            starts_at=each.start,
            ends_at=each.end,
        )
        for each in planned
    )
    _say(by, team, "rota_made", now, weeks=weeks, people=len(staff_ids))
    return made


def _team(by: Viewer, team_id: int) -> Team:
    team = team_to_set_up(by, team_id)
    if team is None:
        raise Invalid({"team": ["Choose a team that you set up."]})
    return team


def _check_people(team: Team, staff_ids: Sequence[int | None], now: datetime) -> None:
    inside = {each.pk for each in members_of(team.pk, timezone.localdate(now))}
    for number in staff_ids:
        if number is not None and number not in inside:
            somebody = Staff.objects.filter(pk=number).select_related("user").first()
            raise NotInTheTeam(name=somebody or "Whoever was chosen")


def _check_times(duty: Duty) -> None:
    if duty.ends_at <= duty.starts_at:
        raise Invalid({"ends": ["The end must be after the start."]})
    if duty.ends_at - duty.starts_at > rules.LONGEST_SHIFT:
        raise Invalid({"ends": [_LONGEST]})
    if duty.second_id == duty.staff_id:
        raise Invalid({"second": ["Choose somebody else as the second person, or nobody."]})


def _say(by: Viewer, team: Team, what: str, now: datetime, **facts: int) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"team:{team.pk}",
        council_id=team.council_id,
        now=now,
        facts=facts,
    )
