"""What must be so before the house opens: a folder of its own, and tables of this version."""

import fcntl
import os
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections

from moothall.config.observability.health import migrations_waiting


def prepare(home: Path) -> None:
    """Make the embedded database ready; of PostgreSQL only ask that its operator has."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        waiting = migrations_waiting()
    except DatabaseError as error:
        raise CommandError(
            f"The database does not answer: {str(error).strip()}\n"
            "Check MOOTHALL_DATABASE_URL, and that the server runs, then start again."
        ) from error
    if waiting and connection.vendor == "sqlite":
        call_command("migrate", verbosity=0, interactive=False)
    elif waiting:
        raise CommandError(
            f"{waiting} migrations wait. Run `moothall backup`, `moothall migrate` and `moothall protect`, "
            "then start again."
        )
    leave_database()


def leave_database() -> None:
    """Close every connection, so that no forked process shares one."""
    for each in connections.all(initialized_only=True):
        each.close()
        if close_pool := getattr(each, "close_pool", None):
            close_pool()


def hold_house(home: Path) -> IO[str]:
    """Take the house's one place for a server; the lock goes when the file is closed, or its process ends."""
    place = home / "run" / "serve.pid"
    place.parent.mkdir(parents=True, exist_ok=True)
    file = place.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise CommandError(
            f"Another `moothall serve` (process {holder}) already keeps the house in {home}. "
            "Stop it first, or give this one a MOOTHALL_HOME of its own."
        ) from error
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file
