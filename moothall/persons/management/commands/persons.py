"""`moothall persons`: learn the weights by which people are compared, match files of people, and index records anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from moothall.persons.management import indexing, learning_act, looking, matching
from moothall.plain.errors import HouseError


class Command(BaseCommand):
    help = (
        "Learn the weights by which people are compared, match files of people, look for duplicates, and give "
        "records their keys anew."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        learn = acts.add_parser("learn", help="learn new weights, and put them in force")
        learn.add_argument(
            "--from",
            dest="source",
            default="register",
            metavar="register|FILE",
            help="the register, or a CSV of people; the register if neither is said",
        )
        learn.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        match = acts.add_parser("match", help="match a CSV of people, and write what became of each row")
        match.add_argument("file", type=Path)
        match.add_argument("--out", type=Path, help="where the report goes; beside the file if not said")
        match.add_argument(
            "--council", default="", metavar="CODE", help="match by the cut-offs of this council"
        )
        acts.add_parser(
            "index", help="give every record its keys anew, after a version that makes them otherwise"
        )
        duplicates = acts.add_parser(
            "duplicates", help="look through the register for people who are on it twice"
        )
        duplicates.add_argument(
            "--keep", action="store_true", help="put what was found into the queue of duplicates"
        )

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        now = timezone.now()
        today = timezone.localdate(now)
        try:
            if act == "learn":
                said = learning_act.learn_from(options["source"], now=now, dry=options["dry_run"])
            elif act == "match":
                file: Path = options["file"]
                out = options["out"] or file.with_name(f"{file.stem}-matched.csv")
                said = matching.match_file(file, out, today, options["council"])
            elif act == "index":
                said = indexing.index_all()
            else:
                said = looking.look(now=now, keep=options["keep"])
        except HouseError as error:
            raise CommandError(f"{error.sentence} {error.advice}".strip()) from error
        self.stdout.write(said)
