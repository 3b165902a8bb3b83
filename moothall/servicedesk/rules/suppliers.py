"""Supplier clocks: whose the time of a call was, whether promises fit inside ours, and what is owed for broken ones.

Plain values: calendars come in, seconds and pence go out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from moothall.plain.working_time import Calendar

OURS, USER, SUPPLIER, RESOLVED = "ours", "user", "supplier", "resolved"
WHOSE: Mapping[str, str] = {OURS: "The desk and its teams", USER: "The user", SUPPLIER: "Suppliers"}
_WHOLE = 10_000
_TRIED_DAYS = 14
TRIED_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of a call's time that was not ours: with the user, with a supplier, or resolved and not counted."""

    whose: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Shares:
    """The open seconds of a call's time, by whose they were. They add up to all of them."""

    ours: int = 0
    user: int = 0
    supplier: int = 0

    @property
    def whole(self) -> int:
        return self.ours + self.user + self.supplier

    def per_cent(self, whose: str) -> int:
        """Return a share in whole per cent, rounded down; 0 of nothing.

        >>> Shares(ours=30, supplier=60).per_cent("supplier"), Shares().per_cent("ours")
        (66, 0)
        """
        return int(getattr(self, whose)) * 100 // self.whole if self.whole else 0


def shares(calendar: Calendar, start: datetime, end: datetime, spells: Iterable[Spell]) -> Shares:
    """Return whose the time from start to end was. Where two spells overlap, the one that began first has it.

    What was resolved until it was taken up again is nobody's.
    """
    found = {USER: 0, SUPPLIER: 0, RESOLVED: 0}
    at = start
    for spell in sorted(spells, key=lambda each: (each.start, each.end)):
        begins, ends = max(spell.start, at), min(spell.end, end)
        if begins < ends:
            found[spell.whose] += calendar.between(begins, ends)
            at = ends
    whole = max(0, calendar.between(start, end)) - found[RESOLVED]
    return Shares(whole - found[USER] - found[SUPPLIER], found[USER], found[SUPPLIER])


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of a supplier on one call: when it runs out, and when it was done. `kind`: respond or resolve."""

    kind: str
    due_at: datetime
    done_at: datetime | None = None

    def decided_at(self, now: datetime) -> datetime | None:
        """Return when it became certain whether it was kept: when it was done, or ran out if that was first."""
        if self.done_at is not None:
            return min(self.done_at, self.due_at)
        return self.due_at if self.due_at < now else None

    def met(self, now: datetime) -> bool | None:
        """Say whether it was kept; None while it may still be."""
        if self.done_at is not None:
            return self.done_at <= self.due_at
        return False if self.due_at < now else None


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises were due in a month, and how many of them were kept."""

    due: int = 0
    met: int = 0

    @property
    def missed(self) -> int:
        return self.due - self.met


def kept(promises: Iterable[Promised], begin: datetime, end: datetime, now: datetime) -> Kept:
    """Return the promises that were decided in a span of time (end not included), each of them once.

    Months do not overlap, so neither do their figures: what was promised is counted in one month, whichever.
    """
    due = met = 0
    for each in promises:
        at = each.decided_at(now)
        if at is not None and begin <= at < end:
            due += 1
            met += each.met(now) is True
    return Kept(due, met)


def credit_pence(missed: int, charge_pence: int, each_basis_points: int, limit_basis_points: int) -> int:
    """Return the service credit of a month: so much of the monthly charge for each miss, up to the limit.

    Part pennies are dropped, once, at the end: the supplier is never asked for more than the contract says. A limit of
    0 is none, and then the charge is.

    >>> credit_pence(2, 100_000, 250, 1_000), credit_pence(9, 100_000, 250, 1_000), credit_pence(0, 100_000, 250, 0)
    (5000, 10000, 0)
    """
    share = min(missed * each_basis_points, limit_basis_points or _WHOLE, _WHOLE)
    return charge_pence * share // _WHOLE


@dataclass(frozen=True, slots=True)
class Gap:
    """A supplier's promise that may run out after ours: for a call that begins then, by so many seconds."""

    starts_at: datetime
    ours_at: datetime
    theirs_at: datetime

    @property
    def seconds(self) -> int:
        return int((self.theirs_at - self.ours_at).total_seconds())


def tried(since: datetime) -> list[datetime]:
    """Return the moments at which promises are held against each other: every hour of the next two weeks."""
    return [since + number * TRIED_EVERY for number in range(timedelta(days=_TRIED_DAYS) // TRIED_EVERY)]


def worst(ours: Sequence[int], theirs: Sequence[int]) -> int | None:
    """Return the first of several moments at which a supplier's promise outlasts ours most, by when each runs out.

    None if theirs always ends first: then it fits inside, whatever hours each is counted in.

    >>> worst([10, 20, 30], [5, 26, 36]), worst([10, 20], [10, 15])
    (1, None)
    """
    gaps = [their - our for our, their in zip(ours, theirs, strict=True)]
    most = max(gaps, default=0)
    return gaps.index(most) if most > 0 else None


def outlasts(
    theirs_at: datetime | None, passed_at: datetime, left: int | None, ours: Calendar
) -> datetime | None:
    """Return when our own promise would have run out while a supplier has a call, if theirs ends after that.

    Our clock stands still meanwhile; the user waits all the same. `left` are the seconds that we had then.
    """
    if theirs_at is None or left is None:
        return None
    would_end = ours.add(passed_at, max(left, 0))
    return would_end if theirs_at > would_end else None


def spent_in_words(found: Shares) -> Sequence[tuple[str, int, int]]:
    """Return whose time it was in words, with the seconds and the share in per cent, for those who had any."""
    rows = [(WHOSE[whose], int(getattr(found, whose)), found.per_cent(whose)) for whose in WHOSE]
    return [row for row in rows if row[1]]
