"""`moothall worker`: does the jobs and the periodic work until it is told to stop."""

import signal
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from moothall.journal import jobs, worker


class Command(BaseCommand):
    help = "Do the jobs and the periodic work. SIGTERM: finish the job in hand, then stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--drain", action="store_true", help="Do the jobs that are due, then stop.")
        parser.add_argument("--once", action="store_true", help="Do all periodic work and due jobs once.")

        parser.add_argument(
            "--lease",
            type=float,
            default=jobs.LEASE.total_seconds(),
            help="Seconds after which the job of a worker that fell silent is given to another (default 30).",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["drain"] or options["once"]:
            done = worker.once() if options["once"] else worker.drain()
            self.stdout.write(f"{done} jobs done.")
            return
        hand = worker.Worker(timedelta(seconds=options["lease"]))
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: hand.stop())
        hand.run()
