"""`moothall demo`: a made-up partnership with a year of work, set up once and then served."""

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moothall.config.demo.marker import DONE, REQUESTS


class Command(BaseCommand):
    help = "Set up the demonstration (once) and serve it. Everybody in it is made up."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--home", type=Path, default=Path("home/demo"), help="Folder to keep it in.")
        parser.add_argument("--port", type=int, default=8000, help="Port to serve it at (8000).")
        parser.add_argument(
            "--requests", type=int, default=REQUESTS, help=f"Requests of the year ({REQUESTS})."
        )
        parser.add_argument("--no-serve", action="store_true", help="Only set it up.")

    def handle(self, **options: Any) -> None:
        home: Path = options["home"].expanduser().absolute()
        env = os.environ | {
            "MOOTHALL_HOME": str(home),
            "MOOTHALL_DEMO": "true",
            "MOOTHALL_TWO_PERSON_PUBLISHING": "true",
            "MOOTHALL_PUBLIC_URL": f"http://127.0.0.1:{options['port']}",
        }
        env.pop("MOOTHALL_DATABASE_URL", None)
        if not (home / DONE).exists():
            self._set_up(home, env, options["requests"])
        if options["no_serve"]:
            return
        self.stdout.write(f"Sign in as anyone at http://127.0.0.1:{options['port']}/demo/people/")
        self.stdout.flush()
        arguments = [sys.executable, "-m", "moothall", "serve", "--port", str(options["port"])]
        os.execve(sys.executable, arguments, env)  # noqa: S606 - our own program, with our own words

    def _set_up(self, home: Path, env: dict[str, str], requests: int) -> None:
        """Set up beside the folder and move it there when all is done: an interrupted set-up leaves no half house."""
        if home.exists() and any(home.iterdir()):
            raise CommandError(f"{home} holds something else. Choose an empty folder with --home.")
        making = home.with_name(f"{home.name}.setting-up")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        words = [sys.executable, "-m", "moothall", "demo_setup", "--requests", str(requests)]
        done = subprocess.run(words, env=env | {"MOOTHALL_HOME": str(making)}, check=False)  # noqa: S603
        if done.returncode:
            raise CommandError("The demonstration could not be set up; what went wrong stands above.")
        if home.exists():
            home.rmdir()
        making.rename(home)
