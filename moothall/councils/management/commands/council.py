"""`moothall council`: name the partnership, add its councils, and let them share."""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.councils import actions
from moothall.councils.models import Council, Nation, Partnership
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = "Name the partnership, add councils and list them, and let councils share kinds of data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = self.subcommands = parser.add_subparsers(dest="act", required=True)
        found = acts.add_parser("partnership", help="name the partnership")
        found.add_argument("name")
        add = acts.add_parser("add", help="add a council")
        add.add_argument("code", help="what addresses call it, like “ash-valley”")
        add.add_argument("name", help="like “Ash Valley District Council”")
        add.add_argument("--kind", choices=Council.Kind.values, default=Council.Kind.DISTRICT)
        add.add_argument(
            "--prefix", required=True, help="capital letters that its references start with, like ASH"
        )
        add.add_argument(
            "--nation", choices=Nation.values, default=Nation.ENGLAND, help="whose bank holidays count"
        )
        add.add_argument("--email", default="", help="where residents write to")
        add.add_argument("--phone", default="", help="what residents call")
        share = acts.add_parser("share", help="sign an agreement between councils")
        share.add_argument("name")
        share.add_argument("codes", nargs="+", metavar="CODE", help="the councils that take part")
        share.add_argument(
            "--kind", action="append", required=True, dest="kinds", help="like process; repeat for more"
        )
        share.add_argument("--purpose", required=True)
        share.add_argument("--basis", required=True, help="the lawful basis")
        share.add_argument(
            "--from", dest="starts_on", type=date.fromisoformat, help="first day; today if not said"
        )
        share.add_argument(
            "--until", dest="ends_on", type=date.fromisoformat, help="last day; open if not said"
        )
        acts.add_parser("list", help="list the councils")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        try:
            self.acts()[options["act"]](options)
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    def acts(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        """Return what this command can do, by name; a room above may add to it."""
        return {"partnership": self._name, "add": self._add, "share": self._share, "list": self._list}

    def _name(self, options: dict[str, Any]) -> None:
        actions.found_partnership(by=Viewer.system(), name=options["name"], now=timezone.now())
        self.stdout.write(f"The partnership is called {options['name']}.")

    def _add(self, options: dict[str, Any]) -> None:
        council = actions.add_council(
            by=Viewer.system(),
            code=options["code"],
            name=options["name"],
            kind=options["kind"],
            reference_prefix=options["prefix"],
            nation=options["nation"],
            contact_email=options["email"],
            contact_phone=options["phone"],
            now=timezone.now(),
        )
        self.stdout.write(f"{council.name} was added. Its residents' pages are at /{council.code}/.")

    def _share(self, options: dict[str, Any]) -> None:
        agreement = actions.sign_agreement(
            by=Viewer.system(),
            name=options["name"],
            councils=[council_of_code(code) for code in options["codes"]],
            kinds=options["kinds"],
            purpose=options["purpose"],
            lawful_basis=options["basis"],
            starts_on=options["starts_on"] or timezone.localdate(),
            ends_on=options["ends_on"],
            now=timezone.now(),
        )
        self.stdout.write(f"“{agreement.name}” is in force from {agreement.starts_on}.")

    def _list(self, _: dict[str, Any]) -> None:
        self.stdout.write(str(Partnership.objects.first() or "The partnership has no name yet."))
        for council in Council.objects.all():
            self.stdout.write(f"  {council.code:20} {council.reference_prefix:6} {council.name}")


def council_of_code(code: str) -> Council:
    """Return a council by its code, or say in words that there is none."""
    found = Council.objects.filter(code=code).first()
    if found is None:
        known = ", ".join(Council.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no council “{code}”. Councils are: {known}.")
    return found
