"""What a draft would come to before it is published: tried with made-up cases, on closed ones, and on running ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.process import actions, picture, queries
from moothall.process.actions.migrating import DryRun
from moothall.process.definition import Definition
from moothall.process.differences import in_words
from moothall.process.models import Case
from moothall.process.permissions import Can
from moothall.process.queries import Drafted
from moothall.process.rehearsal import Rehearsed, rehearse_past
from moothall.process.simulation import Report, people_of, simulate
from moothall.workplace.queries import processes

A_YEAR = timedelta(days=365)
FEW_CASES, CASES, MOST_CASES = 100, 300, 3_000
"""How many made-up cases are tried unasked, when asked, and at the most."""
MOST_CLOSED = 500
"""So many closed cases are played again on a page, the newest first; the command takes all of them."""


MOST_RUNNING = 2_000
"""With more running cases than that, a move is tried by the command, and not while somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft as whoever publishes it reads it: what changes, in words and in the picture."""

    found: Drafted
    changes: Sequence[str]
    drawn: str
    outline: Sequence[picture.Entry]


def review(viewer: Viewer, key: str, council: Council | None) -> Reviewed:
    """Return a draft with what it changes."""
    found = queries.draft(viewer, key, council)
    if found.definition is None:
        return Reviewed(found, [], "", [])
    old, new = found.published, found.definition
    highlight = processes.touched(old, new) if old else []
    return Reviewed(
        found, in_words(old, new) if old else [], processes.drawn(new, highlight), picture.outline(new)
    )


def simulated(viewer: Viewer, definition: Definition, cases: int, council: Council | None) -> Report:
    """Try a process with made-up cases: with the real teams of a council, or with enough people."""
    gate.allow_anywhere(viewer, Can.SEE_PROCESSES)
    return simulate(
        definition, cases=min(cases, MOST_CASES), people=people_of(council.pk) if council else None
    )


def rehearsed(viewer: Viewer, definition: Definition, council: Council | None, now: datetime) -> Rehearsed:
    """Play the closed cases of the last year under a draft."""
    own = council is not None
    return rehearse_past(viewer, definition, since=now - A_YEAR, council=council, most=MOST_CLOSED, own=own)


def too_many(viewer: Viewer, key: str) -> int:
    """Return how many running cases a move would concern, if a page cannot try it on all of them; else 0."""
    rows = gate.narrow(viewer, Can.MIGRATE, Case.objects.filter(process=key, status=Case.Status.OPEN))
    count = rows.count()
    return count if count > MOST_RUNNING else 0


def moved(viewer: Viewer, found: Drafted, council: Council | None, now: datetime) -> DryRun | None:
    """Try a draft on the running cases; None where nothing is published yet, or the viewer may move none."""
    if found.version is None or found.definition is None or not gate.anywhere(viewer, Can.MIGRATE):
        return None
    if too_many(viewer, found.draft.key):
        return None
    laid = processes.tried_on(found.definition, council)
    return actions.dry_run(by=viewer, version=found.version, council=council, now=now, draft=laid)


def trial_councils(viewer: Viewer) -> list[Council]:
    """Return the councils with whose teams the viewer may try a process."""
    mine = gate.councils(viewer, Can.SEE_PROCESSES)
    return list(Council.objects.filter(pk__in=mine).order_by("name"))
