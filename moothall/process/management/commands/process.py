"""`moothall process`: check process files, try them out, list the processes, publish new versions."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process import actions, library, queries
from moothall.process.language import Reading, read
from moothall.process.language.nodes import LARGEST
from moothall.process.simulation import commanding


class Command(BaseCommand):
    help = "Check process files, try them out, list the processes, publish new versions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="say what is wrong in process files, and what to write instead")
        check.add_argument("files", nargs="*", metavar="FILE", help="all of the house if none is named")
        check.add_argument("--json", action="store_true", help="answer as JSON, for editors")
        acts.add_parser("list", help="list the published processes")
        commanding.describe(acts.add_parser("simulate", help="try a process out with made-up cases"))
        publish = acts.add_parser("publish", help="publish files as new versions, if they changed")
        publish.add_argument("files", nargs="*", metavar="FILE", help="all of the house if none is named")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        if act == "list":
            self._list()
            return
        if act == "simulate":
            self._simulate(options)
            return
        files = [Path(name) for name in options["files"]] or library.files()
        if act == "check":
            self._check(files, as_json=options["json"])
        else:
            self._publish(files)

    def _simulate(self, options: dict[str, Any]) -> None:
        try:
            self.stdout.write("\n".join(commanding.run(options)))
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    def _check(self, files: list[Path], *, as_json: bool) -> None:
        readings = [(path, _reading(path)) for path in files]
        mistakes = [mistake for _, reading in readings for mistake in reading.mistakes]
        if as_json:
            self.stdout.write(json.dumps([_plain(mistake) for mistake in mistakes], ensure_ascii=False))
        else:
            for mistake in mistakes:
                self.stdout.write(str(mistake))
            sound = sum(reading.sound for _, reading in readings)
            self.stdout.write(f"{sound} of {len(files)} process files are sound.")
        if any(mistake.serious for mistake in mistakes):
            sys.exit(1)

    def _publish(self, files: list[Path]) -> None:
        """Publish each process once: where two files have one, the last of them, which is the partnership's own."""
        readings = [(path, _reading(path)) for path in files]
        wrong = [str(each) for _, reading in readings for each in reading.mistakes if each.serious]
        if wrong:
            raise CommandError("\n".join([*wrong, "Nothing was published."]))
        last = {found.key: (path, found) for path, reading in readings if (found := reading.definition)}
        with transaction.atomic():
            for path, definition in last.values():
                version = actions.publish(
                    by=Viewer.system(),
                    definition=definition,
                    source=path.read_text(encoding="utf-8"),
                    now=timezone.now(),
                )
                self.stdout.write(f"{version.key}: version {version.number}")

    def _list(self) -> None:
        for key, (_, definition) in sorted(queries.newest_versions().items()):
            self.stdout.write(
                f"{key}: {definition.title} ({definition.owner}, {len(definition.steps)} steps)"
            )


def _reading(path: Path) -> Reading:
    try:
        with path.open("rb") as file:
            return read(file.read(LARGEST + 1), file=str(path))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror or error}. Check the name of the file.") from error


def _plain(mistake: Any) -> dict[str, Any]:
    return {key: getattr(mistake, key) for key in ("file", "line", "path", "wrong", "instead", "serious")}
