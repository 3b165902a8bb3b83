"""Writes: into the record, and into the list of what is still to be done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django_tasks.base import Task

from moothall.journal import rules
from moothall.journal.cursors import QuickCursor
from moothall.journal.errors import NoSuchJob, NotDead, OutsideATransaction
from moothall.journal.models import Job
from moothall.plain import request_id
from moothall.plain.actors import Actor

_WRITE = (
    "INSERT INTO journal_entry"
    " (at, actor_kind, user_id, actor_name, what, about, council_id, facts, request_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_POST = (
    "INSERT INTO journal_job (task, args, key, council_id, lane, priority, state, posted_at, run_after,"
    " attempts, token, holder, result, last_error, request_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, 'ready', %s, %s, 0, 0, '', 'null', '', %s) ON CONFLICT DO NOTHING"
)


def write(
    *,
    by: Actor,
    what: str,
    about: str,
    council_id: int | None,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write down what happened, in the transaction in which it happens.

    `what` is dotted ("case.step_done"), `about` is "kind:id" ("case:123"); `council_id` is None for what
    concerns the whole partnership. Facts with `witness` and `digest` let `moothall journal verify` prove
    rows of another room, too (see `hooks.witness`).
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise OutsideATransaction(f"{what} must be written in the transaction in which it happens.")
    with QuickCursor() as cursor:
        cursor.execute(
            _WRITE,
            (
                connection.ops.adapt_datetimefield_value(now),
                by.kind,
                by.user_id,
                rules.storable(by.name)[:200],
                what,
                about,
                council_id,
                rules.text_of(facts) if facts else "{}",
                request_id.current(),
            ),
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What one entry of many says: what happened, about what, at which council, and the facts."""

    what: str
    about: str
    council_id: int | None
    facts: Mapping[str, Any]


def write_many(entries: Iterable[Written], *, by: Actor, now: datetime) -> None:
    """Write down many things that somebody does at once; each is an entry like any other."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise OutsideATransaction("They must be written in the transaction in which they happen.")
    at, name = connection.ops.adapt_datetimefield_value(now), rules.storable(by.name)[:200]
    named, asked = (by.kind, by.user_id, name), request_id.current()
    rows = [
        (at, *named, each.what, each.about, each.council_id, rules.text_of(each.facts), asked)
        for each in entries
    ]
    with QuickCursor() as cursor:
        cursor.executemany(_WRITE, rows)


def post(
    *,
    task: Task[..., Any],
    key: str,
    args: Mapping[str, Any],
    council_id: int | None,
    now: datetime,
    run_after: datetime | None = None,
) -> None:
    """Put work into the outbox: it is done if, and only if, this transaction is kept; once for each key."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not connection.in_atomic_block:
        raise OutsideATransaction(f"{key} must be posted in the transaction that causes it.")
    adapt = connection.ops.adapt_datetimefield_value
    with QuickCursor() as cursor:
        cursor.execute(
            _POST,
            (
                task.module_path,
                rules.text_of({"args": [], "kwargs": dict(args)}),
                key,
                council_id,
                council_id or 0,
                task.priority,
                adapt(now),
                adapt(run_after or now),
                request_id.current(),
            ),
        )


@transaction.atomic
def send_again(*, by: Actor, job_id: int, now: datetime) -> None:
    """Give a job that was set aside all its attempts again."""
    changed = Job.objects.filter(pk=job_id, state=Job.State.DEAD).update(
        state=Job.State.READY, attempts=0, run_after=now, finished_at=None
    )
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        raise NoSuchJob
    if not changed:
        raise NotDead(state=job.state)
    write(
        by=by,
        what="job.sent_again",
        about=f"job:{job_id}",
        council_id=job.council_id,
        now=now,
        facts={"task": job.task, "error": rules.kind_of(job.last_error)},
    )
