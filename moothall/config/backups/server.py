"""Copying a PostgreSQL database through its own client programs, at one moment that is also read through."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.core.management.base import CommandError
from psycopg import sql

from moothall.config.backups.contents import Table

Settings = dict[str, Any]
ASIDE = "before_restore_"
_EMPTY = sql.SQL("DROP SCHEMA IF EXISTS public CASCADE")
_ASIDE = sql.SQL("ALTER SCHEMA public RENAME TO {}")
_BACK = sql.SQL("ALTER SCHEMA {} RENAME TO public")
_NO_PROGRAM = (
    "{name} is not on this machine. It comes with PostgreSQL's client programs "
    "(on Debian: apt-get install postgresql-client), in the server's version or newer."
)


def connect(settings: Settings, name: str = "") -> psycopg.Connection[Any]:
    """Connect as the user of the database address, outside Django's own connections."""
    try:
        return psycopg.connect(
            dbname=name or settings["NAME"],
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            connect_timeout=10,
        )
    except psycopg.OperationalError as error:
        raise CommandError(f"PostgreSQL does not answer: {str(error).strip()}") from error


def program(name: str, settings: Settings, words: Sequence[str], database: str = "") -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, not by the command line."""
    found = shutil.which(name)
    if not found:
        raise CommandError(_NO_PROGRAM.format(name=name))
    places = {"--host": settings["HOST"], "--port": settings["PORT"], "--username": settings["USER"]}
    where = [word for option, value in places.items() if value for word in (option, str(value))]
    done = subprocess.run(  # noqa: S603 - the program is the one found above
        [found, *where, "--no-password", "--dbname", database or settings["NAME"], *words],
        env={**os.environ, "PGPASSWORD": settings["PASSWORD"], "PGOPTIONS": "-c moothall.councils={0}"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"{name} failed: {done.stderr.strip()[-2000:]}")


def copy(settings: Settings, target: Path) -> dict[str, Table]:
    """Dump the database and read its rows, both in the same snapshot."""
    with connect(settings) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        see_every_row(connection)
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        words = [
            "--format=custom",
            f"--snapshot={snapshot}",
            f"--exclude-schema={ASIDE}*",
            "--file",
            str(target),
        ]
        program("pg_dump", settings, [*words, *row_security(connection)])
        return tables(connection)


def see_every_row(connection: psycopg.Connection[Any]) -> None:
    """Open every council's rows to this connection: a backup is of the whole house."""
    connection.execute("SELECT set_config('moothall.councils', '{0}', false)")


def row_security(connection: psycopg.Connection[Any]) -> list[str]:
    """Return what pg_dump must be told: policies bind owners too where they are forced."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return [] if row and row[0] else ["--enable-row-security"]


def tables(connection: psycopg.Connection[Any]) -> dict[str, Table]:
    """Return each table's rows and digest."""
    connection.execute("SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1")
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
    ).fetchall()
    return {name: digest(connection, name) for (name,) in names}


def digest(connection: psycopg.Connection[Any], name: str) -> Table:
    """Let the server digest a table, so that no row travels; the order of rows does not count."""
    query = sql.SQL(
        "SELECT count(*), encode(sha256(coalesce(string_agg(h, ''::bytea ORDER BY h), ''::bytea)), 'hex') "
        "FROM (SELECT sha256(convert_to(t::text, 'UTF8')) AS h FROM {} t) rows"
    ).format(sql.Identifier(name))
    row = connection.execute(query).fetchone()
    return Table(row[0], row[1]) if row else Table(0, "")


def holds_data(settings: Settings) -> bool:
    """Say whether somebody already lives in this database: a user, or a council."""
    with connect(settings) as connection:
        see_every_row(connection)
        for name in ("identity_user", "councils_council"):
            there = connection.execute("SELECT to_regclass(%s)", [f"public.{name}"]).fetchone()
            if there and there[0]:
                query = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name))
                if connection.execute(query).fetchone():
                    return True
    return False


def restore(settings: Settings, dump: Path, database: str = "", *, aside: str = "") -> dict[str, Table]:
    """Bring the dump back in one transaction, and return what is in it now.

    What was there is kept in the schema `aside`, if named; if the dump does not go in, it is put back.
    """
    with connect(settings, database) as connection:
        connection.execute(_ASIDE.format(sql.Identifier(aside)) if aside else _EMPTY)
        connection.execute("CREATE SCHEMA public")
    words = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", str(dump)]
    try:
        program("pg_restore", settings, words, database)
    except CommandError:
        if aside:
            with connect(settings, database) as connection:
                connection.execute(_EMPTY)
                connection.execute(_BACK.format(sql.Identifier(aside)))
        raise
    with connect(settings, database) as connection:
        see_every_row(connection)
        return tables(connection)


@contextmanager
def scratch(settings: Settings, name: str) -> Iterator[str]:
    """Lend an empty database for a drill, and give its address."""
    with connect(settings, "postgres") as connection:
        connection.autocommit = True
        try:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise CommandError(
                f"A drill needs a database of its own; {settings['USER'] or 'this user'} may not make one. "
                "Allow it with ALTER ROLE … CREATEDB, or run the drill on another server."
            ) from error
    try:
        yield address(settings, name)
    finally:
        with connect(settings, "postgres") as connection:
            connection.autocommit = True
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


def address(settings: Settings, name: str) -> str:
    """Return the address of a neighbouring database, as MOOTHALL_DATABASE_URL has it."""
    user = quote(settings["USER"], safe="")
    password = f":{quote(settings['PASSWORD'], safe='')}" if settings["PASSWORD"] else ""
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    at = f"{user}{password}@" if user else ""
    return f"postgresql://{at}{settings['HOST']}{port}/{quote(name, safe='')}"
