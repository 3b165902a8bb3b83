"""Is the house fit to answer? Each probe says so, or says in a sentence what is in the way."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from moothall.journal import queries as journal
from moothall.journal.models import Turn

LEAST_FREE_BYTES = 256 * 1024 * 1024
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_UNSEALED = timedelta(minutes=1)
PROBE = "readyz"


@dataclass(frozen=True, slots=True)
class Probe:
    """What one probe found. `hint` is empty when all is well."""

    name: str
    hint: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is in the way."""
        return not self.hint


def probes(now: datetime) -> Iterator[Probe]:
    """Run every probe; when the database does not answer, those that need it are not tried."""
    yield Probe("disk", disk())
    unwritable = database(now)
    yield Probe("database", unwritable)
    if unwritable:
        return
    asked: tuple[tuple[str, Callable[[datetime], str]], ...] = (
        ("migrations", migrations),
        ("queue", queue),
        ("journal", sealing),
    )
    for name, probe in asked:
        try:
            yield Probe(name, probe(now))
        except DatabaseError as error:
            yield Probe(name, f"The database refused the question: {type(error).__name__}.")


def disk() -> str:
    """Say whether there is room for what is written next."""
    free = shutil.disk_usage(settings.HOME).free
    if free >= LEAST_FREE_BYTES:
        return ""
    return f"Only {free // 2**20} MB are free where {settings.HOME.name} is kept. Make room."


def database(now: datetime) -> str:
    """Say whether a row can be written, not only read."""
    try:
        with transaction.atomic():
            Turn.objects.update_or_create(name=PROBE, defaults={"held_until": now, "done_at": now})
    except (DatabaseError, OSError) as error:
        return f"No row could be written: {type(error).__name__}."
    return ""


def migrations(_now: datetime) -> str:
    """Say whether the tables are those of this version."""
    waiting = migrations_waiting()
    return f"{waiting} migrations wait. Run `moothall migrate`." if waiting else ""


def migrations_waiting() -> int:
    """Count the migrations that the database has not seen."""
    return len(_shipped() - MigrationRecorder(connection).applied_migrations().keys())


@lru_cache(maxsize=1)
def _shipped() -> frozenset[tuple[str, str]]:
    """Return the migrations of this version; its files do not change under a running process."""
    return frozenset(MigrationLoader(None).disk_migrations)


def queue(now: datetime) -> str:
    """Say whether a worker takes the jobs."""
    wait = journal.waiting(now).oldest_due
    if wait <= LONGEST_WAIT:
        return ""
    minutes = int(wait.total_seconds() // 60)
    return f"The oldest job has waited for {minutes} minutes. See that `moothall worker` runs."


def sealing(now: datetime) -> str:
    """Say whether the seal keeps up with the record."""
    lag = journal.waiting(now).oldest_unsealed
    if lag <= LONGEST_UNSEALED:
        return ""
    return f"The record is unsealed since {int(lag.total_seconds())} s. See that `moothall worker` runs."
