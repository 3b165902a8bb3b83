"""`moothall journal`: prove the record, or sign its heads."""

import dataclasses
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from moothall.journal import checkpoints, proof

CHECKED = (
    "{links:,} entries in {chains} chains, {witnessed:,} witnessed by other rows, {checkpoints:,} checkpoints;"
    " {seconds:.1f} s, {speed:,.0f} entries a second."
)
UNSEALED = "Not sealed yet, and so not proven: {:,}. The worker's sealer takes them in within a second."


class Command(BaseCommand):
    help = "Prove that the record is unaltered and whole, or sign its heads."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, parser_class=ArgumentParser)
        verify = acts.add_parser("verify", help="recompute everything; name what is broken, and leave with 1")
        verify.add_argument(
            "--checkpoint", type=Path, action="append", default=[], help="a file that was kept elsewhere"
        )
        acts.add_parser("checkpoint", help="seal everything, sign the heads, write the file")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["act"] == "verify":
            self._verify(options["checkpoint"])
        else:
            self._checkpoint()

    def _verify(self, files: list[Path]) -> None:
        report = proof.verify(settings.HOME, files)
        speed = report.links / report.seconds if report.seconds else 0.0
        self.stdout.write(CHECKED.format(**dataclasses.asdict(report), speed=speed))
        if report.late:
            self.stdout.write(f"Sealed after an entry with a higher number: {report.late:,}.")
        if report.unsealed:
            self.stdout.write(UNSEALED.format(report.unsealed))
        for fault in report.faults:
            self.stderr.write(str(fault))
        if report.faults:
            self.stderr.write("The journal does not hold.")
            sys.exit(1)
        self.stdout.write("The journal holds.")

    def _checkpoint(self) -> None:
        made = checkpoints.make(timezone.now(), settings.HOME)
        if made is None:
            self.stdout.write("Nothing happened since the last checkpoint.")
        else:
            self.stdout.write(f"Signed {made.root} with key {made.key_id[:12]}….")
