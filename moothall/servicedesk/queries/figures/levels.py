"""Service levels, and how long it took: of the calls resolved in the month, and of those that ran out unresolved."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from moothall.councils.models import Team
from moothall.councils.queries import calendar_of
from moothall.servicedesk.queries.figures.reading import Reading, Row, Run, moment
from moothall.servicedesk.rules.figures import Book

_CLOCKS = ("response", "resolve")
_HOUR = 3600
_DESK = "service-desk"
_HOLDS_FOR = 5  # working days
_COUNTS_NOWHERE = {"cancelled", "merged"}
_TIMES = ("mean", "median", "p90")


def count(reading: Reading, book: Book) -> None:
    """Count service levels, times, and who put it right."""
    desks = frozenset(Team.objects.filter(function=_DESK).values_list("id", flat=True))
    for row in reading.resolved():
        _levels(row, reading, book)
        _times(row, reading, book)
        _by_whom(row, desks, book)
    for row in reading.calls:
        _first_contact(row, reading, book)
        if row.id in reading.open_at_end:
            _run_out(row, reading, book)


def _slices(row: Row) -> Iterator[str]:
    yield ""
    if row.priority:
        yield row.slice


def _levels(row: Row, reading: Reading, book: Book) -> None:
    for clock in _CLOCKS:
        run = reading.clocks.get((row.case_id, clock))
        if run is None or run.state not in {"met", "missed"}:
            continue
        kept = float(run.state == "met")
        for key in _slices(row):
            book.put(row.council_id, f"{clock}_sla", key, kept, call=row.id)
            book.put(row.council_id, f"{clock}_strict", key, kept, call=row.id)


def _run_out(row: Row, reading: Reading, book: Book) -> None:
    """Count against the strict level what is still open and was breached by the end of the month."""
    for clock in _CLOCKS:
        run = reading.clocks.get((row.case_id, clock))
        if run is not None and breached(run, reading.at):
            for key in _slices(row):
                book.put(row.council_id, f"{clock}_strict", key, 0, call=row.id)


def breached(run: Run, at: datetime) -> bool:
    """Say whether a promise had been broken by a moment, also if nobody has looked at the clock since."""
    if run.late_at is not None:
        return _before(run.late_at, at)
    if run.state == "missed":
        return _before(run.ended_at, at)
    return run.state == "running" and _before(run.due_at, at)


def _before(when: Any, at: datetime) -> bool:
    found = moment(when)
    return found is not None and found < at


def _times(row: Row, reading: Reading, book: Book) -> None:
    found = {"respond": _used(reading.clocks.get((row.case_id, "response")))}
    if row.kind == "incident" and row.resolved_at is not None:
        found["restore"] = _used(reading.clocks.get((row.case_id, "resolve")))
        found["restore_clock"] = (row.resolved_at - row.logged_at).total_seconds() / _HOUR
    for name, hours in found.items():
        if hours is None:
            continue
        for key in _slices(row):
            for each in _TIMES:
                book.value(row.council_id, f"{name}_{each}", key, hours, call=row.id)


def _used(run: Run | None) -> float | None:
    return None if run is None or run.used_seconds is None else run.used_seconds / _HOUR


def _first_contact(row: Row, reading: Reading, book: Book) -> None:
    """Count a call that could be resolved at first contact, in the month in which it was first resolved.

    It was not if it was reopened within five working days; what came back later is another matter.
    """
    spells = reading.lives[row.id].spells
    if row.first_contact is None or row.automatic or row.ended in _COUNTS_NOWHERE or not spells:
        return
    first = spells[0]
    if not reading.month.start <= first.resolved_at < reading.month.end:
        return
    held = row.first_contact
    if held and first.reopened_at is not None:
        calendar = calendar_of(row.council_id)
        held = calendar.days_between(first.resolved_at, first.reopened_at) > _HOLDS_FOR
    book.put(row.council_id, "first_contact", "", float(held), call=row.id)


def _by_whom(row: Row, desks: frozenset[int], book: Book) -> None:
    if row.resolved_team_id is not None:
        book.put(row.council_id, "first_level", "", float(row.resolved_team_id in desks), call=row.id)
    book.value(row.council_id, "moves", "", row.moves, call=row.id)
