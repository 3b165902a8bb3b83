"""`moothall estate import FILE --council CODE`: bring in systems from a CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.queries import council_by_code
from moothall.councils.rules import Viewer
from moothall.estate.actions import import_items
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = "Bring in systems, what they need and how many people of a council use them, from a CSV file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        bring = acts.add_parser("import", help="bring in a CSV with code, name, kind, tier, users and needs")
        bring.add_argument("file", type=Path)
        bring.add_argument("--council", required=True, help="the code of the council whose users are counted")

    def handle(self, *_args: Any, act: str, file: Path, council: str, **_options: Any) -> None:
        del act  # there is but one
        found = council_by_code(council)
        if found is None:
            raise CommandError(f"There is no council “{council}”.")
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        try:
            with scope.only([found.pk]):
                brought = import_items(by=Viewer.system(), council_id=found.pk, text=text, now=timezone.now())
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        self.stdout.write(
            f"{brought.added} items added, {brought.known} were there; {brought.dependencies} dependencies and"
            f" {brought.uses} uses recorded."
        )
