"""A house of a benchmark's own: a fresh SQLite file, or a database of its own on a PostgreSQL server."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
