"""The PostgreSQL wrapper: before a statement runs, the connection is told whose rows may be touched, and as which role.

Row-level security (see `walls.py`) reads the session setting `moothall.councils`. It is sent only when it differs from
what this connection last got. Rolling back, to a savepoint too, may undo the setting, so the connection then forgets
what it sent; so does one that goes back to the pool. Server-side cursors are off: their rows would be fetched later,
when another scope may be in force. Values are bound by the server, which keeps the plans of what one connection asks
often (`config/databases.py`); it plans anew where a wall is and the role has changed. A pooler between us and the
server must pool sessions, not transactions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from django.utils.asyncio import async_unsafe

from moothall.councils import scope

_TELL = b"SELECT set_config('moothall.councils', $1, false), set_config('role', $2, false)"


class Cursor(base.ServerBindingCursor):
    """A cursor that tells its connection the scope before each statement."""

    wrapper: "DatabaseWrapper | None" = None

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if self.wrapper is not None:
            self.wrapper.tell()
        return super().execute(query, params, **options)  # type: ignore[misc]

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> Any:
        if self.wrapper is not None:
            self.wrapper.tell()
        return super().executemany(query, params_seq, **options)  # type: ignore[misc]

    def copy(self, *args: Any, **options: Any) -> Any:
        if self.wrapper is not None:
            self.wrapper.tell()
        return super().copy(*args, **options)  # type: ignore[misc]

    def stream(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError("Rows are not streamed: a later part could come under another scope.")


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        super().__init__(settings_dict, alias)
        self._told: tuple[str, str] | None = None
        self._quiet = False
        self._role = "none" if alias == NO_DB_ALIAS else settings_dict.get("MOOTHALL_ROLE") or "none"

    def tell(self) -> None:
        """Tell the server the scope and the role, if it does not know them."""
        telling = (scope.words(), self._role)
        if telling != self._told and not self._quiet:
            answer = self.connection.pgconn.exec_params(_TELL, [each.encode() for each in telling])
            if answer.status != psycopg.pq.ExecStatus.TUPLES_OK:
                raise psycopg.errors.error_from_result(answer, "utf-8")
            self._told = telling

    def get_connection_params(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_connection_params()
        given["cursor_factory"] = Cursor
        return given

    @async_unsafe
    def create_cursor(self, name: str | None = None) -> Any:
        del name  # a named cursor would live on the server, see above
        cursor = super().create_cursor()
        if isinstance(cursor, Cursor):
            cursor.wrapper = self
        return cursor

    def _rollback(self) -> Any:
        self._told = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._quiet = True  # a broken transaction takes no other statement than this one
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        finally:
            self._quiet = False
            self._told = None

    def _close(self) -> Any:
        self._told = None
        return super()._close()  # type: ignore[misc]

    @async_unsafe
    def connect(self) -> None:
        self._told = None
        super().connect()

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act as the role that signed in: the owner of the tables where migrations and `moothall protect` run."""
        kept, self._role = self._role, "none"
        try:
            yield
        finally:
            self._role = kept
