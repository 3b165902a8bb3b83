"""Measure the journal: one entry written, sealed and proven, and one job, on the database of the options.

The bare side is one INSERT of the same row through Django's cursor, in the same run. Uses up a home of its own:

    MOOTHALL_HOME=$(mktemp -d) python -m benchmarks.journal
    MOOTHALL_HOME=$(mktemp -d) MOOTHALL_DATABASE_URL=postgresql:///bench python -m benchmarks.journal
"""

# ruff: noqa: E402  (the settings first)

import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from benchmarks.means.measuring import Verdicts
from moothall.councils import scope
from moothall.journal import actions, proof, sealing, worker
from moothall.messages import deliveries
from moothall.plain.actors import SYSTEM

ENTRIES, JOBS = 100_000, 300
MOST_US = {"sqlite": 60.0, "postgresql": 120.0}  # the client of PostgreSQL takes about 50 of it
FACTS = {"step": "check", "outcome": "accepted", "expected": 7, "note": "a" * 64}


def measured(words: str, count: int, work: Callable[[], object]) -> float:
    """Say what each took, and return its microseconds of CPU."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{words:28} {cpu / count * 1e6:9.1f} µs CPU each  {count / wall:11,.0f} a second")
    return cpu / count * 1e6


def write() -> None:
    now = timezone.now()
    for start in range(0, ENTRIES, 1000):
        with transaction.atomic():
            for number in range(start, start + 1000):
                actions.write(
                    by=SYSTEM,
                    what="case.step_done",
                    about=f"case:{number}",
                    council_id=number % 4 or None,
                    now=now,
                    facts=FACTS,
                )


def bare() -> None:
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    sql = (
        "INSERT INTO journal_entry (at, actor_kind, user_id, actor_name, what, about, council_id, facts, request_id)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    )
    for start in range(0, ENTRIES, 1000):
        with transaction.atomic():
            for number in range(start, start + 1000):
                with connection.cursor() as cursor:
                    row = (now, "system", None, "x", "case.step_done", f"case:{number}", 1, str(FACTS), "")
                    cursor.execute(sql, row)


def post() -> None:
    """Letters that were sent already: the job finds nothing to do, so what is measured is the running."""
    with transaction.atomic():
        for number in range(JOBS):
            letter = {"subject": "s", "body": "b", "to": [], "alternatives": []}
            actions.post(
                task=deliveries.forward,
                key=f"bench:{number}",
                args={"letter": letter},
                council_id=None,
                now=timezone.now(),
            )


def main() -> None:
    logging.disable(logging.WARNING)
    settings.MAIL_CARRIER = "django.core.mail.backends.dummy.EmailBackend"
    call_command("migrate", verbosity=0)
    with scope.everything("a benchmark"):
        print(f"{connection.vendor}, {ENTRIES:,} entries")
        measured("bare INSERT", ENTRIES, bare)
        written = measured("write", ENTRIES, write)
        measured("seal", 2 * ENTRIES, sealing.seal_everything)
        measured("verify", 2 * ENTRIES, lambda: proof.verify(Path(settings.HOME)))
        measured("post", JOBS, post)
        measured("job, take to done", JOBS, worker.drain)
    verdicts = Verdicts()
    verdicts.most("one entry written", written, MOST_US[connection.vendor], " µs")
    verdicts.leave()


main()
