"""`moothall team`: make teams, and put people into them, before any page could do it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.councils import actions
from moothall.councils.management.commands.council import council_of_code
from moothall.councils.management.commands.staff import staff_of_email, team_of_code
from moothall.councils.models import Team
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = "Make teams, put people into them and take them out, and list the teams."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        add = acts.add_parser("add", help="make a team")
        add.add_argument("code", help="a short name, like “joint-waste”")
        add.add_argument("name", help="like “Joint waste crews”")
        add.add_argument("--council", required=True, help="code of the council it belongs to")
        add.add_argument(
            "--function", default="", help="what process files call it, like waste; its code if not said"
        )
        add.add_argument(
            "--serves",
            action="append",
            default=[],
            metavar="CODE",
            help="a council it works for; repeat for more; its own if not said",
        )
        add.add_argument("--email", default="", help="where word of its work is sent")
        join = acts.add_parser("join", help="put somebody into a team")
        leave = acts.add_parser("leave", help="take somebody out of a team")
        for act in (join, leave):
            act.add_argument("email")
            act.add_argument("team", help="code of the team")
        join.add_argument("--leads", action="store_true", help="they lead it")
        acts.add_parser("list", help="list the teams, whom they serve and who is in them")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        act = {"add": self._add, "join": self._join, "leave": self._leave, "list": self._list}[options["act"]]
        try:
            act(options)
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    def _add(self, options: dict[str, Any]) -> None:
        serves = [council_of_code(code) for code in options["serves"]]
        team = actions.add_team(
            by=Viewer.system(),
            council=council_of_code(options["council"]),
            code=options["code"],
            name=options["name"],
            function=options["function"],
            serves=serves,
            email=options["email"],
            now=timezone.now(),
        )
        served = ", ".join(council.name for council in team.councils.all())
        self.stdout.write(f"{team.name} does the work of “{team.function}” for {served}.")

    def _join(self, options: dict[str, Any]) -> None:
        staff, team = staff_of_email(options["email"]), team_of_code(options["team"])
        actions.join_team(
            by=Viewer.system(), staff=staff, team=team, leads=options["leads"], now=timezone.now()
        )
        self.stdout.write(f"{staff} {'leads' if options['leads'] else 'is in'} {team.name}.")

    def _leave(self, options: dict[str, Any]) -> None:
        staff, team = staff_of_email(options["email"]), team_of_code(options["team"])
        actions.leave_team(by=Viewer.system(), staff=staff, team=team, now=timezone.now())
        self.stdout.write(f"{staff} is no longer in {team.name}.")

    def _list(self, _: dict[str, Any]) -> None:
        for team in Team.objects.prefetch_related("councils", "memberships__staff__user").order_by("code"):
            serves = ", ".join(council.code for council in team.councils.all())
            people = ", ".join(str(place.staff.user) for place in team.memberships.all()) or "nobody yet"
            self.stdout.write(f"  {team.code:20} {team.function:20} serves {serves}: {people}")
