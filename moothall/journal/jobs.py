"""How one job is taken, kept, run, and ended: lease, fence, backoff, dead letters."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.utils import timezone
from django_tasks.base import Task, TaskContext

from moothall.journal import actions, hooks, rules
from moothall.journal.backend import result_of, task_of
from moothall.journal.errors import GiveUp, LostLease, NotYet
from moothall.journal.models import Job
from moothall.plain import request_id
from moothall.plain.actors import SYSTEM

log = logging.getLogger("moothall.journal.jobs")

LEASE = timedelta(seconds=30)
ERROR_KEPT = 4000
FORGOTTEN = '{"args":[],"kwargs":{}}'

_Function = TypeVar("_Function", bound=Callable[..., Any])

_NEXT = (
    "SELECT id FROM journal_job WHERE state = 'ready' AND lane > %s AND run_after <= %s"
    " ORDER BY lane, priority DESC, run_after LIMIT 1"
)
_TAKE = (
    "UPDATE journal_job SET state = 'running', attempts = attempts + 1, token = token + 1, holder = %s,"
    " leased_until = %s, started_at = %s WHERE state = 'ready' AND id = ({which})"
    " RETURNING id, task, args, council_id, attempts, token, request_id"
)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a task wants to be run."""

    together: bool = False
    attempts: int = 12
    forget: bool = False


def manner(
    *, together: bool = False, attempts: int = 12, forget: bool = False
) -> Callable[[_Function], _Function]:
    """Say how a task is run; written under `@task()`.

    `together`: what the task changes in the database and its completion are kept in one transaction, so its
    effect there happens exactly once; not for tasks that speak to the outside, which would hold the
    transaction open. `attempts`: failures before it is set aside; twelve take about three hours.
    `forget`: its arguments hold secrets, and are not kept once it is done.
    """

    def mark(function: _Function) -> _Function:
        function.__dict__["moothall_manner"] = Manner(together, attempts, forget)
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Lease:
    """A job in hand, and the token that says it is still ours."""

    id: int
    task: str
    args: str
    council_id: int | None
    attempts: int
    token: int
    request_id: str


class Lanes:
    """Takes jobs lane by lane, so that one council's thousand jobs do not hold up another's one."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        self._last = -1

    def take(self, now: datetime, lease: timedelta = LEASE) -> Lease | None:
        """Lease the next job that is due, if there is one; a glance costs no write."""
        connection = connections[DEFAULT_DB_ALIAS]
        adapt = connection.ops.adapt_datetimefield_value
        skip = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
        for lane in sorted({self._last, -1}, reverse=True):
            due = (lane, adapt(now))
            with connection.cursor() as cursor:
                cursor.execute(_NEXT, due)
                if cursor.fetchone() is None:
                    continue
            with transaction.atomic(), connection.cursor() as cursor:
                holding = (self.holder, adapt(now + lease), adapt(now))
                cursor.execute(_TAKE.format(which=_NEXT + skip), (*holding, *due))
                if row := cursor.fetchone():
                    job = Lease(*row)
                    self._last = job.council_id or 0
                    return job
        return None


def run(lease: Lease, now: Callable[[], datetime] = timezone.now) -> str:
    """Run a leased job to one of its ends; return which: done, again, waiting, dead or lost."""
    began = time.monotonic()
    request_id.enter(lease.request_id or f"job-{lease.id}")
    try:
        with hooks.around(hooks.JobAtHand(lease.id, lease.task, lease.council_id)):
            ending, why = _attempt(lease, now)
    finally:
        request_id.enter("")
    took = round((time.monotonic() - began) * 1000)
    log.log(
        logging.INFO if ending == "done" else logging.WARNING,
        "job %d %s %s after %d ms, attempt %d%s",
        *(lease.id, lease.task, ending, took, lease.attempts, f": {why}" if why else ""),
        extra={
            "job": lease.id,
            "task": lease.task,
            "ending": ending,
            "ms": took,
            "council": lease.council_id,
        },
    )
    return ending


def _attempt(lease: Lease, now: Callable[[], datetime]) -> tuple[str, str]:
    try:
        task = task_of(lease.task)
        with ExitStack() as stack:
            if manner_of(task).together:
                stack.enter_context(transaction.atomic())
            value = _call(task, lease)
            finish(lease, value, now(), forget=manner_of(task).forget)
    except LostLease as lost:
        return "lost", str(lost)
    except NotYet as wait:
        return _put_back(lease, str(wait), run_after=now() + wait.wait, counted=False), str(wait)
    except GiveUp as reason:
        return _set_aside(lease, str(reason), now()), str(reason)
    except Exception as error:  # noqa: BLE001  (it is kept, told and tried again)
        return _failed(lease, error, now()), f"{type(error).__name__}: {error}"
    return "done", ""


def manner_of(task: Task[..., Any]) -> Manner:
    found = getattr(task.func, "moothall_manner", None)
    return found if isinstance(found, Manner) else Manner()


def _call(task: Task[..., Any], lease: Lease) -> Any:
    words = json.loads(lease.args)
    if task.takes_context:
        context = TaskContext(task_result=result_of(Job.objects.get(pk=lease.id), task, task.backend))
        return task.call(context, *words["args"], **words["kwargs"])
    return task.call(*words["args"], **words["kwargs"])


def finish(lease: Lease, value: Any, now: datetime, *, forget: bool = False) -> None:
    """Mark the job done, if it is still ours."""
    args = {"args": FORGOTTEN} if forget else {}
    _end(lease, state=Job.State.DONE, finished_at=now, result=json.dumps(value), last_error="", **args)


def _attempts_of(task: str) -> int:
    """Return how often a task may fail; one that is not here (an older release?) may come back, so as any other."""
    try:
        return manner_of(task_of(task)).attempts
    except (ImportError, TypeError):
        return Manner().attempts


def _failed(lease: Lease, error: Exception, now: datetime) -> str:
    words = f"{type(error).__name__}: {error}"
    if isinstance(error, DatabaseError):
        connections[DEFAULT_DB_ALIAS].close_if_unusable_or_obsolete()
    if lease.attempts >= _attempts_of(lease.task):
        return _set_aside(lease, words, now)
    wait = rules.backoff(lease.attempts, secrets.randbelow(1001) / 1000)
    return _put_back(lease, words, run_after=now + wait, counted=True)


def _put_back(lease: Lease, error: str, *, run_after: datetime, counted: bool) -> str:
    attempts = lease.attempts if counted else lease.attempts - 1
    try:
        _end(
            lease,
            state=Job.State.READY,
            run_after=run_after,
            attempts=attempts,
            last_error=rules.storable(error[:ERROR_KEPT]),
        )
    except LostLease:
        return "lost"
    return "again" if counted else "waiting"


def _set_aside(lease: Lease, error: str, now: datetime) -> str:
    error = rules.storable(error[:ERROR_KEPT])
    try:
        with transaction.atomic():
            _end(lease, state=Job.State.DEAD, finished_at=now, last_error=error)
            record_death(lease.id, lease.task, lease.council_id, error, now)
    except LostLease:
        return "lost"
    return "dead"


def record_death(job_id: int, task: str, council_id: int | None, error: str, now: datetime) -> None:
    """Write down that a job was set aside, for a person to look at.

    The record is never changed, so it has only the kind of the error. Its words may name somebody: the job has them.
    """
    facts = {"task": task, "error": rules.kind_of(error)}
    actions.write(
        by=SYSTEM, what="job.set_aside", about=f"job:{job_id}", council_id=council_id, now=now, facts=facts
    )


def _end(lease: Lease, **changes: Any) -> None:
    ours = Job.objects.filter(pk=lease.id, token=lease.token, state=Job.State.RUNNING)
    if not ours.update(leased_until=None, **changes):
        raise LostLease(f"job {lease.id} was taken over by another worker")


def keep(leases: dict[int, int], until: datetime) -> None:
    """Hold on to running jobs, given as job number and token."""
    for job_id, token in leases.items():
        Job.objects.filter(pk=job_id, token=token, state=Job.State.RUNNING).update(leased_until=until)


def reclaim(now: datetime, limit: int = 100) -> int:
    """Take back jobs whose worker has not been heard of; set aside those that kill their workers."""
    lapsed = Job.objects.filter(state=Job.State.RUNNING, leased_until__lt=now).order_by("leased_until")
    taken = 0
    for job in lapsed[:limit]:
        words = f"The worker {job.holder} was not heard of again while it ran this."
        allowed = _attempts_of(job.task)
        ours = Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING, leased_until__lt=now)
        with transaction.atomic():
            if job.attempts < allowed:
                taken += ours.update(state=Job.State.READY, leased_until=None, last_error=words)
            elif ours.update(state=Job.State.DEAD, leased_until=None, finished_at=now, last_error=words):
                record_death(job.pk, job.task, job.council_id, words, now)
                taken += 1
    return taken


def tidy(now: datetime, limit: int = 5000) -> int:
    """Forget jobs that were done ninety days ago; the record of what they did stays."""
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - timedelta(days=90))
    return old.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()[0]
