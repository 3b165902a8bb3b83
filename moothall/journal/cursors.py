"""A cursor for the few statements that every step of every case runs.

Django wraps each statement of its own cursor twice, which costs more than the statement. Here one wrapper turns the
database's errors into Django's for all of them. Where statements are counted or watched, it is Django's own cursor.
"""

from types import TracebackType
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


class QuickCursor:
    """Lends a cursor of the one database; only for hand-written statements on the hot path."""

    __slots__ = ("_cursor", "_errors")

    def __enter__(self) -> Any:
        connection = connections[DEFAULT_DB_ALIAS]
        self._errors: Any = None
        if connection.queries_logged or connection.execute_wrappers or connection.needs_rollback:
            self._cursor = connection.cursor()
            return self._cursor
        connection.ensure_connection()
        self._errors = connection.wrap_database_errors
        self._errors.__enter__()
        self._cursor = connection.create_cursor()
        return self._cursor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cursor.close()
        if self._errors is not None:
            self._errors.__exit__(kind, error, trace)
