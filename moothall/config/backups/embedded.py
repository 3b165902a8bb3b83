"""Copying the embedded database while it is in use, and reading a copy to the last row."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.management.base import CommandError

from moothall.config.backups.contents import Table

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def copy(source: Path, target: Path) -> dict[str, Table]:
    """Copy through SQLite's backup interface, check the copy, and return what is in it."""
    if not source.exists():
        raise CommandError(f"There is no database at {source}. Set MOOTHALL_HOME to the house you mean.")
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as new,
    ):
        live.backup(new, pages=4096)
        new.execute("PRAGMA journal_mode = DELETE")
    return check(target)


def check(file: Path) -> dict[str, Table]:
    """Let SQLite check the file, and return each table's rows and digest."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            (answer,) = database.execute("PRAGMA integrity_check").fetchone()
            broken = database.execute("PRAGMA foreign_key_check").fetchall()
            if answer != "ok" or broken:
                raise CommandError(f"The database is damaged: {answer if answer != 'ok' else broken[:3]}.")
            names = [name for (name,) in database.execute(TABLES)]
            return {name: digest(database, name) for name in names}
        except sqlite3.DatabaseError as error:
            raise CommandError(f"The database cannot be read: {error}.") from error


def digest(database: sqlite3.Connection, name: str) -> Table:
    """Return the rows of a table, and a digest in which their order does not count."""
    quoted = '"' + name.replace('"', '""') + '"'
    rows = database.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - the name is the database's own
    each = sorted(hashlib.sha256(repr(row).encode()).digest() for row in rows)
    return Table(len(each), hashlib.sha256(b"".join(each)).hexdigest())


def holds_data(file: Path) -> bool:
    """Say whether somebody already lives in this database: a user, or a council."""
    if not file.exists() or not file.stat().st_size:
        return False
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        asked = names & {"identity_user", "councils_council"}
        return any(database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in asked)  # noqa: S608
