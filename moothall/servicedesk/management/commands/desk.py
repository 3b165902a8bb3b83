"""`moothall desk`: bring calls in from another system, from a CSV file or an event log."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.management.commands.council import council_of_code
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError
from moothall.process.replay.xes import XES_ENDINGS, read_xes
from moothall.servicedesk.actions import import_runs
from moothall.servicedesk.actions.importing import Brought
from moothall.servicedesk.actions.problem_logs import bring_problems
from moothall.servicedesk.rules.logged_problems import SAID

_SHOWN = 20


class Command(BaseCommand):
    help = "Bring calls in from another system."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        bring = acts.add_parser(
            "import", help="bring in the calls of a CSV file, or the problems of an event log"
        )
        bring.add_argument("file", type=Path, help="CSV, or XES (.xes, .xes.gz) with closed problems")
        bring.add_argument("--council", required=True, help="code of the council whose calls they are")
        bring.add_argument(
            "--mapping", type=Path, help="JSON: columns, words, standing, dates, zone (see docs/how-to)"
        )
        bring.add_argument(
            "--source", default="import", help="what the other system is called: its references"
        )
        bring.add_argument(
            "--not-judged", action="store_true", help="closed calls are not held to the council's targets"
        )
        bring.add_argument(
            "--try", action="store_true", dest="only_try", help="say what would be; change nothing"
        )

    def handle(self, **options: Any) -> None:
        council = council_of_code(options["council"])
        try:
            with scope.only([council.pk]):
                if options["file"].name.lower().endswith(XES_ENDINGS):
                    self._log(options)
                else:
                    self._calls(options)
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened ({error.strerror}).") from error

    def _log(self, options: dict[str, Any]) -> None:
        traces = read_xes(options["file"], also=SAID)
        brought = bring_problems(
            traces,
            by=Viewer.system(),
            council=council_of_code(options["council"]),
            now=timezone.now(),
            source=options["source"],
            progress=self._progress,
        )
        self._report(brought)

    def _calls(self, options: dict[str, Any]) -> None:
        house, now, file = Viewer.system(), timezone.now(), options["file"]
        run = import_runs.look_at(
            by=house,
            council=council_of_code(options["council"]),
            name=file.name,
            raw=file.read_bytes(),
            now=now,
            source=options["source"],
        )
        mapping = self._mapping(options["mapping"], run.mapping)
        run = import_runs.settle(
            by=house, run_id=run.pk, mapping=mapping, judged=not options["not_judged"], now=now
        )
        if options["only_try"]:
            self._tried(import_runs.tried(run, now=now))
            import_runs.drop(by=house, run_id=run.pk, now=now)
            return
        self._report(import_runs.bring(run, by=house, now=now, progress=self._progress))

    def _mapping(self, path: Path | None, guessed: dict[str, Any]) -> dict[str, Any]:
        if path is None:
            return guessed
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CommandError(f"{path} is not JSON ({error}).") from error
        if not isinstance(given, dict):
            raise CommandError(f"{path} is not a mapping: it must be a JSON object.")
        return {**guessed, **given, "columns": {**guessed["columns"], **given.get("columns", {})}}

    def _progress(self, brought: Brought) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{brought.rows:,} rows", ending="")

    def _tried(self, brought: Brought) -> None:
        self.stdout.write(f"{brought.kept:,} of {brought.rows:,} rows can be brought in.")
        self._refused(brought)

    def _report(self, brought: Brought) -> None:
        self.stdout.write(
            f"{brought.rows:,} rows: {brought.kept:,} calls were brought in, {brought.known:,} were here already, "
            f"{brought.refused:,} were refused."
        )
        self._refused(brought)

    def _refused(self, brought: Brought) -> None:
        for each in brought.refusals[:_SHOWN]:
            self.stdout.write(f"  line {each.line}: {each.why}")
        if brought.refused > _SHOWN:
            self.stdout.write(f"  and {brought.refused - _SHOWN:,} more")
