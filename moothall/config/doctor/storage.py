"""Questions of `moothall doctor`: whether what is kept is safe, and whether there is room for more."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from moothall.config.observability import health
from moothall.journal import immutable
from moothall.look import assets
from moothall.plain.checkup import Finding, advice, hang, problem

FULL, NETWORK = 2, {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"}
LEAST_FREE_BYTES = 2 * 2**30
OLDEST_BACKUP = timedelta(hours=26)


@hang("home")
def home(_now: datetime) -> Iterator[Finding]:
    """Look at the folder that holds everything."""
    folder: Path = settings.HOME
    if not os.access(folder, os.W_OK | os.X_OK):
        yield problem(f"{folder} cannot be written.", "Give it to the user that Moothall runs as.")
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        yield problem(
            f"Only {free // 2**20} MB are free in {folder}.", "Make room before writes are refused."
        )


@hang("database")
def database(now: datetime) -> Iterator[Finding]:
    """Look whether the database answers, is of this version, and writes before it says so."""
    if hint := health.database(now):
        yield problem(hint, "Check MOOTHALL_DATABASE_URL, the server and its disk.")
        return
    if hint := health.migrations(now):
        yield problem(hint, "Make a backup first: `moothall backup`.")
    if bare := immutable.unprotected(connection):
        yield problem(
            f"The triggers that let {', '.join(bare)} only grow are gone.",
            "Find out who did it, run `moothall journal verify`, then `moothall protect`, which puts them back.",
        )
    if connection.vendor == "sqlite":
        yield from embedded()


def embedded() -> Iterator[Finding]:
    """Look at how SQLite is set up, and at what it lies on."""
    with connection.cursor() as cursor:
        told = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        }
    if told["journal_mode"] != "wal" or told["synchronous"] != FULL:
        yield problem(
            f"SQLite is set to {told}: a power cut could lose what was acknowledged.",
            "Keep the house's own database settings (journal_mode=WAL, synchronous=FULL).",
        )
    kind = filesystem_of(settings.HOME)
    if kind in NETWORK:
        yield problem(
            f"The embedded database lies on a network folder ({kind}), where its locks do not hold.",
            "Put MOOTHALL_HOME on a disk of this machine, or use PostgreSQL.",
        )


def filesystem_of(folder: Path) -> str:
    """Return the kind of file system a folder lies on, as Linux names it; empty where it does not say."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    rows = [row.split()[1:3] for row in mounts.read_text().splitlines()]
    above = [(place, kind) for place, kind in rows if folder.is_relative_to(place.replace("\\040", " "))]
    return max(above, key=lambda row: len(row[0]))[1] if above else ""


@hang("backups")
def backups(now: datetime) -> Iterator[Finding]:
    """Look how old the newest backup is."""
    how = "Run `moothall backup` at least every night (deploy/moothall-backup.timer), and copy it elsewhere."
    made = sorted(settings.BACKUPS.glob("moothall-*.tar.gz")) if settings.BACKUPS.is_dir() else []
    if not made:
        yield problem(f"There is no backup in {settings.BACKUPS}.", how)
        return
    age = now - datetime.fromtimestamp(made[-1].stat().st_mtime, UTC)
    if age > OLDEST_BACKUP:
        yield problem(f"The newest backup is {int(age.total_seconds() // 3600)} hours old.", how)
    if settings.BACKUPS.is_relative_to(settings.HOME):
        yield advice(
            "Backups lie in the house itself, and would burn with it.",
            "Set MOOTHALL_BACKUPS to another disk, or copy them away.",
        )


@hang("assets")
def front_end(_now: datetime) -> Iterator[Finding]:
    """Look whether the browser gets its style sheets."""
    if not assets.ready():
        yield problem("The stylesheets of this site have not been built.", assets.HOW)


@hang("reading")
def readable(_now: datetime) -> Iterator[Finding]:
    """Read one row of each kind of table the first page needs; a refusal is told by its name."""
    for table in ("councils_council", "process_case", "journal_entry"):
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - the names stand above
        except DatabaseError as error:
            yield problem(f"{table} cannot be read: {type(error).__name__}.", "Run `moothall migrate`.")
