"""`moothall process export`: cases of a process as an event log, for tools of process mining."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.queries import council_by_code, viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.look.jinja import plural
from moothall.plain.errors import HouseError, NotFound
from moothall.process import queries, store
from moothall.process.mining.choosing import Chosen, Wanted, chosen, note
from moothall.process.mining.ocel import ocel
from moothall.process.mining.tables import ocel_tables
from moothall.process.mining.xes import xes

_TABLES = frozenset({".sqlite", ".sqlite3", ".db"})


class FileThere(HouseError):
    code = "process.file_there"
    status = 409
    message = "There is a file “{file}” already, or it cannot be made there ({why})."
    next_step = "Choose another name."


def describe(parser: ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("process", metavar="NAME", help="a published process")
    into = parser.add_mutually_exclusive_group(required=True)
    into.add_argument("--xes", type=Path, metavar="FILE", help="a new file in XES (IEEE 1849-2016)")
    into.add_argument(
        "--ocel",
        type=Path,
        metavar="FILE",
        help="a new file in OCEL 2.0: JSON, or SQLite if it ends in .sqlite",
    )
    parser.add_argument("--council", metavar="CODE", help="only the cases of this council")
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", help="only cases opened from this day"
    )
    parser.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="only cases opened until this day"
    )
    parser.add_argument("--as", dest="account", metavar="EMAIL", help="what this member of staff may see")
    parser.add_argument("--named", action="store_true", help="with the names of staff")
    parser.add_argument(
        "--whole", action="store_true", help="also when steps were opened, taken, passed on or skipped"
    )


def run(options: Mapping[str, Any]) -> str:
    """Write the file, note it in the record, and return what was written in a sentence."""
    with scope.everything("an operator exports a log"):
        definition = store.definition_of(queries.newest_version(options["process"]))
        viewer, wanted = _viewer(options["account"]), _wanted(options)
        counted = _Counted(chosen(viewer, wanted))
        file: Path = options["xes"] or options["ocel"]
        with _made(file), transaction.atomic():
            if options["xes"]:
                _write(file, xes(counted, title=definition.title, process=definition.key))
            elif file.suffix in _TABLES:
                ocel_tables(viewer, counted, process=definition.key, file=file)
            else:
                _write(file, ocel(viewer, counted, process=definition.key))
            how = "xes" if options["xes"] else "ocel"
            note(viewer, wanted, how=how, cases=counted.cases, now=timezone.now())
    cases, events = plural(counted.cases, "case"), plural(counted.events, "event")
    return f"Wrote {cases} with {events} of “{definition.title}” into {file}."


class _Counted:
    """Passes cases on, and counts them."""

    def __init__(self, cases: Iterator[Chosen]) -> None:
        self._cases = cases
        self.cases = self.events = 0

    def __iter__(self) -> Iterator[Chosen]:
        for case in self._cases:
            self.cases += 1
            self.events += len(case.happened)
            yield case


@contextmanager
def _made(file: Path) -> Iterator[None]:
    """Make a new file, and take it away again if it cannot be filled."""
    try:
        with file.open("x"):
            pass
    except OSError as error:
        raise FileThere(file=str(file), why=error.strerror or error) from error
    try:
        yield
    except BaseException:
        file.unlink()
        raise


def _write(file: Path, pieces: Iterator[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as into:
        into.writelines(pieces)


def _viewer(email: str | None) -> Viewer:
    if email is None:
        return Viewer.system()
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise NotFound(what=f"account “{email}”")
    return viewer_for(user, today=timezone.localdate())


def _wanted(options: Mapping[str, Any]) -> Wanted:
    council = None
    if options["council"] is not None and (council := council_by_code(options["council"])) is None:
        raise NotFound(what=f"council “{options['council']}”")
    return Wanted(
        process=options["process"],
        council_id=council.pk if council else None,
        since=options["since"],
        until=options["until"],
        named=options["named"],
        whole=options["whole"],
    )
