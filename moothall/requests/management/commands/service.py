"""`moothall service`: list a council's services, open and close one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.requests import actions, queries


class Command(BaseCommand):
    help = "List a council's services, open and close one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        for name, words in (
            ("list", "list the services of a council"),
            ("open", "take requests again"),
            ("close", "take no new requests, and say why"),
        ):
            act = acts.add_parser(name, help=words)
            act.add_argument("council", help="the council's code, as in its address")
            if name != "list":
                act.add_argument("service", help="the service's key, such as missed-bin")
            if name == "close":
                act.add_argument("words", help="what residents read while it is closed")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        council = council_by_code(options["council"])
        if council is None:
            raise CommandError(f"There is no council “{options['council']}”.")
        with scope.only([council.pk]):
            if act == "list":
                self._list(council)
            else:
                self._switch(council, options["service"], options.get("words", ""), is_open=act == "open")

    def _list(self, council: Council) -> None:
        for each in queries.catalogue(Viewer.system(), council):
            self.stdout.write(f"{each.key}: {'open' if each.is_open else f'closed: {each.words}'}")

    def _switch(self, council: Council, service: str, words: str, *, is_open: bool) -> None:
        try:
            actions.switch_service(
                by=Viewer.system(),
                council=council,
                service=service,
                is_open=is_open,
                words=words,
                now=timezone.now(),
            )
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        self.stdout.write(f"{council.name}: {service} is {'open' if is_open else 'closed'}.")
