"""Roles given and taken back: the acts most in need of a record."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate, queries
from moothall.councils.actions.keeping import keep, write
from moothall.councils.actions.people import check_not_last
from moothall.councils.errors import MayNotGrant, NoAgreement, NoSuchRole, NotToOneself, StaffHasLeft
from moothall.councils.models import Agreement, Council, Grant, Staff
from moothall.councils.permissions import Can
from moothall.councils.roles import roles
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound


@transaction.atomic
def grant(  # who, to whom, what, where, under which agreement, when
    *,
    by: Viewer,
    staff: Staff,
    role: str,
    council: Council,
    agreement: Agreement | None = None,
    now: datetime,
) -> Grant:
    """Give somebody a role at a council. At another than their employer it rests on an agreement of the two."""
    gate.allow(by, Can.MANAGE_STAFF, council.pk)
    _check_giver(by, role, council)
    if staff.pk == by.staff_id:
        raise NotToOneself
    if staff.ended_on is not None:
        raise StaffHasLeft(staff=str(staff), employer=staff.council.name)
    if council.pk != staff.council_id:
        in_force = queries.agreements_between(staff.council_id, council.pk, now=now)
        if not in_force or (agreement is not None and agreement.pk not in in_force):
            raise NoAgreement(who=str(staff), employer=staff.council.name, council=council.name)
    given = Grant(staff=staff, role=role, council=council, agreement=agreement)
    keep(given)
    facts = {"role": role, "user": staff.user_id, "agreement": agreement.name if agreement else None}
    write(by=by, what="role.granted", about=staff, council_id=council.pk, now=now, facts=facts)
    return given


@transaction.atomic
def revoke(*, by: Viewer, staff: Staff, role: str, council: Council, now: datetime) -> None:
    """Take a role at a council away from somebody."""
    gate.allow(by, Can.MANAGE_STAFF, council.pk)
    _check_giver(by, role, council)
    held = Grant.objects.filter(staff=staff, role=role, council=council)
    if not held.exists():
        raise NotFound(what="role")
    check_not_last(staff, role)
    held.delete()
    facts = {"role": role, "user": staff.user_id}
    write(by=by, what="role.revoked", about=staff, council_id=council.pk, now=now, facts=facts)


def _check_giver(by: Viewer, role: str, council: Council) -> None:
    """Refuse unless the giver has, at this council, a role that roles.yaml lets give this one."""
    if role not in roles():
        raise NoSuchRole(role=role, roles=", ".join(sorted(roles())))
    if by.is_system:
        return
    givers = roles()[role].granted_by
    held = Grant.objects.filter(council=council, role__in=givers)
    if by.staff_id is None or not held.filter(staff_id=by.staff_id).exists():
        raise MayNotGrant(role=roles()[role].title, council=council.name)
