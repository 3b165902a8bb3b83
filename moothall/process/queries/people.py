"""Teams and people that work can be passed to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from moothall.councils.models import Membership, Staff, Team
from moothall.councils.queries import council_by_code
from moothall.process.definition import AGENT, RESIDENT, Step
from moothall.process.engine.state import CaseState, Pulled, Voter
from moothall.process.errors import NoSuchTeam

_SAME_NAME = 20


@dataclass(frozen=True, slots=True)
class Receiver:
    """A team that serves a council, with its people."""

    team_id: int
    team: str
    people: tuple[tuple[int, str], ...]


def choices_of_receivers(council_id: int) -> list[Receiver]:
    """Return the teams that serve a council and who works in them, by name."""
    teams = Team.objects.filter(councils=council_id).order_by("name").values_list("id", "name")
    people: dict[int, list[tuple[int, str]]] = {}
    rows = (
        Membership.objects.filter(
            team__councils=council_id, staff__ended_on=None, staff__user__is_active=True
        )
        .order_by("staff__user__name")
        .values_list("team_id", "staff_id", "staff__user__name")
    )
    for team_id, staff_id, name in rows:
        people.setdefault(team_id, []).append((staff_id, name))
    return [Receiver(team_id, name, tuple(people.get(team_id, ()))) for team_id, name in teams]


def receivers(council_id: int, team_id: int, person_id: int | None) -> tuple[str, str]:
    """Return the names of a team that serves the council, and of somebody in it; refuses any other."""
    for receiver in choices_of_receivers(council_id):
        if receiver.team_id == team_id:
            names = dict(receiver.people)
            if person_id is None:
                return receiver.team, ""
            if person_id in names:
                return receiver.team, names[person_id]
    raise NoSuchTeam(what="team")


def still_works(council_id: int, team_id: int, person_id: int | None, now: datetime) -> bool:
    """Say whether a team serves the council now and, if somebody is named, whether they still work in it."""
    teams = Team.objects.filter(id=team_id, councils=council_id)
    if person_id is None:
        return teams.exists()
    rows = Staff.objects.filter(Staff.here_on(timezone.localdate(now)), user__is_active=True)
    return rows.filter(id=person_id, memberships__team__in=teams).exists()


def voters(council_id: int, functions: Iterable[str], now: datetime) -> tuple[Voter, ...]:
    """Return who works now in the teams of these functions that serve a council: those who may vote there."""
    there = Staff.here_on(timezone.localdate(now), "staff__")
    rows = (
        Membership.objects.filter(
            there, team__function__in=list(functions), team__councils=council_id, staff__user__is_active=True
        )
        .order_by("staff_id")
        .values_list("staff_id", "staff__user_id", "staff__council_id", "team__function")
    )
    people: dict[int, Voter] = {}
    for staff_id, user_id, employer_id, function in rows:
        known = people.get(staff_id)
        teams = frozenset({function}) | (known.teams if known else frozenset())
        people[staff_id] = Voter(staff_id, f"user:{user_id}", employer_id, teams)
    return tuple(people.values())


def colleagues(number: int | None, words: str) -> list[dict[str, Any]]:
    """Return who works now at any council: of this number, else of this email address or full name."""
    rows = Staff.objects.filter(Staff.here_on(timezone.localdate()), user__is_active=True).order_by("id")
    if number is not None:
        rows = rows.filter(pk=number)
    else:
        rows = rows.filter(Q(user__email__iexact=words) if "@" in words else Q(user__name__iexact=words))
    found = rows.values_list("id", "user_id", "user__name")[:_SAME_NAME]
    return [{"staff": pk, "user": user_id, "name": name} for pk, user_id, name in found]


def council_number(code: str) -> int:
    """Return the number of the council with this code; 0 if there is none."""
    found = council_by_code(code)
    return found.pk if found else 0


def account_of(case: CaseState, _answer: Any, part: str) -> Pulled | None:
    """Return what the account of whoever asked says: `requester.name` or `requester.email`."""
    if case.requester_id is None or part not in {"name", "email"}:
        return None
    value = get_user_model().objects.values_list(part, flat=True).filter(pk=case.requester_id).first()
    return Pulled(value, f"requester.{part}") if value else None


def who_does(step: Step, team_id: int | None) -> str:
    """Return who a step waits for, in words."""
    if team_id is not None:
        return Team.objects.values_list("name", flat=True).get(pk=team_id)
    if RESIDENT in step.by:
        return "the person who asked"
    return "an adviser" if AGENT in step.by else "anyone who serves this council"
