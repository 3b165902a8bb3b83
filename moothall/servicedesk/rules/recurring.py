"""Work that comes again: when, in London's time, and what is due after a stand-still. Plain values only."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from moothall.plain.errors import HouseError, NotFound

LONDON = ZoneInfo("Europe/London")
SHOWN = 5
A_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""Any moment: whether a schedule can be read is the same at all of them."""
_FIELDS = 5
_MOST_MISSED = 5_000
_NOT_ONCE_AN_HOUR = re.compile(r"\d{1,2}")


class NoSuchRecurring(NotFound):
    code = "servicedesk.no_such_recurring"
    message = "We cannot find that recurring work."
    next_step = "It may belong to another council. Look at the list of recurring work."


class NotASchedule(HouseError):
    code = "servicedesk.not_a_schedule"
    status = 422
    title = "Check when it comes"
    message = "“{schedule}” is not a schedule that we can read."
    next_step = "Write minute, hour, day of the month, month and day of the week, like “0 7 * * 1” for Mondays at 7am."


class TooOften(NotASchedule):
    code = "servicedesk.too_often"
    message = "“{schedule}” comes more often than once an hour, which would flood the queue."
    next_step = "Choose one minute of the hour, like “0 * * * *”."


class NeverComes(NotASchedule):
    code = "servicedesk.never_comes"
    message = "“{schedule}” never comes within the next years."
    next_step = "Check the day and the month, like “0 7 1 * *” for the first of each month."


def moments(schedule: str, after: datetime, count: int = SHOWN) -> list[datetime]:
    """Return the next moments of a schedule after one; refuses what cannot be read, or comes too often or never.

    >>> [each.isoformat() for each in moments("0 7 * * 1", datetime(2026, 10, 18, tzinfo=UTC), 2)]
    ['2026-10-19T06:00:00+00:00', '2026-10-26T07:00:00+00:00']
    """
    written = " ".join(schedule.split())
    parts = written.split(" ")
    if len(parts) != _FIELDS:
        raise NotASchedule(schedule=written)
    if not _NOT_ONCE_AN_HOUR.fullmatch(parts[0]):
        raise TooOften(schedule=written) if parts[0][:1] in "*0123456789" else NotASchedule(schedule=written)
    try:
        coming = CronSim(written, after.astimezone(LONDON))
        found = [next(coming).astimezone(UTC) for _ in range(count)]
    except CronSimError as wrong:
        raise NotASchedule(schedule=written) from wrong
    except StopIteration as never:
        raise NeverComes(schedule=written) from never
    return found


def following(schedule: str, after: datetime) -> datetime:
    """Return the next moment of a schedule after one."""
    return moments(schedule, after, 1)[0]


def last_due(schedule: str, due: datetime, now: datetime) -> datetime:
    """Return the latest moment of a schedule that is over, if `due` is the first that was not done.

    After a stand-still, one piece of work stands for all that were missed.

    >>> last_due("0 7 * * *", datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)).isoformat()
    '2026-11-23T07:00:00+00:00'
    """
    latest = due
    for _ in range(_MOST_MISSED):
        coming = following(schedule, latest)
        if coming > now:
            break
        latest = coming
    return latest


def in_words(schedule: str) -> str:
    """Return a schedule as people say it.

    >>> in_words("0 7 * * 1")
    'At 07:00 on Monday'
    """
    written = " ".join(schedule.split())
    return CronSim(written, A_MOMENT).explain()
