"""The command `moothall`: version and help at once, all else through the rooms' management commands."""

import os
import sys


def main() -> None:
    """Run one command and leave with its exit status."""
    words = sys.argv[1:]
    if words in (["--version"], ["version"]):
        from moothall import __version__

        print(f"moothall {__version__}")
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["moothall", *words])
