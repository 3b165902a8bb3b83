"""DuckDB, and the only file that knows it: tables that live as long as one piece of work.

What grows larger than memory goes to a folder that is removed afterwards. A connection is used by one thread, and every
answer is read whole: DuckDB 2 refuses the next statement while one is half read.
"""

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

_AT_ONCE = 50_000


class Store:
    """Tables of many rows."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.connection = connection
        self._folder = folder

    def run(self, sql: str) -> None:
        """Do one statement."""
        self.connection.execute(sql).fetchall()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self.connection.execute(sql).fetchall()

    def number(self, sql: str) -> float:
        """Return the one number that a query comes to; 0 if it is none."""
        return float(self.rows(sql)[0][0] or 0)

    def each(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query, so many at once. Nothing else may be asked on this store before the last."""
        answer = self.connection.execute(sql)
        while rows := answer.fetchmany(_AT_ONCE):
            yield from rows

    def table(self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
        """Make a table of rows in the order of the columns, and return how many there were.

        Text is kept as it is, empty text too; None becomes null in columns that are not text. What DuckDB cannot read
        as its column's type is an error of the caller.
        """
        path = self._folder / f"{name}.csv"
        number = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            write = csv.writer(file, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerow
            for number, row in enumerate(rows, 1):  # noqa: B007
                write(row)
        names = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
        text = ", ".join(f"'{column}'" for column, kind in columns.items() if kind == "VARCHAR")
        kept = f", force_not_null = [{text}]" if text else ""
        if number:
            self.run(
                f"create or replace table {name} as from read_csv('{path}', columns = {{{names}}}, header = false, "
                f"auto_detect = false, delim = ',', quote = '\"', escape = '\"'{kept})"
            )
        else:
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.run(f"create or replace table {name} ({listed})")
        path.unlink()
        return number


@contextmanager
def store(*, threads: int | None = None, memory: str = "") -> Iterator[Store]:
    """Give a store that is gone afterwards. `memory` limits what it takes, like "4GB"; the rest goes to the disk."""
    with tempfile.TemporaryDirectory(prefix="moothall-datasets-") as folder:
        options: dict[str, str | bool | int | float | list[str]] = {
            "threads": threads or os.cpu_count() or 1,
            "temp_directory": str(Path(folder) / "spill"),
            "preserve_insertion_order": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        if memory:
            options["memory_limit"] = memory
        connection = duckdb.connect(":memory:", config=options)
        try:
            yield Store(connection, Path(folder))
        finally:
            connection.close()
