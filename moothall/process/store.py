"""The hot path by hand: a case is loaded by three statements and written by at most seven, compare-and-set.

Only where people vote is there one more for the votes, either way. Everything else in this room asks through Django's
ORM. Rows outside the current scope are never loaded.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection

from moothall.councils import scope
from moothall.journal.cursors import QuickCursor
from moothall.plain.canonical import canonical, digest
from moothall.process.definition import Definition, from_json
from moothall.process.engine.state import Around, CaseState, Cast, ClockRun, Happening, StepRun
from moothall.process.errors import CaseChanged, VoteRefused
from moothall.process.models import ProcessVersion

_CASE = (
    "SELECT c.id, c.council_id, c.reference, c.version_id, c.seq, c.status, c.data, c.opened_at, c.due_at, c.ending, "
    "c.priority, c.headline, c.requester_id, c.closed_at, c.origins, c.circle "
    "FROM process_case c WHERE c.{by} = %s AND "
)
_STEP_COLUMNS = (
    "key", "run", "state", "opened_at", "asks_requester", "team_id", "person_id", "due_at", "done_at", "done_by",
    "outcome", "circle", "wake_at",
)  # fmt: skip
_CLOCK_COLUMNS = (
    "key", "run", "state", "started_at", "due_at", "warn_at", "paused_at", "left_seconds", "late_at", "ended_at",
    "sweep_at", "target", "within", "calendar", "stood", "used_seconds", "ended_by",
)  # fmt: skip
_VOTE_COLUMNS = ("council_id", "step_id", "staff_id", "seat", "choice", "text", "at")
_EVENT_COLUMNS = (
    "council_id", "case_id", "seq", "at", "kind", "actor_kind", "actor_user", "actor_name", "step", "run", "outcome",
    "team_id", "body",
)  # fmt: skip
_VOTES = (
    "SELECT v.step_id, v.seat, v.staff_id, s.user_id, v.choice, v.at, v.text, v.id FROM process_vote v "
    "JOIN councils_staff s ON s.id = v.staff_id WHERE v.step_id IN ({places}) ORDER BY v.id"
)
_UPDATE_VOTE = "UPDATE process_vote SET choice = %s, text = %s, at = %s WHERE id = %s"
_FIXED = frozenset(
    {"key", "run", "opened_at", "started_at"}
)  # not set again: that would rewrite their indexes
_STEP_CHANGES = tuple(name for name in _STEP_COLUMNS if name not in _FIXED)
_CLOCK_CHANGES = tuple(name for name in _CLOCK_COLUMNS if name not in _FIXED)
_STEPS = f"SELECT id, {', '.join(_STEP_COLUMNS)} FROM process_step WHERE case_id = %s AND current"  # noqa: S608
_CLOCK = (
    f"SELECT * FROM (SELECT id, {', '.join(_CLOCK_COLUMNS)} FROM process_clock "  # noqa: S608
    "WHERE case_id = %s AND key = %s ORDER BY run DESC LIMIT 1) AS newest"
)
_UPDATE_CASE = (
    "UPDATE process_case SET seq = %s, status = %s, data = %s, origins = %s, due_at = %s, ending = %s, "
    "priority = %s, headline = %s, closed_at = %s, changed_at = %s WHERE id = %s AND seq = %s"
)
_ASIDE = f"SELECT id, {', '.join(_STEP_COLUMNS)} FROM process_step WHERE case_id = %s AND NOT current"  # noqa: S608
_UPDATE_VERSION = "UPDATE process_case SET version_id = %s, circle = %s WHERE id = %s"
_RENAME_STEP = "UPDATE process_step SET key = %s, run = %s WHERE id = %s"
_RENAME_TYPING = (
    "UPDATE process_stepdraft SET step = %s, run = %s WHERE case_id = %s AND step = %s AND run = %s"
)
_UPDATE_CIRCLES = (
    "UPDATE process_step SET circle = %s WHERE case_id = %s AND key = %s AND NOT current AND circle <> %s"
)
_UPDATE_STEP = (
    f"UPDATE process_step SET {', '.join(f'{name} = %s' for name in _STEP_CHANGES)}, "  # noqa: S608
    "current = %s WHERE id = %s"
)
_UPDATE_CLOCK = (
    f"UPDATE process_clock SET {', '.join(f'{name} = %s' for name in _CLOCK_CHANGES)} WHERE id = %s"  # noqa: S608
)


_NAME = 150
_written = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=1024)
def _version_body(version_id: int) -> str:
    return ProcessVersion.objects.values_list("body", flat=True).get(pk=version_id)


def definition_of(version_id: int) -> Definition:
    """Return the definition of a published version; read from the database once in each server process."""
    return from_json(_version_body(version_id))


def forget_versions() -> None:
    """Forget what was read of versions; needed only where a database is replaced under a running process."""
    _version_body.cache_clear()


def load(case_id: int) -> CaseState | None:
    """Return the state of a case, or None if there is none in the current scope."""
    return _load("id", case_id)


def load_named(reference: str) -> CaseState | None:
    """Return the state of the case with this reference, or None if there is none in the current scope."""
    return _load("reference", reference)


def _load(by: str, value: int | str) -> CaseState | None:
    condition, values = scope.clause("c.council_id")
    with QuickCursor() as cursor:
        cursor.execute(_CASE.format(by=by) + condition, [value, *values])
        row = cursor.fetchone()
        if row is None:
            return None
        case_id = row[0]
        case = CaseState(
            id=row[0],
            council_id=row[1],
            reference=row[2],
            definition=definition_of(row[3]),
            seq=row[4],
            status=row[5],
            data=json.loads(row[6]),
            opened_at=_utc(row[7]),
            due_at=_utc(row[8]),
            ending=row[9],
            priority=row[10],
            headline=row[11],
            requester_id=row[12],
            closed_at=_maybe(row[13]),
            version_id=row[3],
            origins=_read_origins(row[14]),
            circle=row[15],
        )
        cursor.execute(_STEPS, [case_id])
        case.steps = {run.key: run for run in map(_step, cursor.fetchall())}
        if case.definition.voted:
            _load_votes(cursor, case)
        if case.definition.clocks:
            keys = case.definition.clocks
            cursor.execute(_clocks(len(keys)), [value for key in keys for value in (case_id, key)])
            case.clocks = {run.key: run for run in map(_clock, cursor.fetchall())}
    return case


def recall(case: CaseState, definition: Definition, moving: Iterable[str] = ()) -> dict[str, StepRun]:
    """Fetch what a case still has of steps and clocks that another definition has again; their runs are counted on.

    They were set aside when the case was moved away from them. Returned are the last runs before the newest of those
    steps that are `moving` now, since somebody may have to count on from them.
    """
    steps = [key for key in definition.steps if key not in case.steps]
    wanted = [*steps, *(key for key in moving if key in case.steps)]
    promises = [key for key in definition.clocks if key not in case.definition.clocks]
    older: dict[str, StepRun] = {}
    with QuickCursor() as cursor:
        if wanted:
            places = ", ".join(["%s"] * len(wanted))
            cursor.execute(f"{_ASIDE} AND key IN ({places}) ORDER BY run", [case.id, *wanted])
            older = {run.key: run for run in map(_step, cursor.fetchall())}
        if promises:
            cursor.execute(_clocks(len(promises)), [value for key in promises for value in (case.id, key)])
            case.clocks |= {run.key: run for run in map(_clock, cursor.fetchall())}
    for run in older.values():
        run.state, run.changed = "reset" if run.state in {"done", "skipped"} else run.state, True
    case.steps |= {key: older.pop(key) for key in steps if key in older}
    return older


def save_version(case: CaseState, was: Mapping[int, tuple[str, int]]) -> None:
    """Write down which version a case now follows, and its circles; `was` are its runs before, by their row.

    The caller saves the case in the same transaction, which compares its `seq`.
    """
    with QuickCursor() as cursor:
        cursor.execute(_UPDATE_VERSION, [case.version_id, case.circle, case.id])
        renamed = [
            run
            for run in case.steps.values()
            if run.id is not None and was.get(run.id, (run.key, run.run)) != (run.key, run.run)
        ]
        for number, run in enumerate(renamed):  # out of each other's way first: they may change places
            cursor.execute(_RENAME_STEP, ["", number, run.id])
            cursor.execute(_RENAME_TYPING, ["", number, case.id, *was[run.id or 0]])
        for number, run in enumerate(renamed):
            cursor.execute(_RENAME_STEP, [run.key, run.run, run.id])
            cursor.execute(_RENAME_TYPING, [run.key, run.run, case.id, "", number])
        for run in case.steps.values():
            if run.changed:
                cursor.execute(_UPDATE_CIRCLES, [run.circle, case.id, run.key, run.circle])


def _written_origins(origins: Mapping[str, Mapping[str, str]]) -> str:
    """Return origins as they are stored: each once, with the answers that it is the origin of. Most share one."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for key, each in origins.items():
        shared.setdefault((each["at"], each["by"], each["from"]), []).append(key)
    return _written([[*origin, keys] for origin, keys in shared.items()])


def _read_origins(text: str) -> dict[str, dict[str, str]]:
    return {
        key: origin
        for at, by, where, keys in json.loads(text)
        for origin in ({"at": at, "by": by, "from": where},)
        for key in keys
    }


def _load_votes(cursor: Any, case: CaseState) -> None:
    """Fetch the votes of those steps that are open and decided by vote."""
    voting = {
        run.id: run
        for step in case.definition.voted
        if (run := case.steps.get(step.key)) and run.state == "open"
    }
    if voting:
        cursor.execute(_VOTES.format(places=", ".join(["%s"] * len(voting))), list(voting))
        for step_id, seat, staff_id, user_id, choice, at, text, id_ in cursor.fetchall():
            cast = Cast(seat, staff_id, f"user:{user_id}", choice, _utc(at), text, id_, changed=False)
            voting[step_id].votes.append(cast)


@lru_cache(maxsize=64)
def _clocks(count: int) -> str:
    """Return the question for the newest run of so many clocks; it costs the same however many runs there were."""
    return " UNION ALL ".join([_CLOCK] * count)


def save(case: CaseState, around: Around) -> tuple[int, int, str]:
    """Write down what changed, if nobody else changed the case since it was loaded.

    Returns the numbers of the first and the last event written, and their digest. Raises `CaseChanged` with nothing
    written (the caller's transaction must be rolled back) if the case has another `seq` than when it was loaded.
    """
    first, last = case.seq + 1, case.seq + len(case.happened)
    with QuickCursor() as cursor:
        cursor.execute(
            _UPDATE_CASE,
            [
                last, case.status, _written(case.data), _written_origins(case.origins), _when(case.due_at), case.ending,
                case.priority, case.headline, _when(case.closed_at), _when(around.now), case.id, case.seq,
            ],
        )  # fmt: skip
        if cursor.rowcount != 1:
            raise CaseChanged(reference=case.reference)
        _save_steps(cursor, case)
        _save_clocks(cursor, case)
        rows = [_event(case, around, seq, each) for seq, each in enumerate(case.happened, start=first)]
        _insert(cursor, "process_event", _EVENT_COLUMNS, rows)
    _save_votes(case)
    case.seq = last
    case.happened = []
    return first, last, digest_of(rows)


def _save_steps(cursor: Any, case: CaseState) -> None:
    runs = [(run, False) for run in case.superseded] + [(run, True) for run in case.steps.values()]
    for run, current in runs:
        if run.id is not None and run.changed:
            cursor.execute(_UPDATE_STEP, [*_values(run, _STEP_CHANGES), current, run.id])
    new = [
        [case.council_id, case.id, current, *_values(run, _STEP_COLUMNS)]
        for run, current in runs
        if run.id is None
    ]
    _insert(cursor, "process_step", ("council_id", "case_id", "current", *_STEP_COLUMNS), new)


def _save_votes(case: CaseState) -> None:
    """Write the votes that are new or were changed; the database refuses a second in any seat."""
    voting = [run for run in case.steps.values() if run.votes]
    if not voting:
        return
    new = [
        [case.council_id, run.id, each.staff_id, each.seat, each.choice, each.text, _when(each.at)]
        for run in voting
        for each in run.votes
        if each.id is None
    ]
    try:
        with QuickCursor() as cursor:
            for each in (
                each for run in voting for each in run.votes if each.id is not None and each.changed
            ):
                cursor.execute(_UPDATE_VOTE, [each.choice, each.text, _when(each.at), each.id])
            _insert(cursor, "process_vote", _VOTE_COLUMNS, new)
    except IntegrityError as error:
        raise VoteRefused(why="This seat has voted already.") from error


def _save_clocks(cursor: Any, case: CaseState) -> None:
    runs = [*case.kept, *case.clocks.values()]
    for run in runs:
        if run.id is not None and run.changed:
            cursor.execute(_UPDATE_CLOCK, [*_values(run, _CLOCK_CHANGES), run.id])
    new = [[case.council_id, case.id, *_values(run, _CLOCK_COLUMNS)] for run in runs if run.id is None]
    _insert(cursor, "process_clock", ("council_id", "case_id", *_CLOCK_COLUMNS), new)


def _insert(cursor: Any, table: str, columns: Sequence[str], rows: list[list[Any]]) -> None:
    """Insert rows by one statement; names come from this file only."""
    if not rows:
        return
    place = f"({', '.join(['%s'] * len(columns))})"
    places = ", ".join([place] * len(rows))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {places}"  # noqa: S608
    cursor.execute(statement, [value for row in rows for value in row])


def bodies(case_id: int) -> Iterator[dict[str, Any]]:
    """Return what stands in each event of a case, in their order."""
    with QuickCursor() as cursor:
        cursor.execute("SELECT body FROM process_event WHERE case_id = %s ORDER BY seq", [case_id])
        yield from (json.loads(row[0]) for row in cursor.fetchall())


def _event(case: CaseState, around: Around, seq: int, each: Happening) -> list[Any]:
    return [
        case.council_id, case.id, seq, _when(around.now), each.kind, around.by.kind, around.by.user_id,
        around.by.name[:_NAME], each.step, each.run, each.outcome, each.team_id, canonical(each.body).decode(),
    ]  # fmt: skip


def _witnessed(row: Sequence[Any]) -> list[Any]:
    """Return an event row as its digest is taken: times as text, in UTC."""
    return [_utc(value).isoformat() if index == 3 else value for index, value in enumerate(row)]  # noqa: PLR2004


def digest_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return the digest of event rows, as the journal witnesses them."""
    return digest([_witnessed(row) for row in rows])


def witnessed_rows(case_ids: Sequence[int]) -> dict[tuple[int, int], Sequence[Any]]:
    """Return the events of these cases, by case and number."""
    places = ", ".join(["%s"] * len(case_ids))
    statement = f"SELECT {', '.join(_EVENT_COLUMNS)} FROM process_event WHERE case_id IN ({places})"  # noqa: S608
    with QuickCursor() as cursor:
        cursor.execute(statement, list(case_ids))
        return {(row[1], row[2]): row for row in cursor.fetchall()}


def _step(row: Sequence[Any]) -> StepRun:
    run = StepRun(row[1], row[2], row[3], _utc(row[4]), row[0], bool(row[5]), row[6], row[7], _utc(row[8]))
    run.done_at, run.done_by, run.outcome, run.changed = _maybe(row[9]), row[10], row[11], False
    run.circle, run.wake_at = row[12], _maybe(row[13])
    return run


def _clock(row: Sequence[Any]) -> ClockRun:
    run = ClockRun(
        row[1], row[2], row[3], _utc(row[4]), row[0], _utc(row[5]), _maybe(row[6]), _maybe(row[7]), row[8]
    )
    run.late_at, run.ended_at, run.sweep_at, run.changed = *map(_maybe, row[9:12]), False
    run.target, run.within, run.calendar, run.stood, run.used_seconds, run.ended_by = row[12:18]
    return run


def _values(run: StepRun | ClockRun, columns: Iterable[str]) -> list[Any]:
    return [_when(value) if isinstance(value := getattr(run, name), datetime) else value for name in columns]


def _when(value: datetime | None) -> Any:
    return None if value is None else _stored(value.astimezone(UTC))


@lru_cache(maxsize=4096)
def _stored(value: datetime) -> Any:
    """Return a time as the database keeps it. The few times of a step are asked for again and again.

    Only times in UTC may be remembered: in London, an hour of one night in October is there twice, and equal.
    """
    return connection.ops.adapt_datetimefield_value(value)


def _utc(value: datetime | str) -> datetime:
    """Return a stored time with its zone; SQLite keeps times as text in UTC."""
    if isinstance(value, str):
        value = _read(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@lru_cache(maxsize=4096)
def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(value: datetime | str | None) -> datetime | None:
    return None if value is None else _utc(value)
