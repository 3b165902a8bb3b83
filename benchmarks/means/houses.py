"""A house of a benchmark's own: a fresh SQLite file, or a database of its own on a PostgreSQL server."""

import io
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

SERVER = os.environ.get("MOOTHALL_BENCH_SERVER", "root@127.0.0.1:5432")


def environment(home: Path, database: str = "") -> dict[str, str]:
    """Return what a process must be told to work in that house, and in no other."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOOTHALL_")}
    return kept | {
        "MOOTHALL_HOME": str(home),
        "MOOTHALL_DATABASE_URL": f"postgresql://{SERVER}/{database}" if database else "",
        "MOOTHALL_DATABASE_ROLE": f"{database}_role" if database else "",
        "MOOTHALL_SECRET_KEY": "for benchmarks only: fifty characters that guard nothing",
        "MOOTHALL_SECOND_FACTOR": "off",
        "DJANGO_SETTINGS_MODULE": "moothall.config.settings",
    }


def enter(home: Path, database: str = "") -> None:
    """Make this very process live in that house. Only once in a process: Django is set up once."""
    surroundings = environment(home, database)
    os.environ.clear()
    os.environ.update(surroundings)
    import django

    django.setup()


@contextmanager
def folder(name: str, *, keep: bool = False) -> Iterator[Path]:
    """Lend a home folder; it is deleted afterwards unless it is to be kept."""
    home = Path(tempfile.mkdtemp(prefix=f"moothall-bench-{name}-"))
    try:
        yield home
    finally:
        if not keep:
            shutil.rmtree(home, ignore_errors=True)


@contextmanager
def own_house(name: str) -> Iterator[Path]:
    """Lend a migrated house on SQLite and make this process live in it."""
    with folder(name) as home:
        enter(home)
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield home


def prepare(home: Path, database: str, build: Callable[[], None]) -> None:
    """Make this process live in a house that `build` fills; one that was filled before is used as it is."""
    done = home / "built"
    if not done.exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        if database:
            _server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)', f'CREATE DATABASE "{database}"')
    enter(home, database)
    if done.exists():
        return
    from django.core.management import call_command

    began = time.monotonic()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("protect", stdout=io.StringIO())
    build()
    logging.disable(logging.NOTSET)
    done.write_text("")
    print(f"(built in {time.monotonic() - began:.0f} seconds)", flush=True)


def each_by_itself(script: str, on: Sequence[str] = ("sqlite", "postgresql")) -> NoReturn:
    """Run a benchmark on one database after the other, each in a process of its own; leave with the worst status."""
    given = iter(sys.argv[1:])
    words = [word for word in given if not (word == "--on" and next(given, ""))]
    sys.exit(
        max(
            subprocess.run([sys.executable, script, "--on", each, *words], check=False).returncode
            for each in on
        )
    )


@contextmanager
def lived_in(
    on: str, home: str, database: str, build: Callable[[], None], *, keep: bool
) -> Iterator[tuple[Path, str]]:
    """Lend a house that `build` fills once, in the temporary folder: its home, and its database on a server.

    The home stays for the next time; a database on PostgreSQL is dropped unless it is to be kept.
    """
    place = Path(tempfile.gettempdir()) / f"moothall-bench-{home}-{on}"
    name = f"moothall_bench_{database}" if on == "postgresql" else ""
    prepare(place, name, build)
    try:
        yield place, name
    finally:
        if name and not keep:
            drop(name, place)


def drop(database: str, home: Path) -> None:
    """Take down a house on PostgreSQL."""
    from django.db import connections

    connections.close_all()
    shutil.rmtree(home, ignore_errors=True)
    _server(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)', f'DROP ROLE IF EXISTS "{database}_role"')


def a_house(home: Path, database: str) -> Any:
    """Return a house as the tests know it: for processes of its own, this one stays outside."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "moothall.config.settings"
    os.environ.setdefault("MOOTHALL_HOME", str(home))
    from tests.config.houses import House

    return House(home, f"postgresql://{SERVER}/{database}" if database else "")


def found_server(database: str) -> None:
    if database:
        _server(f'CREATE DATABASE "{database}"')


def drop_server(database: str) -> None:
    if database:
        _server(
            f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)', f'DROP ROLE IF EXISTS "{database}_role"'
        )


def _server(*statements: str) -> None:
    import psycopg

    with psycopg.connect(f"postgresql://{SERVER}/postgres", autocommit=True) as server:
        for statement in statements:
            server.execute(statement)
