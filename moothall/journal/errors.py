"""Why the journal may say no, and how a job says that it cannot go on."""

from datetime import timedelta

from moothall.plain.errors import HouseError, NotFound


class OutsideATransaction(RuntimeError):
    """A programmer's mistake: the record and what it tells of must be kept or lost together."""


class GiveUp(Exception):
    """Raised by a job that can never succeed: it is set aside at once, with this reason."""


class NotYet(Exception):
    """Raised by a job that has nothing to run into yet: it waits, and the attempt is not counted."""

    def __init__(self, reason: str, *, wait: timedelta = timedelta(minutes=1)) -> None:
        self.wait = wait
        super().__init__(reason)


class LostLease(Exception):
    """Another worker has taken the job over; what this one did with it is not kept."""


class NoSuchJob(NotFound):
    code = "journal.no_such_job"

    def __init__(self) -> None:
        super().__init__(what="job")


class NotDead(HouseError):
    code = "journal.not_dead"
    status = 409
    title = "That job is not set aside"
    message = "Only a job that was set aside can be sent again; this one is {state}."
    next_step = "Look at the list again: somebody may have sent it already."
