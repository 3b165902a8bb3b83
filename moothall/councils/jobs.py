"""Whose rows a job may touch: those of its council, or, for the partnership's own work, all."""

from contextlib import AbstractContextManager

from moothall.councils import scope
from moothall.journal.hooks import JobAtHand


def around(job: JobAtHand) -> AbstractContextManager[scope.Scope]:
    """Return the scope in which a job runs."""
    if job.council_id is None:
        return scope.everything(f"the job {job.task} is the whole partnership's")
    return scope.only([job.council_id])
