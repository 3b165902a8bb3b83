"""`moothall process`: check process files, try them out, list, publish and export processes."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moothall.plain.errors import HouseError
from moothall.process import library, queries
from moothall.process.management import drawing, migrating, publishing
from moothall.process.mining import commanding as exporting
from moothall.process.rehearsal import commanding as rehearsing
from moothall.process.simulation import commanding as simulating


class Command(BaseCommand):
    help = "Check process files, try them out, list, publish and export processes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        check = acts.add_parser("check", help="say what is wrong in process files, and what to write instead")
        check.add_argument("files", nargs="*", metavar="FILE", help="all of the house if none is named")
        check.add_argument("--json", action="store_true", help="answer as JSON, for editors")
        acts.add_parser("list", help="list the published processes")
        simulating.describe(acts.add_parser("simulate", help="try a process out with made-up cases"))
        exporting.describe(acts.add_parser("export", help="write cases as an event log: XES or OCEL"))
        rehearsing.describe(acts.add_parser("rehearse", help="run a draft over last year's closed cases"))
        publishing.describe(acts.add_parser("overlay", help="publish what councils make of shared processes"))
        migrating.describe(acts.add_parser("migrate", help="move running cases to another version"))
        drawing.describe(acts.add_parser("bpmn", help="write a process as BPMN 2.0, for other tools"))
        drawing.describe(acts.add_parser("picture", help="write a process as a picture (SVG)"))
        drawing.describe_import(acts.add_parser("import", help="draft a process file from BPMN 2.0"))
        publish = acts.add_parser("publish", help="publish files as new versions, if they changed")
        publish.add_argument("files", nargs="*", metavar="FILE", help="all of the house if none is named")
        for act in (check, publish):
            act.add_argument(
                "--examples", action="store_true", help="the examples of work inside councils too"
            )

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        if act == "list":
            self._list()
            return
        if act in _SAYING:
            self._say(_SAYING[act], options)
            return
        examples = library.examples() if options["examples"] else []
        files = [Path(name) for name in options["files"]] + examples or library.files()
        if act == "check":
            self._check(files, as_json=options["json"])
        else:
            self._publish(files)

    def _say(self, run: Callable[[dict[str, Any]], str], options: dict[str, Any]) -> None:
        try:
            self.stdout.write(run(options))
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error

    def _check(self, files: list[Path], *, as_json: bool) -> None:
        readings = publishing.read_files(files)
        mistakes = [mistake for reading in readings for mistake in reading.mistakes]
        mistakes += publishing.hints(readings)
        if as_json:
            self.stdout.write(json.dumps([_plain(mistake) for mistake in mistakes], ensure_ascii=False))
        else:
            for mistake in mistakes:
                self.stdout.write(str(mistake))
            wrong = {mistake.file for mistake in mistakes if mistake.serious}
            sound = sum(reading.sound and str(reading.path) not in wrong for reading in readings)
            self.stdout.write(f"{sound} of {len(files)} process files are sound.")
        if any(mistake.serious for mistake in mistakes):
            sys.exit(1)

    def _publish(self, files: list[Path]) -> None:
        try:
            done, advised = publishing.publish(files)
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        for line in advised:
            self.stderr.write(line)
        self.stdout.write("\n".join(done))

    def _list(self) -> None:
        for key, (_, definition) in sorted(queries.newest_versions().items()):
            self.stdout.write(
                f"{key}: {definition.title} ({definition.owner}, {len(definition.steps)} steps)"
            )


_SAYING: dict[str, Callable[[dict[str, Any]], str]] = {
    "simulate": simulating.run,
    "export": exporting.run,
    "overlay": publishing.overlay,
    "migrate": migrating.run,
    "rehearse": rehearsing.run,
    "bpmn": drawing.bpmn,
    "picture": drawing.picture,
    "import": drawing.imported,
}


def _plain(mistake: Any) -> dict[str, Any]:
    return {key: getattr(mistake, key) for key in ("file", "line", "path", "wrong", "instead", "serious")}
