"""Worklists and queues, with due times in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.plain import references
from moothall.plain.working_time import Calendar
from moothall.process import queries as process
from moothall.process.permissions import Can
from moothall.process.queries import WorkFilter
from moothall.process.queries.searching import Found
from moothall.process.queries.worklists import Work
from moothall.workplace import rules
from moothall.workplace.rules import Due


@dataclass(frozen=True, slots=True)
class Line:
    """One open step with its due time in words."""

    work: Work
    due: Due


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of a worklist and where the next one starts."""

    lines: Sequence[Line]
    more: str


def work_page(viewer: Viewer, wanted: WorkFilter, now: datetime, after: str = "") -> WorkPage:
    """Return a page of work. Lateness counts in the opening hours of the council whose work it is."""
    page = process.worklist(viewer, wanted, now, after=after)
    calendars = calendars_of({work.council_id for work in page.rows if work.late})
    lines = [Line(work, rules.due_of(work.due_at, now, calendars.get(work.council_id))) for work in page.rows]
    return WorkPage(lines, page.more)


def calendars_of(council_ids: set[int]) -> dict[int, Calendar]:
    """Return the office hours of these councils: one question to the database for each."""
    return {number: calendar_of(number) for number in sorted(council_ids)}


@dataclass(frozen=True, slots=True)
class Places:
    """The teams and councils by which a list can be narrowed."""

    teams: Sequence[tuple[int, str]]
    councils: Sequence[tuple[int, str]]


def places(viewer: Viewer) -> Places:
    """Return the teams the viewer may look at (all of a council's for whoever sees its queues) and the councils."""
    reached = gate.councils(viewer, Can.SEE)
    overseen = gate.councils(viewer, Can.SEE_QUEUES)
    if overseen:
        teams = Team.objects.filter(councils__in=sorted(overseen)).distinct()
    else:
        teams = Team.objects.filter(id__in=sorted(viewer.team_ids))
    councils = list(Council.objects.filter(id__in=sorted(reached)).values_list("id", "name"))
    return Places(
        list(teams.order_by("name").values_list("id", "name")), councils if len(councils) > 1 else []
    )


def found(viewer: Viewer, text: str) -> tuple[list[Found], str]:
    """Return the cases that have these words, and the reference if it was one, whole, of a case among them."""
    rows = process.search(viewer, text) if text else []
    try:
        reference = references.normalise(text)
    except references.NotAReference:
        return rows, ""
    return rows, reference if any(row.reference == reference for row in rows) else ""
