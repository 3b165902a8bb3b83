"""Staff and teams: who starts, who leaves, who shares a worklist."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from moothall.councils import gate, queries
from moothall.councils.actions.keeping import keep, write
from moothall.councils.errors import LastAdministrator, NoAgreement, OneTeamOnly, StaffHasLeft
from moothall.councils.models import Council, Grant, Membership, Staff, Team
from moothall.councils.permissions import Can
from moothall.councils.roles import ADMINISTRATOR, roles
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.plain.errors import NotFound


@transaction.atomic
def add_staff(*, by: Viewer, user: User, council: Council, job_title: str = "", now: datetime) -> Staff:
    """Say that an account belongs to somebody who works for a council."""
    gate.allow(by, Can.MANAGE_STAFF, council.pk)
    staff = Staff(user=user, council=council, job_title=job_title)
    keep(staff)
    facts = {"user": user.pk, "name": user.name, "job_title": job_title}
    write(by=by, what="staff.added", about=staff, council_id=council.pk, now=now, facts=facts)
    return staff


@transaction.atomic
def end_staff(*, by: Viewer, staff: Staff, on: date, now: datetime) -> Staff:
    """Say that somebody leaves; `on` is their last day. Afterwards they have no powers, wherever they had roles."""
    gate.allow(by, Can.MANAGE_STAFF, staff.council_id)
    check_not_last(staff, ADMINISTRATOR)
    staff.ended_on = on
    staff.save(update_fields=["ended_on"])
    facts = {"user": staff.user_id, "last_day": on}
    write(by=by, what="staff.left", about=staff, council_id=staff.council_id, now=now, facts=facts)
    return staff


@transaction.atomic
def add_team(  # each is one fact about the team
    *,
    by: Viewer,
    council: Council,
    code: str,
    name: str,
    function: str = "",
    serves: Iterable[Council] = (),
    email: str = "",
    now: datetime,
) -> Team:
    """Make a team of a council. `function` is what process files call it; it serves its own council if none is named.

    It serves another council only while an agreement of both is in force.
    """
    gate.allow(by, Can.MANAGE_STAFF, council.pk)
    served = list(serves) or [council]
    for other in served:
        if other != council and not queries.agreements_between(council.pk, other.pk, now=now):
            raise NoAgreement(who=f"The team {name}", employer=council.name, council=other.name)
        if Team.objects.filter(councils=other, function=function or code).exists():
            raise OneTeamOnly(function=function or code, council=other.name)
    team = Team(council=council, code=code, name=name, function=function or code, email=email)
    keep(team)
    team.councils.set(served)
    facts = {
        "code": code,
        "name": name,
        "function": team.function,
        "serves": sorted(one.code for one in served),
    }
    write(by=by, what="team.added", about=team, council_id=council.pk, now=now, facts=facts)
    return team


@transaction.atomic
def join_team(*, by: Viewer, staff: Staff, team: Team, leads: bool = False, now: datetime) -> Membership:
    """Put somebody into a team, or change whether they lead it."""
    gate.allow(by, Can.MANAGE_STAFF, team.council_id)
    if staff.ended_on is not None:
        raise StaffHasLeft(staff=str(staff), employer=staff.council.name)
    membership, _ = Membership.objects.update_or_create(team=team, staff=staff, defaults={"leads": leads})
    facts = {"staff": staff.pk, "team": team.code, "leads": leads}
    write(by=by, what="team.joined", about=staff, council_id=team.council_id, now=now, facts=facts)
    return membership


@transaction.atomic
def leave_team(*, by: Viewer, staff: Staff, team: Team, now: datetime) -> None:
    """Take somebody out of a team."""
    gate.allow(by, Can.MANAGE_STAFF, team.council_id)
    removed, _ = Membership.objects.filter(team=team, staff=staff).delete()
    if not removed:
        raise NotFound(what="member of the team")
    facts = {"staff": staff.pk, "team": team.code}
    write(by=by, what="team.left", about=staff, council_id=team.council_id, now=now, facts=facts)


def check_not_last(staff: Staff, role: str) -> None:
    """Refuse to leave the partnership without anybody in a role that only itself can give."""
    if roles()[role].granted_by != {role} or not staff.grants.filter(role=role).exists():
        return
    others = Grant.objects.select_for_update().filter(
        role=role, staff__ended_on=None, staff__user__is_active=True
    )
    if not any(other.staff_id != staff.pk for other in others):
        raise LastAdministrator(staff=str(staff), role=roles()[role].title.lower())
