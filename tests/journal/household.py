"""What worker processes of the tests run; all are forked from one server that has loaded the house already."""

import sys
from collections.abc import Mapping, Sequence

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - the house is set up first
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from moothall.journal.actions import post as post_job  # noqa: E402
from tests.journal import probes  # noqa: E402
from tests.tables import make_tables  # noqa: E402


def settle() -> None:
    """Make the tables of a house."""
    make_tables()


def work(words: Sequence[str]) -> None:
    """Be `moothall worker`, and say nothing."""
    sys.stdout = sys.stderr = open("/dev/null", "w")  # noqa: SIM115, PTH123 - until the process ends
    call_command("worker", *words)


def post(task: str, args: Mapping[str, object], times: int = 1) -> None:
    """Put jobs into the outbox."""
    with transaction.atomic():
        for _ in range(times):
            post_job(task=getattr(probes, task), key="", args=args, council_id=None, now=timezone.now())
