"""`moothall council`: as the councils room has it, and the pack of a council that leaves, which takes every room."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from moothall.config.leaving.checking import check
from moothall.config.leaving.packing import CannotPack, pack
from moothall.councils.management.commands import council

_SHOWN = 50


class Command(council.Command):
    help = "Name the partnership, add councils and list them, let them share, and pack everything of one that leaves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        leave = self.subcommands.add_parser(
            "leave-pack", help="write everything of one council, and prove it"
        )
        leave.add_argument("code")
        leave.add_argument("--to", type=Path, required=True, help="a folder that is not there yet")
        leave.add_argument("--check", action="store_true", help="read a pack again, and prove it")

    def acts(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {**super().acts(), "leave-pack": self._leave}

    def _leave(self, options: dict[str, Any]) -> None:
        found, folder = council.council_of_code(options["code"]), options["to"].expanduser().absolute()
        if not options["check"]:
            try:
                made = pack(found, folder, timezone.now())
            except CannotPack as error:
                raise CommandError(str(error)) from error
            rows = sum(part.rows for part in made.parts.values())
            self.stdout.write(f"{rows:,} rows and {len(made.files):,} files of {found.name} are in {folder}.")
            if made.missing_files:
                self.stdout.write(f"{len(made.missing_files):,} files were not on the disk any more.")
        proof = check(folder, found, with_house=options["check"])
        if proof.faults:
            for fault in proof.faults[:_SHOWN]:
                self.stderr.write(f"  {fault}")
            raise CommandError(f"{len(proof.faults):,} things do not hold.")
        self.stdout.write(
            f"Proved: {proof.rows:,} rows, {proof.files:,} files; everything of {found.name}, nothing of the others."
        )
