"""Tasks that tests give to the worker."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django_tasks import TaskContext, task

from moothall.journal.actions import write
from moothall.journal.errors import GiveUp, NotYet
from moothall.journal.jobs import manner
from moothall.plain.actors import SYSTEM

calls: list[Any] = []
failures = {"left": 0}


def reset(*, fail: int = 0) -> None:
    calls.clear()
    failures["left"] = fail


def _maybe_fail() -> None:
    if failures["left"]:
        failures["left"] -= 1
        raise ValueError("no luck")


@task()
def succeed(value: int = 0, council_id: int | None = None) -> int:
    del council_id
    calls.append(value)
    return value * 2


@task()
@manner(attempts=3)
def stubborn() -> None:
    calls.append("tried")
    _maybe_fail()


@task()
def hopeless() -> None:
    raise GiveUp("this address will never exist")


@task()
def patient() -> None:
    raise NotYet("no mail server yet", wait=timedelta(minutes=5))


@task()
@manner(together=True)
def effect_then_failure() -> None:
    note("effect")
    _maybe_fail()


@task()
def database_error() -> None:
    raise IntegrityError("planted")


@task(takes_context=True)
def with_context(context: TaskContext, word: str) -> str:
    return f"{word} {context.attempt}"


@task()
@manner(forget=True)
def secret(*, code: str) -> None:
    calls.append(code)


@task(priority=50)
def urgent() -> None:
    calls.append("urgent")


@task()
@manner(together=True)
def killed_the_first_time(*, marker: str) -> None:
    """Make an effect, then, the first time, die as by power cut before it is committed."""
    note("effect")
    first = Path(marker)
    if not first.exists():
        first.write_text("died here")
        os.kill(os.getpid(), signal.SIGKILL)


@task()
def slow(*, seconds: float, marker: str) -> None:
    Path(marker).write_text("begun")
    time.sleep(seconds)
    Path(marker).write_text("finished")


def note(what: str) -> None:
    write(by=SYSTEM, what=f"probe.{what}", about="probe:1", council_id=None, now=timezone.now())
