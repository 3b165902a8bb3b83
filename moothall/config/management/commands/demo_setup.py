"""`moothall demo_setup`: found the demonstration in this house and play its year."""

import logging
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from moothall.config.demo import designing, desk, offices_at_work, register
from moothall.config.demo.cast import found
from moothall.config.demo.marker import DONE, REQUESTS
from moothall.config.demo.year import play
from moothall.councils.models import Partnership

ERRANDS_EACH = 8
"""So many requests of residents come with one thing that staff ask of each other."""


class Command(BaseCommand):
    help = "Found the demonstration in an empty house in demonstration mode. `moothall demo` calls it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--requests", type=int, default=REQUESTS, help=f"Requests of the year ({REQUESTS})."
        )

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This house is not in demonstration mode, so nothing was made up. Use `moothall demo`."
            )
        begun = time.monotonic()
        call_command("migrate", verbosity=0, interactive=False)
        if Partnership.objects.exists():
            raise CommandError(f"{settings.HOME} holds a partnership already, so nothing was made up.")
        self.stdout.write("Setting up the demonstration. This is done once and takes a few minutes.")
        now = timezone.now()
        with (
            connection.cursor() as cursor
        ):  # an interrupted set-up is begun anew, so nothing need be on the disk yet
            cursor.execute("PRAGMA synchronous = OFF")
        cast = found(now)
        designing.publish()
        play(cast, options["requests"], now, self._progress)
        offices_at_work.play(cast, options["requests"] // ERRANDS_EACH, now, self._progress)
        register.play(cast, now, self._progress)
        desk.play(cast, now)
        designing.propose(now)
        self.stdout.write("\nDelivering its mail to the demonstration's mailbox.")
        logging.disable(logging.INFO)  # a line for each of some thousand emails tells nobody anything
        call_command("worker", "--drain")
        logging.disable(logging.NOTSET)
        call_command("journal", "checkpoint")
        (settings.HOME / DONE).write_text(now.isoformat())
        self.stdout.write(f"Set up in {time.monotonic() - begun:.0f} seconds.")

    def _progress(self, number: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r  {number:,} requests", ending="")
            self.stdout.flush()
