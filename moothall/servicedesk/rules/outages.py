"""How long a system was away, and for how many: stretches of time that are joined, cut and counted. Plain values only.

An outage may be recorded twice, or begin while another is going on: no minute is counted twice. Time in which a council
has agreed that the system may be away is no outage, and time outside agreed service time does not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from moothall.plain.working_time import Calendar

PUBLIC_LENGTH = 300
_MINUTE = 60


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A stretch of time; `users` is how many were hit in it."""

    start: datetime
    end: datetime
    users: int = 0

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True)
class Away:
    """How long something was away within agreed service time, in how many breaks, and what that cost its users.

    `agreed` is the agreed service time without agreed maintenance: what `seconds` is a part of.
    """

    seconds: int
    user_seconds: int
    breaks: int
    agreed: int

    @property
    def minutes(self) -> int:
        return self.seconds // _MINUTE

    @property
    def user_minutes(self) -> int:
        return self.user_seconds // _MINUTE


def within(stretches: Iterable[Stretch], start: datetime, end: datetime) -> list[Stretch]:
    """Return what of some stretches lies between two moments."""
    cut = (Stretch(max(each.start, start), min(each.end, end), each.users) for each in stretches)
    return [each for each in cut if each.start < each.end]


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the time that is covered by any of the stretches, in order, without a second twice.

    Where several run at once, the one with the most users counts: they are the same users of the same system.
    """
    given = [each for each in stretches if each.start < each.end]
    edges = sorted({moment for each in given for moment in (each.start, each.end)})
    found: list[Stretch] = []
    for start, end in pairwise(edges):
        there = [each.users for each in given if each.start <= start and end <= each.end]
        if not there:
            continue
        last = found[-1] if found else None
        if last is not None and last.end == start and last.users == max(there):
            found[-1] = Stretch(last.start, end, last.users)
        else:
            found.append(Stretch(start, end, max(there)))
    return found


def without(stretches: Sequence[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Return the stretches without what is taken out of them."""
    found = list(stretches)
    for gone in taken:
        kept: list[Stretch] = []
        for each in found:
            if gone.end <= each.start or each.end <= gone.start:
                kept.append(each)
                continue
            before = Stretch(each.start, min(each.end, gone.start), each.users)
            after = Stretch(max(each.start, gone.end), each.end, each.users)
            kept += [part for part in (before, after) if part.start < part.end]
        found = kept
    return found


def away(
    outages: Iterable[Stretch],
    maintenance: Iterable[Stretch],
    calendar: Calendar,
    start: datetime,
    end: datetime,
) -> Away:
    """Return how long something was away between two moments, within agreed service time."""
    agreed_away = joined(within(maintenance, start, end))
    gone = without(joined(within(outages, start, end)), agreed_away)
    counted = [(calendar.between(each.start, each.end), each.users) for each in gone]
    service = calendar.between(start, end)
    agreed = service - sum(calendar.between(each.start, each.end) for each in agreed_away)
    return Away(
        seconds=sum(seconds for seconds, _ in counted),
        user_seconds=sum(seconds * users for seconds, users in counted),
        breaks=_breaks(gone, calendar),
        agreed=agreed,
    )


def _breaks(gone: Sequence[Stretch], calendar: Calendar) -> int:
    """Return how often it broke: what goes on with other users, or over a closed night, is the same break."""
    number, last = 0, None
    for each in gone:
        if calendar.between(each.start, each.end) == 0:
            continue
        if last is None or last != each.start:
            number += 1
        last = each.end
    return number


def user_minutes(stretches: Iterable[Stretch]) -> int:
    """Return minutes times users of one system at one council, by the clock: what an outage cost."""
    return sum(each.seconds * each.users for each in joined(stretches)) // _MINUTE
