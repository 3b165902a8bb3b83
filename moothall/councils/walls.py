"""The second wall: row-level security on PostgreSQL, so that even a query without its clause brings no foreign row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Model

from moothall.councils import hooks
from moothall.councils.errors import NotTheOwner
from moothall.councils.models import CouncilOwned
from moothall.journal.models import Entry

# Asked once per statement, not per row. The second cast keeps ANY from reading the question as a table.
_HELD = "(SELECT nullif(current_setting('moothall.councils', true), '')::bigint[])::bigint[]"
_INSIDE = f"council_id = ANY ({_HELD}) OR 0 = ANY ({_HELD})"
_WALLS = """
SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'moothall_wall'
WHERE c.relrowsecurity AND c.relforcerowsecurity AND c.relnamespace = 'public'::regnamespace
"""
_LOGIN = """
SELECT r.rolname, r.rolsuper OR r.rolbypassrls, EXISTS (
  SELECT 1 FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND pg_has_role(r.rolname, c.relowner, 'MEMBER'))
FROM pg_roles r WHERE r.rolname = session_user
"""
_NOT_OURS = """
SELECT session_user FROM pg_class c
WHERE c.oid = to_regclass('public.django_migrations') AND NOT pg_has_role(session_user, c.relowner, 'MEMBER')
"""
# From PostgreSQL 16 on, whoever made a role is its member, but may not act as it before saying so.
_MAY_ACT_AS = """
SELECT pg_has_role(current_user, %s, CASE WHEN current_setting('server_version_num')::int >= 160000
                                          THEN 'SET' ELSE 'MEMBER' END)
"""


class Login(NamedTuple):
    """The role that signed in to PostgreSQL, which `RESET ROLE` always leads back to."""

    name: str
    bypasses: bool  # a superuser, or with BYPASSRLS
    owns: bool  # tables, and so may change and unprotect them


def walled() -> list[type[Model]]:
    """Return every model whose rows are kept apart: the council-owned ones and the journal's record."""
    owned = [model for model in apps.get_models() if issubclass(model, CouncilOwned)]
    return [*owned, Entry]


def missing() -> list[str]:
    """Return the tables that should have a wall and have none; for `moothall doctor`. SQLite has no second wall."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(_WALLS)
        standing = {name for (name,) in cursor.fetchall()}
    return sorted(table for model in walled() if (table := model._meta.db_table) not in standing)


def bypassed() -> bool:
    """Say whether the role that work is done as could walk through the wall: a superuser, or with BYPASSRLS."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def login() -> Login | None:
    """Return whom the house signed in to PostgreSQL as; for `moothall doctor`."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_LOGIN)
        return Login(*cursor.fetchone())


def check_owner() -> None:
    """Refuse, in words, whoever signed in without owning the tables: they could only be read and filled."""
    if connection.vendor != "postgresql":
        return
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(_NOT_OURS)
        if found := cursor.fetchone():
            raise NotTheOwner(role=found[0])


def build(role: str = "") -> list[str]:
    """Put every wall up and give the runtime role what it needs. Doing it twice changes nothing."""
    if connection.vendor != "postgresql":
        return []
    check_owner()
    existing = set(connection.introspection.table_names())
    with as_owner():
        if role:
            _let_in(role)
        models = [model for model in walled() if model._meta.db_table in existing]
        for model in models:
            _wall(model)
        if role:
            for label in sorted(hooks.append_only_tables()):
                _only_grows(role, apps.get_model(label)._meta.db_table, existing)
    return [model._meta.db_table for model in models]


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the owner of the tables, where the wrapper knows the difference."""
    act = getattr(connection, "as_owner", None)
    if act is None:
        yield
        return
    with act():
        yield


def _let_in(role: str) -> None:
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {name} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        cursor.execute(_MAY_ACT_AS, [role])
        if not cursor.fetchone()[0]:
            cursor.execute(f"GRANT {name} TO current_user")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
        cursor.execute(f"REVOKE ALL ON TABLE django_migrations FROM {name}")
        cursor.execute(f"GRANT SELECT ON TABLE django_migrations TO {name}")


def _wall(model: type[Model]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    check = _INSIDE if issubclass(model, CouncilOwned) else f"council_id IS NULL OR {_INSIDE}"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        cursor.execute(f"DROP POLICY IF EXISTS moothall_wall ON {table}")
        cursor.execute(f"CREATE POLICY moothall_wall ON {table} USING ({_INSIDE}) WITH CHECK ({check})")


def _only_grows(role: str, table: str, existing: set[str]) -> None:
    if table in existing:
        with connection.cursor() as cursor:
            cursor.execute(
                f"REVOKE UPDATE, DELETE, TRUNCATE ON TABLE {connection.ops.quote_name(table)}"
                f" FROM {connection.ops.quote_name(role)}"
            )
