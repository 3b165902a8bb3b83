"""The queue: open calls, what runs out first at the top; and what was resolved, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process.engine.state import NEVER
from moothall.process.queries.stretches import (
    VALUE,
    cursor_of,
    first_in,
    first_of,
    position,
    stretches_of,
)
from moothall.process.sight import Alike, alike
from moothall.servicedesk.models import Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.words import narrowed

PAGE = 50
Whose = Literal["mine", "team", "free", "all"]
_COLUMNS = (
    "id", "reference", "headline", "kind", "state", "priority", "due_at", "logged_at", "changed_at", "council_id",
    "council__name", "team__name", "person_id", "person__user__name", "caller_name", "item__name", "parent_id",
    "channel", "reopened", "automatic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which calls are wanted. `whose` is `mine`, `team` (my teams), `free` (nobody has them) or `all`.

    `words` are words of the call, whole ones, and the last also as a beginning (see `queries.words`); `resolved` shows
    what is resolved or closed, the latest first.
    """

    whose: Whose = "team"
    team_id: int | None = None
    council_id: int | None = None
    kind: str = ""
    state: str = ""
    priority: int = 0
    item_id: int | None = None
    category: str = ""
    late: bool = False
    words: str = ""
    resolved: bool = False


class QueueRow(NamedTuple):
    """One call, as a line of the queue."""

    id: int
    reference: str
    headline: str
    kind: str
    state: str
    priority: int
    due_at: datetime | None
    late: bool
    logged_at: datetime
    changed_at: datetime
    council_id: int
    council: str
    team: str
    person_id: int | None
    person: str
    caller: str
    item: str
    under_another: bool
    channel: str
    reopened: int
    automatic: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of calls, and where the next one starts; empty when there is no more."""

    rows: Sequence[QueueRow]
    more: str


def queue(viewer: Viewer, wanted: QueueFilter, now: datetime, after: str = "") -> QueuePage:
    """Return a page of calls that the viewer may see: open ones with the soonest promise first."""
    if not gate.anywhere(viewer, Can.SEE):
        return QueuePage((), "")
    first = _first_with_words if wanted.words else _first
    ids = first(viewer, wanted, now, position(after))
    found = _shown.all(ids=ids, resolved=wanted.resolved) if ids else []
    read = [_row(each, now) for each in found]
    if len(read) <= PAGE:
        return QueuePage(read, "")
    last = read[PAGE - 1]
    return QueuePage(
        read[:PAGE], cursor_of(last.changed_at if wanted.resolved else found[PAGE - 1][6], last.id)
    )


def _by(*, resolved: bool) -> str:
    """Return by what the calls of a list stand in order."""
    return "changed_at" if resolved else "due_at"


def _in_order(rows: "QuerySet[Call]", *, resolved: bool) -> "QuerySet[Call]":
    """Return calls as their list shows them: what runs out first, or what was resolved last, at the top."""
    down = "-" if resolved else ""
    return rows.order_by(f"{down}{_by(resolved=resolved)}", f"{down}id")


def _first(
    viewer: Viewer, wanted: QueueFilter, now: datetime, place: tuple[datetime, int] | None
) -> list[int]:
    """Return the numbers of the first calls; what is asked for decides how the question looks."""
    stretches = stretches_of(viewer, wanted, Can.SEE)
    at, number = place or (now, 0)
    written = _in_a_stretch.sql(
        now=now,
        value=VALUE,
        at=at,
        number=number,
        of=alike(viewer, Can.SEE),
        wanted=wanted,
        column=stretches.column,
        goes_on=place is not None,
    )
    if written is None:
        return []
    by = _by(resolved=wanted.resolved)
    return first_in(*written, stretches.values, by=by, most=PAGE + 1, latest_first=wanted.resolved)


@prepared
def _in_a_stretch(  # noqa: PLR0913 - each is one thing that the question depends on
    now: Slot,
    value: Slot,
    at: Slot,
    number: Slot,
    *,
    of: Alike,
    wanted: QueueFilter,
    column: str,
    goes_on: bool,
) -> Any:
    rows = _wanted(of.viewer, wanted, now).filter(**{column: value})
    if goes_on:
        rows = rows.filter(_beyond(at, number, resolved=wanted.resolved))
    return _in_order(rows, resolved=wanted.resolved).values_list("id", _by(resolved=wanted.resolved))[
        : PAGE + 1
    ]


def _first_with_words(
    viewer: Viewer, wanted: QueueFilter, now: datetime, place: tuple[datetime, int] | None
) -> list[int]:
    """Return the numbers of the first calls that have the words."""
    stretches = stretches_of(viewer, wanted, Can.SEE)
    councils = [wanted.council_id] if wanted.council_id else gate.councils(viewer, Can.SEE)
    having = narrowed(wanted.words, councils)
    if having.is_nothing:
        return []
    rows, apart = having.of(_wanted(viewer, wanted, now)), stretches if having.ids is None else None
    if place is not None:
        rows = rows.filter(_beyond(*place, resolved=wanted.resolved))
    if apart is None:  # few are left: they are looked up by their numbers, once
        rows = rows.filter(**{f"{stretches.column}__in": stretches.values})
    by = _by(resolved=wanted.resolved)
    return first_of(rows, apart, by=by, most=PAGE + 1, latest_first=wanted.resolved)


@prepared
def _shown(ids: Slot, *, resolved: bool) -> Any:
    return _in_order(Call.objects.filter(id__in=ids), resolved=resolved).values_list(*_COLUMNS)


def _wanted(viewer: Viewer, wanted: QueueFilter, now: Any) -> "QuerySet[Call]":
    rows = circles.narrow(viewer, gate.narrow(viewer, Can.SEE, Call.objects.filter(open=not wanted.resolved)))
    exact = {
        "council_id": wanted.council_id,
        "kind": wanted.kind,
        "state": wanted.state,
        "priority": wanted.priority,
        "item_id": wanted.item_id,
        "category": wanted.category,
    }
    rows = rows.filter(**{key: value for key, value in exact.items() if value})
    if wanted.whose == "free":
        rows = rows.filter(person_id=None)
    if wanted.late:
        rows = rows.filter(due_at__lt=now)
    return rows


def _beyond(at: Any, number: Any, *, resolved: bool) -> Q:
    by = _by(resolved=resolved)
    if resolved:
        return Q(**{f"{by}__lte": at}) & ~Q(**{by: at, "id__gte": number})
    return Q(**{f"{by}__gte": at}) & ~Q(**{by: at, "id__lte": number})


def _row(row: Sequence[Any], now: datetime) -> QueueRow:
    due_at = None if row[6] >= NEVER else row[6]
    return QueueRow(
        id=row[0],
        reference=row[1],
        headline=row[2],
        kind=row[3],
        state=row[4],
        priority=row[5],
        due_at=due_at,
        late=due_at is not None and due_at < now,
        logged_at=row[7],
        changed_at=row[8],
        council_id=row[9],
        council=row[10],
        team=row[11] or "",
        person_id=row[12],
        person=row[13] or "",
        caller=row[14],
        item=row[15] or "",
        under_another=row[16] is not None,
        channel=row[17],
        reopened=row[18],
        automatic=row[19],
    )
