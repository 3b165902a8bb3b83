"""Reads of the directory: who somebody is, where they may work, and when a council is open."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import holidays
from django.db.models import Q
from django.utils import timezone

from moothall.councils.errors import NoSuchCalendar
from moothall.councils.models import (
    Agreement,
    CalendarVersion,
    ClosingDay,
    Council,
    Partnership,
    Staff,
)
from moothall.councils.prepared import Slot, prepared
from moothall.councils.roles import permissions_of_roles
from moothall.councils.rules import Granted, Sharing, Viewer, powers
from moothall.identity.models import User
from moothall.journal.cursors import QuickCursor
from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar, Version, Week

ALWAYS = "always"
OFFICE = "office"
_OFFICE_HOURS = Week((((9 * 3600, 17 * 3600),),) * 5 + ((),) * 2)
_PUBLIC = "opening hours are public"


def viewer_for(user: User, *, today: date, site: int | None = None) -> Viewer:
    """Return who an account is today: staff with their powers, or a resident on the site of a council.

    Whoever left, and whoever's account was closed, has no powers. At most three questions to the database.
    """
    if not user.is_active:
        return Viewer.anonymous(site)
    rows = _staff_with_grants(user.pk)
    if not rows or (rows[0].ended_on is not None and rows[0].ended_on < today):
        return Viewer.resident(user_id=user.pk, name=user.name, council_id=site)
    employer, staff_id = rows[0].council_id, rows[0].id
    grants = [Granted(row.role, row.at_council, row.agreement_id) for row in rows if row.role is not None]
    abroad = any(grant.council_id != employer for grant in grants)
    found, agreements = powers(
        employer=employer,
        grants=grants,
        agreements=_agreements_of(employer, today) if abroad else (),
        roles=permissions_of_roles(),
        today=today,
    )
    teams = _teams_of(staff_id)
    reached = frozenset({employer}).union(*found.values())
    return Viewer(
        actor=Actor(kind="staff", user_id=user.pk, name=user.name),
        staff_id=staff_id,
        council_id=employer,
        powers=found,
        team_ids=frozenset(team for team, *_ in teams),
        leads=frozenset(team for team, leads, *_ in teams if leads),
        agreements=agreements,
        serves=_serves((function, council) for *_, function, council in teams),
        whole=len(reached) == rows[0].of_all,
    )


def _serves(teams: Iterable[tuple[str, int | None]]) -> dict[int, frozenset[str]]:
    """Return by council what the teams that serve it do; a team may serve none."""
    found: dict[int, set[str]] = {}
    for function, council_id in teams:
        if council_id is not None:
            found.setdefault(council_id, set()).add(function)
    return {council_id: frozenset(functions) for council_id, functions in found.items()}


class _StaffRow(NamedTuple):
    id: int
    council_id: int
    ended_on: date | None
    role: str | None
    at_council: int
    agreement_id: int | None
    of_all: int


def _staff_with_grants(user_id: int) -> list[_StaffRow]:
    """Return a line for each grant, or one line without; empty if the account is nobody's of the staff.

    Who somebody is is asked at every request, so these three questions are written by hand.
    """
    with QuickCursor() as cursor:
        cursor.execute(
            "SELECT s.id, s.council_id, s.ended_on, g.role, g.council_id, g.agreement_id,"
            " (SELECT COUNT(*) FROM councils_council) FROM councils_staff s"
            " LEFT JOIN councils_grant g ON g.staff_id = s.id WHERE s.user_id = %s",
            [user_id],
        )
        return [_StaffRow(*row) for row in cursor.fetchall()]


def _teams_of(staff_id: int) -> list[tuple[int, bool, str, int | None]]:
    """Return a line for each team of somebody and each council it serves: team, whether they lead it, what it does."""
    with QuickCursor() as cursor:
        cursor.execute(
            "SELECT m.team_id, m.leads, t.function, c.council_id FROM councils_membership m"
            " JOIN councils_team t ON t.id = m.team_id"
            " LEFT JOIN councils_team_councils c ON c.team_id = t.id WHERE m.staff_id = %s",
            [staff_id],
        )
        rows: list[tuple[int, bool, str, int | None]] = cursor.fetchall()
    return rows


def _agreements_of(council_id: int, today: date) -> list[Sharing]:
    """Return the agreements in force that a council takes part in, each with all its councils."""
    with QuickCursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.name, a.kinds, a.starts_on, a.ends_on, every.council_id"
            " FROM councils_agreement_councils one JOIN councils_agreement a ON a.id = one.agreement_id"
            " JOIN councils_agreement_councils every ON every.agreement_id = a.id"
            " WHERE one.council_id = %s AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s)",
            [council_id, today.isoformat(), today.isoformat()],
        )
        rows = cursor.fetchall()
    members: dict[int, set[int]] = {}
    facts = {}
    for agreement_id, name, kinds, starts_on, ends_on, member in rows:
        members.setdefault(agreement_id, set()).add(member)
        facts[agreement_id] = (name, kinds, starts_on, ends_on)
    return [
        Sharing(
            number,
            name,
            frozenset(members[number]),
            frozenset(json.loads(kinds) if isinstance(kinds, str) else kinds),
            starts_on,
            ends_on,
        )
        for number, (name, kinds, starts_on, ends_on) in facts.items()
    ]


def agreements_between(one: int, other: int, *, now: datetime) -> set[int]:
    """Return the agreements in force in which both councils take part."""
    today = timezone.localdate(now)
    in_force = Agreement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)
    return set(in_force.filter(councils=one).filter(councils=other).values_list("pk", flat=True))


def councils_sharing(kind: str, council_id: int, *, now: datetime) -> frozenset[int]:
    """Return a council, and those with which it has an agreement in force about a kind of data."""
    agreements = _agreements_of(council_id, timezone.localdate(now))
    return frozenset({council_id}).union(*(each.council_ids for each in agreements if kind in each.kinds))


def works_here(user: User) -> bool:
    """Say whether an account belongs to somebody who works for a council and has not left."""
    return Staff.objects.filter(Staff.here_on(timezone.localdate()), user_id=user.pk).exists()


def council_by_code(code: str) -> Council | None:
    """Return the council with this code, as addresses name it."""
    return Council.objects.filter(code=code).first()


@prepared
def _numbered(number: Slot) -> Any:
    return Council.objects.filter(pk=number)


def council_numbered(number: int) -> Council:
    """Return the council with this number, which some row of it names."""
    found: Council = _numbered.all(number=number)[0]
    return found


def partnership_name() -> str:
    """Return what the partnership is called; nothing before it has a name."""
    return Partnership.objects.values_list("name", flat=True).first() or ""


def every_council() -> list[Council]:
    """Return the councils of the partnership by name, for whoever has to choose theirs."""
    return list(Council.objects.order_by("name"))


def council_of_host(host: str) -> Council | None:
    """Return the council whose own host name this is."""
    name = host.partition(":")[0].lower()
    return next((council for council in Council.objects.exclude(hosts=[]) if name in council.hosts), None)


def team_serving(function: str, council_id: int) -> int | None:
    """Return the team of this function that serves a council: its own before one it shares.

    Asked at every step of a case, so the question is written by hand.
    """
    with QuickCursor() as cursor:
        cursor.execute(
            "SELECT t.id FROM councils_team t JOIN councils_team_councils s ON s.team_id = t.id"
            " WHERE t.function = %s AND s.council_id = %s ORDER BY (t.council_id = %s) DESC, t.id LIMIT 1",
            [function, council_id, council_id],
        )
        found = cursor.fetchone()
    return found[0] if found else None


def calendar_of(council_id: int, name: str = OFFICE) -> Calendar:
    """Return one of a council's calendars; `always` is every council's. Remembered until the council changes it.

    A council that never set its office hours has Monday to Friday, nine to five.
    """
    if name == ALWAYS:
        return _always()
    with QuickCursor() as cursor:
        cursor.execute("SELECT calendar_stamp FROM councils_council WHERE id = %s", [council_id])
        found = cursor.fetchone()
    if found is None:
        raise NoSuchCalendar(name=name)
    return _calendar(council_id, name, found[0])


@cache
def _always() -> Calendar:
    return Calendar.always()


@lru_cache(maxsize=256)
def _calendar(council_id: int, name: str, stamp: int) -> Calendar:
    del stamp  # part of what is remembered by
    kept = CalendarVersion.unscoped(_PUBLIC).filter(council_id=council_id, name=name)
    versions = [
        Version(
            one.in_force_from, Week.of(one.weekly), _bank_holidays(one.nation) if one.bank_holidays else {}
        )
        for one in kept
    ]
    if not versions and name == OFFICE:
        nation = Council.objects.values_list("nation", flat=True).get(id=council_id)
        versions = [Version(date.min, _OFFICE_HOURS, _bank_holidays(nation))]
    if not versions:
        raise NoSuchCalendar(name=name)
    closing = ClosingDay.unscoped(_PUBLIC).filter(council_id=council_id).values_list("date", "reason")
    return Calendar(versions, closing_days=dict(closing), name=name)


@cache
def _bank_holidays(nation: str) -> Mapping[date, str]:
    """Return the bank holidays of a nation; the years come as they are asked for."""
    return holidays.country_holidays("GB", subdiv=nation)
