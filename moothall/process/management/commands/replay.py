"""`moothall replay FILE`: run an event log through the engine as cases of a process made for it."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.plain.errors import HouseError
from moothall.process.replay.reading import read_log
from moothall.process.replay.running import Replayed, replay

_EVERY = 100


class Command(BaseCommand):
    help = "Run an event log (CSV or XES) through the engine, at the log's own times, and compare what followed what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="The log: XES, also packed (.xes.gz), or CSV with its names."
        )
        parser.add_argument(
            "--classifier", default="", help="Which classifier of an XES log says what the activity is."
        )
        parser.add_argument("--name", default="", help="What to call the process; otherwise the file's name.")
        parser.add_argument(
            "--council", default="replay", help="Code of the council whose cases they become."
        )
        parser.add_argument(
            "--council-name", default="Replay Borough Council", help="Its name, if it is new."
        )

    def handle(self, **options: Any) -> None:
        file: Path = options["file"]
        name = options["name"] or file.name.partition(".")[0].replace("-", " ").replace("_", " ").capitalize()
        begun, used = time.monotonic(), time.process_time()
        try:
            traces = read_log(file, options["classifier"])
            done = replay(
                traces,
                name=name,
                code=options["council"],
                council=options["council_name"],
                now=timezone.now(),
                progress=lambda number: self._progress(number, len(traces)),
            )
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        self._report(done, time.monotonic() - begun, time.process_time() - used)

    def _progress(self, number: int, of: int) -> None:
        if self.stderr.isatty() and (number % _EVERY == 0 or number == of):
            self.stderr.write(f"\r{number:,} of {of:,} cases", ending="" if number < of else "\n")

    def _report(self, done: Replayed, seconds: float, cpu: float) -> None:
        self.stdout.write(
            f"Replayed {done.events:,} events as {done.cases:,} cases of “{done.process}” at {done.council} "
            f"in {seconds:.1f} s ({cpu:.1f} s CPU); {done.open:,} had not ended and wait in the worklists.\n"
            f"What followed what: {done.relations:,} relations, {done.distinct:,} distinct"
        )
        if done.differences:
            self.stdout.write("They differ from the log:\n  " + "\n  ".join(done.differences))
            sys.exit(1)
        self.stdout.write("The same as in the log, every one.")
