"""Tables that only grow: triggers that refuse every change, on both databases."""

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.migrations.loader import MigrationLoader

_SQLITE = """CREATE TRIGGER IF NOT EXISTS "{table}_no_{verb}" BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} only grows: {verb} refused'); END"""

_POSTGRESQL_FUNCTION = """CREATE OR REPLACE FUNCTION moothall_only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, lower(TG_OP)
  USING ERRCODE = 'integrity_constraint_violation';
END $$"""

_POSTGRESQL = """CREATE OR REPLACE TRIGGER "{table}_only_grows"
BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION moothall_only_grows()"""


class Immutable(RunPython):
    """A migration's promise that a table only grows.

    Repeat it after each change of the table: SQLite makes the table anew, without its triggers.
    """

    def __init__(self, table: str) -> None:
        self.table = table

        def forwards(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
            protect(schema.connection, table)

        def backwards(_apps: Apps, schema: BaseDatabaseSchemaEditor) -> None:
            release(schema.connection, table)

        super().__init__(forwards, backwards, elidable=False)

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        return self.__class__.__qualname__, [self.table], {}

    def describe(self) -> str:
        return f"Refuse every change to rows of {self.table}"


def immutable(table: str) -> Immutable:
    """Return the operation for a migration: from here on `table` only grows."""
    return Immutable(table)


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Make the triggers of one table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
            cursor.execute(_POSTGRESQL.format(table=table))
            return
        for verb in ("update", "delete"):
            cursor.execute(_SQLITE.format(table=table, verb=verb))


def release(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers of one table away; only a migration backwards or a test has a reason to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_only_grows" ON "{table}"')
            return
        for verb in ("update", "delete"):
            cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_no_{verb}"')


def tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that the applied migrations promise to only grow."""
    loader = MigrationLoader(connection)
    return sorted(
        {
            operation.table
            for key in loader.applied_migrations
            if (migration := loader.disk_migrations.get(key)) is not None
            for operation in migration.operations
            if isinstance(operation, Immutable)
        }
    )


def unprotected(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables whose triggers are gone though they were promised; `moothall doctor` asks."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE t.tgname = c.relname || '_only_grows' AND t.tgenabled IN ('O', 'A')"
            )
            guarded = {name for (name,) in cursor.fetchall()}
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
            found = set(cursor.fetchall())
            guarded = {
                table
                for table, _ in found
                if {(table, f"{table}_no_update"), (table, f"{table}_no_delete")} <= found
            }
    return [table for table in tables(connection) if table not in guarded]
