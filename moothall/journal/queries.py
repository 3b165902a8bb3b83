"""Reads: what happened to something, what waits, and what was set aside."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet

from moothall.journal import hooks
from moothall.journal.models import Entry, Job, Seal

_RECENT = 10_000  # entries get their seals in nearly the order of their numbers


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much is still to be done, and for how long the first of it has waited."""

    ready: int
    due: int
    running: int
    dead: int
    oldest_due: timedelta
    unsealed: int
    oldest_unsealed: timedelta


def entries(*, about: str, council_ids: Collection[int] | None) -> QuerySet[Entry]:
    """Return what happened to one thing, the oldest first.

    Only at these councils; None means every council, and what concerns the whole partnership.
    """
    rows = Entry.objects.filter(about=about).order_by("id")
    return rows if council_ids is None else rows.filter(council_id__in=list(council_ids))


def dead_jobs(council_ids: Collection[int] | None) -> QuerySet[Job]:
    """Return the jobs that were set aside, the newest first, with their last error."""
    rows = Job.objects.filter(state=Job.State.DEAD).order_by("-finished_at", "-id")
    return rows if council_ids is None else rows.filter(council_id__in=list(council_ids))


def _due(now: datetime) -> tuple[int, datetime | None]:
    """Return how many jobs are due, and since when the first. The state stands in the SQL, for its index."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), MIN(run_after) FROM journal_job WHERE state = 'ready' AND run_after <= %s",
            [connection.ops.adapt_datetimefield_value(now)],
        )
        count, oldest = cursor.fetchone()
    if isinstance(oldest, str):
        oldest = datetime.fromisoformat(oldest).replace(tzinfo=UTC)
    return count, oldest


def waiting(now: datetime) -> Waiting:
    """Return what waits, for `/readyz`, `/metrics` and `moothall doctor`; four reads, all by index."""
    unfinished = Job.objects.filter(state__in=[Job.State.READY, Job.State.RUNNING, Job.State.DEAD])
    counts = dict(unfinished.values_list("state").annotate(Count("pk")).order_by())
    due, oldest = _due(now)
    edge = (Seal.objects.aggregate(top=Max("entry_id"))["top"] or 0) - _RECENT
    sealed = Seal.objects.filter(entry_id=OuterRef("pk"))
    with hooks.whole_house("journal.waiting"):
        bare = Entry.objects.filter(~Exists(sealed), pk__gt=edge)
        unsealed = bare.aggregate(count=Count("pk"), oldest=Min("at"))
    return Waiting(
        ready=counts.get(Job.State.READY, 0),
        due=due,
        running=counts.get(Job.State.RUNNING, 0),
        dead=counts.get(Job.State.DEAD, 0),
        oldest_due=_since(oldest, now),
        unsealed=unsealed["count"],
        oldest_unsealed=_since(unsealed["oldest"], now),
    )


def _since(moment: datetime | None, now: datetime) -> timedelta:
    return max(now - moment, timedelta(0)) if moment else timedelta(0)
