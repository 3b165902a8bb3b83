"""Everybody who may come: each role of roles.yaml, staff without one, staff who left, residents, and whoever passes by.

All staff here work for the own council and were granted their role at every council, agreement or not: a grant that
outlived its agreement must open nothing. They are put into the desk team of every council as well, or into its service
desk if theirs is a role of that (see `is_of_desk`): nor may that.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone

from moothall.councils.models import Membership, Team
from moothall.councils.roles import roles
from moothall.identity.models import User
from tests import makers
from tests.isolation.world import KIND_SHARED, OTHER_KIND, OWN, SHARED, World

_READERS: dict[str, frozenset[str]] = {
    "case": frozenset({"process.service.see", "persons.right.exercise"}),
    "staff": frozenset({"councils.staff.see", "process.case.see", "journal.entry.see"}),
    "desk": frozenset({"councils.staff.see", "servicedesk.call.log"}),
    "team": frozenset({"councils.staff.see", "process.case.see", "process.queue.see", "journal.entry.see"}),
    "hours": frozenset({"councils.calendar.see", "process.case.see"}),
    "agreement": frozenset({"councils.agreement.see", "councils.staff.see"}),
    "entry": frozenset({"journal.entry.see"}),
    "job": frozenset({"journal.job.see"}),
    "partly": frozenset({"process.service.see"}),
    "title": frozenset({"process.definition.see"}),
    "asker": frozenset(
        {"process.service.see", "persons.record.see", "persons.record.search", "contacts.contact.see"}
    ),
    "contact": frozenset({"contacts.contact.see"}),
    "letter": frozenset({"messages.received.see", "messages.received.sort"}),
    "person": frozenset({"persons.record.see", "persons.record.search"}),
    "own": frozenset({"persons.record.see", "persons.record.search"}),
    "locked": frozenset(),
    "call": frozenset({"servicedesk.call.see"}),
    "estate": frozenset({"estate.item.see", "servicedesk.change.see", "servicedesk.call.see"}),
    "outage": frozenset({"servicedesk.call.see", "servicedesk.major.see"}),
    "major": frozenset({"servicedesk.major.see", "servicedesk.call.see"}),
    "said": frozenset({"servicedesk.pack.see"}),
    "heads": frozenset({"servicedesk.pack.prepare", "servicedesk.pack.sign"}),
    "heard": frozenset({"servicedesk.survey.see"}),
    "disposal": frozenset({"persons.right.see", "persons.record.see"}),
    "hidden": frozenset(),
    "draft": frozenset(),
    "link": frozenset(),
}
"""Which permissions let staff read a kind of canary, at the council where they hold one of them."""


@dataclass
class Visitor:
    """Somebody with a browser. `role` is one of roles.yaml, or says which sort of person this is."""

    name: str
    client: Client
    user: User | None = None
    role: str = ""
    is_staff: bool = False
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def user_id(self) -> int | None:
        return self.user.pk if self.user else None

    def holds(self, permission: str, code: str) -> bool:
        """Say whether roles.yaml and the agreements give this person a permission at a council."""
        if not self.is_staff or not self.role or permission not in roles()[self.role].permissions:
            return False
        return code in {OWN, SHARED} or (code == OTHER_KIND and permission.partition(".")[0] == KIND_SHARED)

    @property
    def is_of_desk(self) -> bool:
        """Whether this is somebody of the service desk: who sees calls, and no cases of services."""
        return self.is_staff and bool(self.role) and _is_of_desk(self.role)

    def anywhere(self, permission: str) -> bool:
        return any(self.holds(permission, code) for code in (OWN, SHARED, OTHER_KIND))

    def may_read(self, kind: str, code: str) -> bool:
        """Say whether this person may read canaries of a kind at a council on pages of staff."""
        if kind in {"outage", "estate"} and self.is_staff and code == OWN:
            return True  # what is away is told to anybody of the staff whom it touches
        return any(self.holds(permission, code) for permission in _READERS[kind])

    def come(self) -> None:
        """Come with the cookies one had at the beginning."""
        for name in list(self.client.cookies):
            if name not in self.kept:
                del self.client.cookies[name]
        for name, value in self.kept.items():
            self.client.cookies[name] = value


def make_visitors(world: World) -> list[Visitor]:
    """Sign everybody in."""
    found = [_staff(world, role, role) for role in roles()]
    found.append(_staff(world, "", "staff without a role"))
    yesterday = timezone.localdate() - timedelta(days=1)
    found.append(_staff(world, "supervisor", "staff who left", left_on=yesterday))
    found.append(_visitor("resident, owner of the request", world.owner))
    found.append(_visitor("another resident", makers.make_user(name="Ola Other", email="other@example.net")))
    found.append(Visitor("signed out", Client(raise_request_exception=False)))
    _hold_drafts(world, next(each for each in found if each.user == world.owner))
    return found


def _staff(world: World, role: str, name: str, *, left_on: date | None = None) -> Visitor:
    user = makers.make_user(name=f"Vi {name}", email=f"{name.replace(' ', '-')}@example.net")
    staff = makers.make_staff(council=world.councils[OWN], user=user, ended_on=left_on)
    for code, council in world.councils.items():
        if role:
            makers.make_grant(staff=staff, role=role, council=council)
        service_desk = Team.objects.get(function="service-desk", councils=council)
        of_desk = bool(role) and _is_of_desk(role)
        Membership.objects.get_or_create(team=service_desk if of_desk else world.teams[code][0], staff=staff)
    visitor = _visitor(name, user)
    visitor.role, visitor.is_staff = ("", False) if left_on else (role, True)
    return visitor


def _is_of_desk(role: str) -> bool:
    return "servicedesk.call.see" in roles()[role].permissions


def _visitor(name: str, user: User) -> Visitor:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return Visitor(name, client, user, kept={name: each.value for name, each in client.cookies.items()})


def _hold_drafts(world: World, owner: Visitor) -> None:
    """Let the owner's browser hold a draft at every council, as after coming back by their links."""
    for thing in world.things.values():
        owner.client.get(f"/{thing.code}/return/{thing.draft_token}/")
    owner.come()
