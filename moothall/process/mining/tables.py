"""An object-centric event log as OCEL 2.0 in SQLite: a table for each type of event and of object."""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from moothall.councils.rules import Viewer
from moothall.process.mining.choosing import Chosen
from moothall.process.mining.ocel import (
    CASE,
    CASE_ATTRIBUTES,
    COUNCIL,
    EVENT_ATTRIBUTES,
    NAMED,
    PERSON,
    TEAM,
    Log,
    name_of,
)

_FIRST = "1970-01-01T00:00:00+00:00"
_KINDS = {"string": "TEXT", "time": "TIMESTAMP", "integer": "INTEGER"}
_TABLES = """
CREATE TABLE event (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE event_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE object (ocel_id TEXT PRIMARY KEY, ocel_type TEXT NOT NULL);
CREATE TABLE object_map_type (ocel_type TEXT PRIMARY KEY, ocel_type_map TEXT NOT NULL UNIQUE);
CREATE TABLE event_object (
    ocel_event_id TEXT NOT NULL REFERENCES event, ocel_object_id TEXT NOT NULL REFERENCES object,
    ocel_qualifier TEXT NOT NULL, PRIMARY KEY (ocel_event_id, ocel_object_id, ocel_qualifier));
CREATE TABLE object_object (
    ocel_source_id TEXT NOT NULL REFERENCES object, ocel_target_id TEXT NOT NULL REFERENCES object,
    ocel_qualifier TEXT NOT NULL, PRIMARY KEY (ocel_source_id, ocel_target_id, ocel_qualifier));
"""


def ocel_tables(viewer: Viewer, cases: Iterable[Chosen], *, process: str, file: Path) -> None:
    """Write the log into an SQLite file, which is empty or not there yet."""
    with closing(sqlite3.connect(file)) as db, db:
        db.executescript(_TABLES)
        _Writer(db, Log(viewer, process)).write(cases)


class _Writer:
    """Writes events as they are read, then the objects that they were about."""

    def __init__(self, db: sqlite3.Connection, log: Log) -> None:
        self._db, self._log = db, log
        self._made: dict[tuple[str, str], str] = {}

    def write(self, cases: Iterable[Chosen]) -> None:
        for id_, name, said, about in self._log.read(cases):
            self._add("event", id_, name, EVENT_ATTRIBUTES, said)
            self._db.executemany(
                "INSERT OR IGNORE INTO event_object VALUES (?, ?, ?)", [(id_, *each) for each in about]
            )
        for case in self._log.cases:
            self._add("object", case["id"], CASE, CASE_ATTRIBUTES, {"at": case["at"], **case["attributes"]})
        for thing in self._log.others():
            attributes = CASE_ATTRIBUTES if thing[0] == CASE else NAMED
            said = {} if thing[0] == CASE else {"name": thing[1]}
            self._add("object", name_of(thing), thing[0], attributes, {"at": _FIRST, **said})
        for kind in (CASE, PERSON, TEAM, COUNCIL):
            self._table("object", kind, CASE_ATTRIBUTES if kind == CASE else NAMED)
        for case in self._log.cases:
            self._db.executemany(
                "INSERT OR IGNORE INTO object_object VALUES (?, ?, ?)",
                [(case["id"], *each) for each in case["related"]],
            )

    def _add(
        self, what: str, id_: str, kind: str, attributes: Mapping[str, str], said: Mapping[str, Any]
    ) -> None:
        table = self._table(what, kind, attributes)
        self._db.execute(f"INSERT INTO {what} VALUES (?, ?)", (id_, kind))  # noqa: S608 - one of two words
        values: Sequence[Any] = [_stored(said.get(name)) for name in attributes]
        changed = [None] if what == "object" else []
        places = ", ".join("?" * (2 + len(changed) + len(values)))
        self._db.execute(
            f"INSERT INTO {table} VALUES ({places})",  # noqa: S608 - a name made of letters and figures below
            (id_, _stored(said["at"]), *changed, *values),
        )

    def _table(self, what: str, kind: str, attributes: Mapping[str, str]) -> str:
        """Return the table of a type, made when it is first needed."""
        if (found := self._made.get((what, kind))) is not None:
            return found
        short = re.sub(r"[^A-Za-z0-9]+", "", kind.title()) or "Other"
        taken = {name for (of, _), name in self._made.items() if of == what}
        name = short if f"{what}_{short}" not in taken else f"{short}{len(taken)}"
        columns = ", ".join(f"{key} {_KINDS[type_]}" for key, type_ in attributes.items())
        changed = "ocel_changed_field TEXT, " if what == "object" else ""
        self._db.execute(
            f"CREATE TABLE {what}_{name} (ocel_id TEXT, ocel_time TIMESTAMP, {changed}{columns})"
        )
        self._db.execute(f"INSERT INTO {what}_map_type VALUES (?, ?)", (kind, name))  # noqa: S608
        self._made[what, kind] = f"{what}_{name}"
        return self._made[what, kind]


def _stored(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
