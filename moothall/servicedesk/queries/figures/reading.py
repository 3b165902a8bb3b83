"""What a month's figures are counted from: the calls that were open, logged or resolved in it, in a few statements.

A call matters to a month if it was logged before its end and was not over before its beginning. Both are ranges of one
index, so that a month costs the same whether five years lie around it or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from moothall.process.models import Clock, Step
from moothall.servicedesk.models import Call, Resolution
from moothall.servicedesk.rules.figures.months import Month
from moothall.servicedesk.rules.figures.spells import Life, Spell, life_of

DESK_KINDS = ("incident", "request")
"""What the desk's figures are about; problems, changes and tasks are counted for themselves."""
_COLUMNS = (
    "id", "case_id", "council_id", "kind", "priority", "automatic", "channel", "state", "ended", "logged_at",
    "first_resolved_at", "resolved_at", "reopened", "reopened_at", "closed_at", "moves", "first_contact",
    "resolved_team_id", "article_id",
)  # fmt: skip
_MOMENTS = (9, 10, 11, 13, 14)
_SORTING, _HOLDING = ("triage",), ("answer", "supplier")


class Row(NamedTuple):
    """A call, as far as figures read it."""

    id: int
    case_id: int
    council_id: int
    kind: str
    priority: int
    automatic: bool
    channel: str
    state: str
    ended: str
    logged_at: datetime
    first_resolved_at: datetime | None
    resolved_at: datetime | None
    reopened: int
    reopened_at: datetime | None
    closed_at: datetime | None
    moves: int
    first_contact: bool | None
    resolved_team_id: int | None
    article_id: int | None

    @property
    def slice(self) -> str:
        return f"P{self.priority}" if self.priority else ""


class Run(NamedTuple):
    """The last run of one clock of a call. Its times are as the database brings them: few are ever asked for."""

    run: int
    state: str
    due_at: Any
    late_at: Any
    ended_at: Any
    used_seconds: int | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The calls of a month with what hangs on them; `at` is the end of the month, or now if that is still to come."""

    month: Month
    councils: Sequence[int]
    at: datetime
    calls: Sequence[Row]
    lives: Mapping[int, Life]
    clocks: Mapping[tuple[int, str], Run]
    open_at_end: frozenset[int]
    waiting: Mapping[int, str]

    def resolved(self) -> Iterable[Row]:
        """Return the calls that were last resolved in the month."""
        start, end = self.month.start, self.month.end
        return (row for row in self.calls if row.resolved_at is not None and start <= row.resolved_at < end)

    def logged(self) -> Iterable[Row]:
        start = self.month.start
        return (row for row in self.calls if row.logged_at >= start)


def read(month: Month, councils: Sequence[int], now: datetime) -> Reading:
    """Read what a month's figures are counted from. Enter a scope of these councils before."""
    calls = _calls(month, councils)
    kept = _kept_spells(month, councils)
    lives = {row.id: _life(row, kept.get(row.id, ())) for row in calls}
    end = month.end
    open_at_end = frozenset(row.id for row in calls if lives[row.id].open_at(end))
    return Reading(
        month=month,
        councils=councils,
        at=min(end, now),
        calls=calls,
        lives=lives,
        clocks=_clocks(month, councils),
        open_at_end=open_at_end,
        waiting=_waiting(month, councils),
    )


def moment(value: Any) -> datetime | None:
    """Return a moment as hand-written statements bring it: as text where the database has no type for it.

    >>> moment("2026-10-01 08:00:00").isoformat()
    '2026-10-01T08:00:00+00:00'
    """
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if value is None:
        return None
    found: datetime = value
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def bound(at: datetime) -> Any:
    """Return a moment as hand-written statements take it."""
    return connection.ops.adapt_datetimefield_value(at)


def fetch(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run a hand-written statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def places(values: Sequence[Any]) -> str:
    """Return the marks for some values in a statement."""
    return ", ".join(["%s"] * len(values))


def _matters(month: Month, councils: Sequence[int]) -> tuple[list[str], list[Any]]:
    """Return the two conditions for the calls that matter to a month, and the values for either of them.

    They are asked one after the other, since each is one range of the index by council and resolution.
    """
    start, end = bound(month.start), bound(month.end)
    same = (
        f"c.council_id IN ({places(councils)}) AND c.logged_at < %s"
        f" AND c.kind IN ({places(DESK_KINDS)}) AND c.ended <> 'moved'"
    )
    params = [*councils, end, *DESK_KINDS, start]
    return [
        f"{same} AND c.resolved_at >= %s",
        f"{same} AND c.resolved_at IS NULL AND (c.open OR c.closed_at >= %s)",
    ], params


def _fetch_each(select: str, month: Month, councils: Sequence[int], more: str = "") -> list[tuple[Any, ...]]:
    conditions, params = _matters(month, councils)
    return [row for each in conditions for row in fetch(f"{select} WHERE {each}{more}", params)]


def _calls(month: Month, councils: Sequence[int]) -> list[Row]:
    names = ", ".join(f"c.{name}" for name in _COLUMNS)
    found = []
    for raw in _fetch_each(f"SELECT {names} FROM {Call._meta.db_table} c", month, councils):  # noqa: S608
        row = list(raw)
        for place in _MOMENTS:
            if row[place] is not None:
                row[place] = moment(row[place])
        found.append(Row._make(row))
    return found


def _life(row: Row, kept: Sequence[Spell]) -> Life:
    if not row.reopened:  # nearly all of them
        spells = (Spell(row.resolved_at),) if row.resolved_at is not None else ()
        return Life(row.logged_at, spells, row.closed_at if row.resolved_at is None else None)
    return life_of(
        row.logged_at,
        row.first_resolved_at,
        row.reopened,
        row.reopened_at,
        row.resolved_at,
        row.closed_at,
        kept,
    )


def _kept_spells(month: Month, councils: Sequence[int]) -> dict[int, list[Spell]]:
    table = f"SELECT r.call_id, r.resolved_at, r.reopened_at FROM {Resolution._meta.db_table} r"  # noqa: S608
    joined = f"{table} JOIN {Call._meta.db_table} c ON c.id = r.call_id"
    found: dict[int, list[Spell]] = {}
    for call_id, resolved_at, reopened_at in _fetch_each(joined, month, councils, " AND c.reopened > 1"):
        when = moment(resolved_at)
        assert when is not None
        found.setdefault(call_id, []).append(Spell(when, moment(reopened_at)))
    return {call_id: sorted(spells, key=lambda each: each.resolved_at) for call_id, spells in found.items()}


def _clocks(month: Month, councils: Sequence[int]) -> dict[tuple[int, str], Run]:
    columns = "k.case_id, k.key, k.run, k.state, k.due_at, k.late_at, k.ended_at, k.used_seconds"
    joined = (
        f"SELECT {columns} FROM {Call._meta.db_table} c"  # noqa: S608 - names of columns and tables only
        f" JOIN {Clock._meta.db_table} k ON k.case_id = c.case_id AND k.key IN ('response', 'resolve')"
    )
    found: dict[tuple[int, str], Run] = {}
    for case_id, key, run, state, due_at, late_at, ended_at, used in _fetch_each(joined, month, councils):
        held = found.get((case_id, key))
        if held is None or held.run < run:
            found[case_id, key] = Run(run, state, due_at, late_at, ended_at, used)
    return found


def _waiting(month: Month, councils: Sequence[int]) -> dict[int, str]:
    """Return by case which of those that may be open at the end waited to be sorted, or for somebody else."""
    keys = (*_SORTING, *_HOLDING)
    joined = (
        f"SELECT s.case_id, s.key FROM {Call._meta.db_table} c"  # noqa: S608 - names of tables only
        f" JOIN {Step._meta.db_table} s ON s.case_id = c.case_id AND s.key IN ({places(keys)})"
        " AND s.opened_at < %s AND (s.done_at IS NULL OR s.done_at >= %s) AND s.state IN ('open', 'done', 'cancelled')"
    )
    conditions, params = _matters(month, councils)
    end = bound(month.end)
    late = [*params[:-1], end]  # what was resolved before the end was not waiting then
    found: dict[int, str] = {}
    for condition, given in zip(conditions, (late, params), strict=True):
        for case_id, key in fetch(f"{joined} WHERE {condition}", [*keys, end, end, *given]):
            found[case_id] = "untriaged" if key in _SORTING else "held"
    return found
