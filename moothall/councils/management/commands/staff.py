"""`moothall staff`: add somebody who works for a council, with roles and teams, before any page could do it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from moothall.councils import actions
from moothall.councils.management.commands.council import council_of_code
from moothall.councils.models import Grant, Staff, Team
from moothall.councils.roles import roles
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = "Add people of the staff with their roles, give and take roles, and list who works here."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="add somebody; their account is made if there is none")
        add.add_argument("email", help="the email address they sign in with")
        add.add_argument("name", nargs="?", default="", help="needed for a new account")
        add.add_argument("--council", required=True, help="code of the council that employs them")
        add.add_argument("--role", action="append", default=[], choices=sorted(roles()), dest="roles")
        add.add_argument(
            "--team", action="append", default=[], dest="teams", help="code of a team; repeat for more"
        )
        add.add_argument("--job-title", default="")
        for act, help_text in (("grant", "give a role"), ("revoke", "take a role away")):
            power = acts.add_parser(act, help=help_text)
            power.add_argument("email")
            power.add_argument("role", choices=sorted(roles()))
            power.add_argument("--council", required=True, help="code of the council at which it counts")
        acts.add_parser("list", help="list who works here, with their roles")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        act = {"add": self._add, "grant": self._grant, "revoke": self._revoke, "list": self._list}[
            options["act"]
        ]
        try:
            act(options)
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    @transaction.atomic
    def _add(self, options: dict[str, Any]) -> None:
        council, now, by = council_of_code(options["council"]), timezone.now(), Viewer.system()
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None and not options["name"]:
            raise CommandError(f"There is no account {options['email']}; say the person's name to make one.")
        if user is None:
            user = User.objects.create_user(email=options["email"], name=options["name"])
        staff = actions.add_staff(by=by, user=user, council=council, job_title=options["job_title"], now=now)
        for role in options["roles"]:
            actions.grant(by=by, staff=staff, role=role, council=council, now=now)
        for code in options["teams"]:
            actions.join_team(by=by, staff=staff, team=team_of_code(code), now=now)
        self.stdout.write(
            f"{user.name} works for {council.name}. Roles: {', '.join(options['roles']) or 'none yet'}."
        )
        if not user.has_usable_password():
            self.stdout.write("They choose a password by “I have forgotten my password” on the sign-in page.")

    def _grant(self, options: dict[str, Any]) -> None:
        council, staff = council_of_code(options["council"]), staff_of_email(options["email"])
        actions.grant(
            by=Viewer.system(), staff=staff, role=options["role"], council=council, now=timezone.now()
        )
        self.stdout.write(f"{staff} is {roles()[options['role']].title} at {council.name}.")

    def _revoke(self, options: dict[str, Any]) -> None:
        council, staff = council_of_code(options["council"]), staff_of_email(options["email"])
        actions.revoke(
            by=Viewer.system(), staff=staff, role=options["role"], council=council, now=timezone.now()
        )
        self.stdout.write(f"{staff} is no longer {roles()[options['role']].title} at {council.name}.")

    def _list(self, _: dict[str, Any]) -> None:
        held: dict[int, list[str]] = {}
        for grant in Grant.objects.select_related("council").order_by("role"):
            held.setdefault(grant.staff_id, []).append(f"{grant.role} at {grant.council.code}")
        for staff in Staff.objects.select_related("user", "council").order_by("council__name", "user__name"):
            left = f" (left {staff.ended_on})" if staff.ended_on else ""
            powers = ", ".join(held.get(staff.pk, ["no roles"]))
            self.stdout.write(f"  {staff.user.email:35} {staff.council.code:15} {powers}{left}")


def staff_of_email(email: str) -> Staff:
    """Return somebody of the staff by the address they sign in with, or say in words that there is nobody."""
    found = Staff.objects.select_related("user", "council").filter(user__email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody of the staff signs in as {email}.")
    return found


def team_of_code(code: str) -> Team:
    """Return a team by its code, or say in words that there is none."""
    found = Team.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Team.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            f"There is no team “{code}”. "
            + (f"Teams are: {known}." if known else "Make it: moothall team add …")
        )
    return found
