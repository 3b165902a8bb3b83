"""Who works where, in which team and role; what councils share; when they are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from moothall.councils import gate, hooks
from moothall.councils.models import (
    Agreement,
    CalendarVersion,
    ClosingDay,
    Council,
    Grant,
    Membership,
    Staff,
    Team,
)
from moothall.councils.permissions import Can
from moothall.councils.queries import calendar_of
from moothall.councils.roles import Role, roles
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.plain.errors import NotFound
from moothall.plain.working_time import DAY_NAMES

PAGE = 100
_AHEAD = 370
_BEFORE = 30


def councils_of(viewer: Viewer, permission: Can) -> list[Council]:
    """Return the councils at which the viewer may do this, by name."""
    return list(Council.objects.filter(id__in=sorted(gate.councils(viewer, permission))))


def council_for(viewer: Viewer, permission: Can, code: str) -> Council:
    """Return a council at which the viewer may do this; any other does not exist for them."""
    found = next((each for each in councils_of(viewer, permission) if each.code == code), None)
    if found is None:
        raise NotFound(what="council")
    return found


def people(viewer: Viewer, *, council: str = "", words: str = "", gone: bool = False) -> list[Staff]:
    """Return who works for, or has a role at, the councils whose staff the viewer may see."""
    reached = sorted(gate.councils(viewer, Can.SEE_STAFF))
    rows = _staff(reached).filter(ended_on__isnull=not gone)
    if council:
        rows = rows.filter(Q(council__code=council) | Q(grants__council__code=council)).distinct()
    for word in words.replace("\0", "").split()[:5]:
        named = Q(user__name__icontains=word) | Q(user__email__icontains=word)
        rows = rows.filter(named | Q(job_title__icontains=word))
    return list(rows.order_by("user__name", "id")[:PAGE])


def person(viewer: Viewer, number: int) -> Staff:
    """Return one member of staff whom the viewer may see."""
    found = _staff(sorted(gate.councils(viewer, Can.SEE_STAFF))).filter(pk=number).first()
    if found is None:
        raise NotFound(what="member of staff")
    return found


def _staff(reached: Sequence[int]) -> QuerySet[Staff]:
    grants = Prefetch(
        "grants", Grant.objects.select_related("council", "agreement").order_by("council__name", "role")
    )
    places = Prefetch("memberships", Membership.objects.select_related("team").order_by("team__name"))
    seen = Q(council_id__in=reached) | Q(
        pk__in=Grant.objects.filter(council_id__in=reached).values("staff_id")
    )
    return Staff.objects.filter(seen).select_related("user", "council").prefetch_related(grants, places)


def teams(viewer: Viewer) -> list[Team]:
    """Return the teams that serve the councils whose staff the viewer may see, with their people."""
    reached = sorted(gate.councils(viewer, Can.SEE_STAFF))
    here = Membership.objects.filter(staff__ended_on=None).select_related("staff__user")
    return list(
        Team.objects.filter(councils__in=reached)
        .distinct()
        .select_related("council")
        .prefetch_related("councils", Prefetch("memberships", here.order_by("-leads", "staff__user__name")))
    )


def agreements(viewer: Viewer) -> list[Agreement]:
    """Return the agreements of the councils at which the viewer may see them, those in force first."""
    reached = sorted(gate.councils(viewer, Can.SEE_AGREEMENTS))
    rows = Agreement.objects.filter(councils__in=reached).distinct().prefetch_related("councils")
    return list(rows.order_by("-starts_on", "name"))


@dataclass(frozen=True, slots=True)
class Hours:
    """When one council is open: the hours in force with those to come, and the days on which it is closed."""

    council: Council
    versions: Sequence[tuple[str, date, Mapping[str, str], bool]]
    closed: Sequence[tuple[date, str, bool]]
    may_set: bool


def hours(viewer: Viewer, today: date) -> list[Hours]:
    """Return the opening hours of the councils at which the viewer may see them."""
    found = []
    for council in councils_of(viewer, Can.SEE_CALENDARS):
        kept = CalendarVersion.objects.filter(council_id=council.pk).order_by("name", "-in_force_from")
        versions = [(each.name, each.in_force_from, _week(each.weekly), each.bank_holidays) for each in kept]
        own = ClosingDay.objects.filter(council_id=council.pk, date__gte=today - timedelta(days=_BEFORE))
        own_days = set(own.values_list("date", flat=True))
        found.append(
            Hours(
                council=council,
                versions=versions,
                closed=_closed_days(council.pk, own_days, today),
                may_set=gate.may(viewer, Can.SET_CALENDARS, council.pk),
            )
        )
    return found


def _closed_days(council_id: int, own: set[date], today: date) -> list[tuple[date, str, bool]]:
    """Return the days ahead on which a council is closed though it would be open, and whether it chose that itself."""
    calendar = calendar_of(council_id)
    days = (today + timedelta(days=number) for number in range(-_BEFORE, _AHEAD))
    shut = ((day, calendar.why_closed(day)) for day in days if not calendar.hours(day))
    return [
        (day, reason.partition(": ")[2], day in own)
        for day, reason in shut
        if reason.startswith(("closing day", "bank holiday"))
    ]


def _week(weekly: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, str]:
    return {
        day.capitalize(): ", ".join(f"{_hour(start)} to {_hour(end)}" for start, end in weekly.get(day, ()))
        or "closed"
        for day in DAY_NAMES
    }


def _hour(text: str) -> str:
    """Return an hour of a calendar as people say it: “17:00” is 5pm, “24:00” the end of the day."""
    at = time.fromisoformat(text.replace("24:", "00:"))
    return dates.time_of_day(datetime.combine(timezone.localdate(), at, dates.LONDON))


def roles_of(staff: Staff) -> str:
    """Return somebody's roles, each once, with the councils other than their own at which they hold it."""
    held: dict[str, list[str]] = {}
    for grant in staff.grants.all():
        places = held.setdefault(grant.role, [])
        places.append("" if grant.council_id == staff.council_id else grant.council.name)
    return "; ".join(_role_in_words(role, places) for role, places in held.items())


def _role_in_words(role: str, places: Sequence[str]) -> str:
    elsewhere = ", ".join(place for place in places if place)
    if not elsewhere:
        return title_of(role)
    return f"{title_of(role)}{', also' if '' in places else ''} at {elsewhere}"


def day_of(text: str) -> date:
    """Return the day that an address or a button names."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(what="closing day") from None


def roles_to_give(viewer: Viewer, council_id: int) -> list[Role]:
    """Return the roles that the viewer may give and take at a council, as roles.yaml says."""
    if viewer.staff_id is None or not gate.may(viewer, Can.MANAGE_STAFF, council_id):
        return []
    held = set(
        Grant.objects.filter(staff_id=viewer.staff_id, council_id=council_id).values_list("role", flat=True)
    )
    return [role for role in roles().values() if held & role.granted_by]


def title_of(role: str) -> str:
    """Return what a role is called; one that roles.yaml no longer has is named as it is."""
    found = roles().get(role)
    return found.title if found else role


def roles_in_words(every: Mapping[str, Role]) -> list[tuple[Role, list[str], list[str]]]:
    """Return each role with what it permits, in words, and who may give it."""
    known = hooks.known_permissions()
    return [
        (
            role,
            sorted(known[name].label for name in role.permissions if name in known),
            [every[name].title for name in sorted(role.granted_by)],
        )
        for role in every.values()
    ]


def in_force(agreement: Agreement, now: datetime) -> bool:
    """Say whether an agreement holds today."""
    today = timezone.localdate(now)
    return agreement.starts_on <= today and (agreement.ends_on is None or today <= agreement.ends_on)
