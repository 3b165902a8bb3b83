"""The people of a log: a council if there is none of that name, a team for each group, an account for each resource."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import actions as councils
from moothall.councils.models import Council, Partnership, Staff, Team
from moothall.councils.queries import council_by_code, viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.process.replay.discovery import Discovered, slug
from moothall.process.replay.logs import Trace

ROLE = "officer"
NOBODY = "nobody"
KIND, PREFIX = "borough", "LOG"


@dataclass(frozen=True, slots=True)
class Directory:
    """Who does what: the team of each group, and each resource as the gate sees them."""

    council: Council
    teams: Mapping[str, int]
    people: Mapping[str, Viewer]


def directory(made: Discovered, traces: Sequence[Trace], *, code: str, name: str, now: datetime) -> Directory:
    """Return the directory for a log, adding what is not there yet."""
    house = Viewer.system()
    if not Partnership.objects.exists():
        councils.found_partnership(by=house, name=name, now=now)
    council = council_by_code(code) or councils.add_council(
        by=house, code=code, name=name, kind=KIND, reference_prefix=PREFIX, now=now
    )
    teams = {group: _team(council, group, function, now) for group, function in made.functions.items()}
    groups: dict[str, set[str]] = {}
    for trace in traces:
        for event in trace.events:
            groups.setdefault(event.resource, set()).add(event.group)
    people = {
        resource: _person(council, resource, [teams[group] for group in sorted(found)], now)
        for resource, found in groups.items()
    }
    return Directory(council, {group: team.pk for group, team in teams.items()}, people)


def _team(council: Council, group: str, function: str, now: datetime) -> Team:
    found = Team.objects.filter(function=function, councils=council).first()
    return found or councils.add_team(
        by=Viewer.system(),
        council=council,
        code=f"{council.code}-{function}"[:40].strip("-"),
        name=group or "No group",
        function=function,
        now=now,
    )


def _person(council: Council, resource: str, teams: Sequence[Team], now: datetime) -> Viewer:
    house = Viewer.system()
    email = f"{slug(resource, '.', NOBODY)}@{council.code}.invalid"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email=email, name=resource or "Nobody named")
    staff = Staff.objects.filter(user=user).first()
    if staff is None:
        staff = councils.add_staff(by=house, user=user, council=council, job_title="From the log", now=now)
        councils.grant(by=house, staff=staff, role=ROLE, council=council, now=now)
    mine = set(staff.memberships.values_list("team_id", flat=True))
    for team in teams:
        if team.pk not in mine:
            councils.join_team(by=house, staff=staff, team=team, now=now)
    return viewer_for(user, today=now.date())
