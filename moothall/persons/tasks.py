"""Periodic work of the register."""

from datetime import datetime

from moothall.councils import scope
from moothall.persons.actions import retaining


def keep_until(now: datetime) -> int:
    """Work out until when records are kept, at every council; return how many days were changed."""
    with scope.everything("the retention schedule is every council's"):
        return retaining.work_out(now)


def old_requests(now: datetime) -> int:
    """Empty old requests under data protection law about records that were erased; return how many."""
    with scope.everything("proof that is not needed any more is thrown away at every council"):
        return retaining.forget_requests(now)
