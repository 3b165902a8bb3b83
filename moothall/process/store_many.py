"""Writing many new cases at once, by hand: the rows that `store` writes for one, in as few statements as can be."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from moothall.journal.cursors import QuickCursor
from moothall.process.engine.state import Around, CaseState, Happening
from moothall.process.store import (
    _CLOCK_COLUMNS,
    _EVENT_COLUMNS,
    _STEP_COLUMNS,
    _event,
    _values,
    _written_origins,
)

_AT_ONCE = 30_000
"""So many values go into one statement: PostgreSQL takes 65,535."""
_WORD_COLUMNS = ("word", "council_id", "case_id")


def event_rows(case: CaseState, happened: Iterable[tuple[Around, Sequence[Happening]]]) -> list[list[Any]]:
    """Return the events of a new case as they are stored, counted from 1."""
    flat = [(around, each) for around, several in happened for each in several]
    return [_event(case, around, seq, each) for seq, (around, each) in enumerate(flat, start=1)]


def origins(known: Mapping[str, Mapping[str, str]]) -> Any:
    """Return where answers come from, as a row of Django's keeps it."""
    return json.loads(_written_origins(known))


def insert(cases: Iterable[CaseState], events: Sequence[Sequence[Any]]) -> None:
    """Write the steps, clocks and events of new cases."""
    steps: list[list[Any]] = []
    clocks: list[list[Any]] = []
    for case in cases:
        runs = [(run, False) for run in case.superseded] + [(run, True) for run in case.steps.values()]
        steps += [[case.council_id, case.id, current, *_values(run, _STEP_COLUMNS)] for run, current in runs]
        clocks += [
            [case.council_id, case.id, *_values(each, _CLOCK_COLUMNS)]
            for each in (*case.kept, *case.clocks.values())
        ]
    rows_into("process_step", ("council_id", "case_id", "current", *_STEP_COLUMNS), steps)
    rows_into("process_clock", ("council_id", "case_id", *_CLOCK_COLUMNS), clocks)
    rows_into("process_event", _EVENT_COLUMNS, events)


def index(found_by: Iterable[tuple[int, int, Iterable[str]]]) -> None:
    """Let cases, each with its council, be found by words; in the order of the index, where they go fastest."""
    rows = [(word, council_id, case_id) for case_id, council_id, words in found_by for word in words]
    rows_into("process_searchword", _WORD_COLUMNS, sorted(rows))


def rows_into(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows; the names of table and columns come from code only."""
    if not rows:
        return
    place = f"({', '.join(['%s'] * len(columns))})"
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own words
    with QuickCursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(head + place, rows)
            return
        length = _AT_ONCE // len(columns)
        for start in range(0, len(rows), length):
            part = rows[start : start + length]
            places = ", ".join([place] * len(part))
            cursor.execute(head + places, [value for row in part for value in row])
