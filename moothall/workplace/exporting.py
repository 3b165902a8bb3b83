"""Taking a log away: the events of cases as a file for tools of process mining, written down in the record."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import IO

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError, NotFound
from moothall.process import mining, queries, store
from moothall.process.mining import Wanted
from moothall.process.mining.choosing import Chosen, rows_of
from moothall.process.permissions import Can
from moothall.process.xray import Lens

MOST = 20_000
ENDINGS = {"xes": "xes", "ocel": "ocel.json"}
TYPES = {"xes": "application/xml", "ocel": "application/json"}


class TooManyCases(HouseError):
    code = "workplace.too_many_cases"
    status = 409
    title = "There are too many cases for one file"
    message = "A page can give the events of {most} cases at most; these are {count}."
    next_step = (
        "Choose fewer days or one council, or ask whoever runs the house for `moothall process export`."
    )


class OneCouncilOrAll(HouseError):
    code = "workplace.one_council_or_all"
    status = 409
    title = "Choose one council, or all of them"
    message = "A log is of one council, or of all of them together if you may take the logs of all."


@transaction.atomic
def log(*, by: Viewer, lens: Lens, how: str, now: datetime) -> IO[bytes]:
    """Return a file of the events of these cases that are the viewer's to see; refused if there are too many."""
    if how not in ENDINGS:
        raise NotFound(what="format")
    _allow(by, lens)
    definition = store.definition_of(queries.newest_version(lens.process))
    wanted = Wanted(lens.process, next(iter(lens.councils), None), lens.since, lens.until)
    if (count := rows_of(by, wanted).count()) > MOST:
        raise TooManyCases(most=f"{MOST:,}", count=f"{count:,}")
    cases = mining.chosen(by, wanted)
    with ExitStack() as held:
        file = held.enter_context(tempfile.TemporaryFile())
        for piece in _pieces(by, cases, how, definition.title, lens.process):
            file.write(piece.encode())
        file.seek(0)
        mining.note(by, wanted, how=how, cases=count, now=now)
        held.pop_all()  # from here on, whoever answers closes it
    return file


def _allow(by: Viewer, lens: Lens) -> None:
    """Let somebody take the log of one council, or of all whose cases and X-ray they may see; else refuse."""
    gate.allow_anywhere(by, Can.EXPORT)
    if len(lens.councils) > 1:
        raise OneCouncilOrAll
    for council in lens.councils:
        gate.allow(by, Can.EXPORT, council)
    if not lens.councils and not _reached(by) <= gate.councils(by, Can.EXPORT):
        raise OneCouncilOrAll


def _reached(by: Viewer) -> frozenset[int]:
    return gate.councils(by, Can.SEE) & gate.councils(by, Can.XRAY)


def _pieces(by: Viewer, cases: Iterator[Chosen], how: str, title: str, process: str) -> Iterator[str]:
    if how == "xes":
        return mining.xes(cases, title=title, process=process)
    return mining.ocel(by, cases, process=process)
