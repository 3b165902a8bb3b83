"""What came, what went and what is still there: each counted for itself, so that the identity is a check."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from moothall.councils.queries import calendar_of
from moothall.servicedesk.models import Call, Escalation
from moothall.servicedesk.queries.figures.reading import DESK_KINDS, Reading, Row, bound, fetch, places
from moothall.servicedesk.rules.figures import Book
from moothall.servicedesk.rules.figures.definitions.backlog import age_band
from moothall.servicedesk.rules.figures.spells import Life

_REOPENED_WITHIN = timedelta(days=14)
_OTHERS = ("problem", "change", "task")
_DIFFERENCE = "backlog_difference"


def count(reading: Reading, book: Book) -> None:
    """Count volumes, the backlog and its age, what was reopened, and what was escalated."""
    start, end = reading.month.start, reading.month.end
    for row in reading.calls:
        life = reading.lives[row.id]
        _flow(row, life, start, end, book)
        if row.id in reading.open_at_end:
            _still_open(row, reading, book)
    _others(reading, book)
    _ages(reading, book)
    _escalated(reading, book)


def _flow(row: Row, life: Life, start: datetime, end: datetime, book: Book) -> None:
    council = row.council_id
    if life.open_at(start):
        _add(book, council, "backlog_before", 1, row.id)
        _step(book, council, 1, 0)
    if start <= life.logged_at < end:
        book.put(council, "logged", row.kind, call=row.id)
        _add(book, council, "came", 1, row.id)
        _step(book, council, 1, 1)
    for spell in life.spells:
        if start <= spell.resolved_at < end:
            _add(book, council, "resolved", 1, row.id)
            _step(book, council, -1, 0, 1)
            again = (
                spell.reopened_at is not None and spell.reopened_at <= spell.resolved_at + _REOPENED_WITHIN
            )
            book.put(council, "reopened", "", float(again), call=row.id)
        if spell.reopened_at is not None and start <= spell.reopened_at < end:
            _add(book, council, "reopenings", 1, row.id)
            _step(book, council, 1, 1)
    if life.ended_at is not None and start <= life.ended_at < end:
        _add(book, council, "ended", 1, row.id)
        _step(book, council, -1, 0, 1)


def _add(book: Book, council: int, name: str, number: int, call: int) -> None:
    book.put(council, name, "", of=number, call=call)


def _step(book: Book, council: int, by: int, came: int, went: int = 0) -> None:
    book.put(council, _DIFFERENCE, "", of=by)
    if came or went:
        book.put(council, "backlog_change", "", went, came)


def _still_open(row: Row, reading: Reading, book: Book) -> None:
    council = row.council_id
    book.put(council, "backlog", "", call=row.id)
    book.put(council, "backlog", row.kind, call=row.id)
    book.put(council, _DIFFERENCE, "", of=-1)
    waits = reading.waiting.get(row.case_id) or _as_it_stands(row)
    if waits:
        book.put(council, "backlog", waits, call=row.id)


def _as_it_stands(row: Row) -> str:
    """Return for what a call waits that has no step to tell it: what was brought in, or nobody has taken yet."""
    return {"new": "untriaged", "user": "held", "supplier": "held"}.get(row.state, "")


def _others(reading: Reading, book: Book) -> None:
    month = reading.month
    sql = (
        f"SELECT c.id, c.council_id, c.kind FROM {Call._meta.db_table} c"  # noqa: S608 - the name of a table
        f" WHERE c.council_id IN ({places(reading.councils)}) AND c.kind IN ({places(_OTHERS)})"
        " AND c.logged_at >= %s AND c.logged_at < %s AND c.ended <> 'moved'"
    )
    for call_id, council_id, kind in fetch(
        sql, [*reading.councils, *_OTHERS, bound(month.start), bound(month.end)]
    ):
        book.put(council_id, "logged", kind, call=call_id)


def _ages(reading: Reading, book: Book) -> None:
    calendars = {council: calendar_of(council) for council in reading.councils}
    last = min(reading.at, reading.month.end - timedelta(seconds=1))
    for row in reading.calls:
        if row.id not in reading.open_at_end:
            continue
        days = max(calendars[row.council_id].days_between(row.logged_at, last), 0)
        book.put(row.council_id, "age", age_band(days), call=row.id)
        for name in ("age_median", "age_p90", "age_oldest"):
            book.value(row.council_id, name, "", days, call=row.id)


def _escalated(reading: Reading, book: Book) -> None:
    ways = _ways(reading)
    for row in reading.logged():
        for way in Escalation.Way.values:
            book.put(row.council_id, f"escalated_{way}", "", float((row.id, way) in ways), call=row.id)


def _ways(reading: Reading) -> Mapping[tuple[int, str], Any]:
    month = reading.month
    sql = (
        f"SELECT DISTINCT e.call_id, e.way FROM {Escalation._meta.db_table} e"  # noqa: S608 - names of tables
        f" JOIN {Call._meta.db_table} c ON c.id = e.call_id WHERE c.council_id IN ({places(reading.councils)})"
        f" AND c.kind IN ({places(DESK_KINDS)}) AND c.logged_at >= %s AND c.logged_at < %s"
    )
    params = [*reading.councils, *DESK_KINDS, bound(month.start), bound(month.end)]
    return dict.fromkeys((call_id, way) for call_id, way in fetch(sql, params))
