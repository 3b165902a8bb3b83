"""Periodic work of the register."""

from datetime import datetime

from moothall.councils import scope
from moothall.persons.actions import retaining


def keep_until(now: datetime) -> int:
    """Work out until when records are kept, at every council; return how many days were changed."""
    with scope.everything("the retention schedule is every council's"):
        return retaining.work_out(now)
