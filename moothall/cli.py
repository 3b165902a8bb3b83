"""The command `moothall`: version and help at once, all else through the rooms' management commands."""

import os
import sys

_UNKNOWN = ("42P01", "42703")  # what PostgreSQL calls a table, and a column, that is not there
MIGRATE = "The tables of this house are missing, or older than this Moothall. Run `moothall migrate` first."


def main() -> None:
    """Run one command and leave with its exit status."""
    words = sys.argv[1:]
    if words in (["--version"], ["version"]):
        from moothall import __version__

        print(f"moothall {__version__}")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")
    from django.core.management import execute_from_command_line
    from django.db.utils import DatabaseError

    try:
        execute_from_command_line(["moothall", *words])
    except DatabaseError as error:
        if not _lacks_tables(error):
            raise
        sys.exit(MIGRATE)


def _lacks_tables(error: Exception) -> bool:
    said = str(error)
    return (
        getattr(error.__cause__, "sqlstate", None) in _UNKNOWN
        or said.startswith("no such table")
        or "no such column" in said
    )
