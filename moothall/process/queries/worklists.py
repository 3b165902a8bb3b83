"""What waits to be done: for a person, for a team, for a council, soonest due first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, store
from moothall.process.engine.state import NEVER
from moothall.process.models import Step
from moothall.process.permissions import Can
from moothall.process.queries.stretches import cursor_of, first_of, position, stretches_of

PAGE = 50
_COLUMNS = (
    "id", "key", "opened_at", "due_at", "asks_requester", "person_id", "person__user__name", "team_id", "team__name",
    "case_id", "case__reference", "case__headline", "case__version_id", "case__priority", "case__council__name",
    "council_id", "case__circle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which part of the work is wanted. `whose` is `mine`, `team` (my teams), `free` (nobody has it) or `all`."""

    whose: Literal["mine", "team", "free", "all"] = "team"
    team_id: int | None = None
    council_id: int | None = None
    process: str = ""
    waits_for: Literal["staff", "resident"] = "staff"
    late_only: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One open step, as a line of the worklist. It has no headline where the case is there only in part."""

    step_id: int
    case_id: int
    reference: str
    headline: str
    process: str
    title: str
    council: str
    council_id: int
    team_id: int | None
    team: str
    person_id: int | None
    person: str
    opened_at: datetime
    due_at: datetime | None
    late: bool
    priority: str
    asks_requester: bool

    @property
    def cursor(self) -> str:
        """Where the next page goes on after this line."""
        return cursor_of(self.due_at or NEVER, self.step_id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of work and where the next one starts; empty when there is no more."""

    rows: Sequence[Work]
    more: str


def worklist(viewer: Viewer, wanted: WorkFilter, now: datetime, *, after: str = "") -> Page:
    """Return a page of open steps the viewer may see, soonest due first, what has no due time last."""
    if not viewer.is_system and not gate.anywhere(viewer, Can.SEE):
        return Page((), "")
    rows = gate.narrow(viewer, Can.SEE, Step.objects.filter(state=Step.State.OPEN))
    rows = _wanted(wanted, rows, now)
    if not _of_own_teams(viewer, wanted):
        rows = circles.narrow(viewer, rows)
    if (place := position(after)) is not None:
        due_at, step_id = place
        rows = rows.filter(due_at__gte=due_at).exclude(due_at=due_at, id__lte=step_id)
    ids = first_of(rows, stretches_of(viewer, wanted, Can.SEE), by="due_at", most=PAGE + 1)
    shown = Step.objects.filter(id__in=ids).order_by("due_at", "id").values_list(*_COLUMNS) if ids else []
    found = [_work(viewer, row, now) for row in shown]
    more = found[PAGE - 1].cursor if len(found) > PAGE else ""
    return Page(found[:PAGE], more)


def _of_own_teams(viewer: Viewer, wanted: WorkFilter) -> bool:
    """Say whether all that is wanted is work of the viewer's own teams, which is there for them in any circle."""
    if wanted.whose == "mine":
        return False
    if wanted.team_id is not None:
        return wanted.team_id in viewer.team_ids
    return wanted.whose in {"team", "free"}


def _wanted(wanted: WorkFilter, rows: QuerySet[Step], now: datetime) -> QuerySet[Step]:
    if wanted.whose == "free":
        rows = rows.filter(person_id=None)
    if wanted.council_id is not None:
        rows = rows.filter(council_id=wanted.council_id)
    if wanted.process:
        rows = rows.filter(case__process=wanted.process)
    if wanted.late_only:
        rows = rows.filter(due_at__lt=now)
    return rows.filter(asks_requester=wanted.waits_for == "resident")


def _work(viewer: Viewer, row: Sequence[Any], now: datetime) -> Work:
    definition = store.definition_of(row[12])
    due_at = None if row[3] >= NEVER else row[3]
    return Work(
        step_id=row[0],
        case_id=row[9],
        reference=row[10],
        headline=row[11] if circles.sees_case(viewer, row[15], row[16]) else "",
        process=definition.title,
        title=definition.steps[row[1]].title,
        council=row[14],
        council_id=row[15],
        team_id=row[7],
        team=row[8] or "",
        person_id=row[5],
        person=row[6] or "",
        opened_at=row[2],
        due_at=due_at,
        late=due_at is not None and due_at < now,
        priority=row[13],
        asks_requester=row[4],
    )
