"""How a change stands, whether its window collides with others, and how a month is laid out. Plain values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from moothall.plain.working_time import LONDON

RAISED, BOARD, APPROVED, MAKING = "raised", "board", "approved", "making"
IMPLEMENTED, FAILED, BACKED_OUT, REJECTED, WITHDRAWN = (
    "implemented", "failed", "backed-out", "rejected", "withdrawn",
)  # fmt: skip
NORMAL, EMERGENCY, STANDARD = "normal", "emergency", "standard"
PROCESS = "ict-change"
MANY = 4
"""From so many changes in one night, somebody asks whether the people for them are there."""
_EVENING, _MORNING = time(18), time(8)
_ENDED: Mapping[str, str] = {
    "implemented": IMPLEMENTED,
    "completed": IMPLEMENTED,
    "failed": FAILED,
    "backed-out": BACKED_OUT,
    "rejected": REJECTED,
}
_OPEN: Sequence[tuple[str, str]] = (
    ("make", MAKING),
    ("attend", MAKING),
    ("window", APPROVED),
    ("board", BOARD),
    ("ecab", BOARD),
)
LIVE = (RAISED, BOARD, APPROVED, MAKING)
"""The states in which a change is still to be made, or is being made."""


@dataclass(frozen=True, slots=True)
class StepSeen:
    """How one step of a change stands."""

    state: str
    outcome: str = ""


def state_of(steps: Mapping[str, StepSeen], *, closed: bool, ending: str) -> str:
    """Return how a change stands, by its steps, or by how it ended.

    >>> state_of({"raise": StepSeen("done"), "board": StepSeen("open")}, closed=False, ending="")
    'board'
    >>> state_of({}, closed=True, ending="withdrawn")
    'withdrawn'
    """
    if closed:
        return _ENDED.get(ending, WITHDRAWN)
    for key, state in _OPEN:
        if _is(steps, key, "open"):
            return state
    if _is(steps, "make", "done") or _made_before(steps):
        return _made(steps)
    return RAISED


def _is(steps: Mapping[str, StepSeen], key: str, state: str) -> bool:
    return key in steps and steps[key].state == state


def _made_before(steps: Mapping[str, StepSeen]) -> bool:
    """Whether it was made before anybody approved it: nothing is to be made, but there is something to look at."""
    return _is(steps, "make", "skipped") and ("verify" in steps or "review" in steps)


def _made(steps: Mapping[str, StepSeen]) -> str:
    outcome = steps["make"].outcome
    if outcome in {FAILED, BACKED_OUT}:
        return outcome
    verified = steps.get("verify")
    return FAILED if verified is not None and verified.outcome == FAILED else IMPLEMENTED


@dataclass(frozen=True, slots=True)
class Planned:
    """A change as far as collisions go: its window, the items that it names, and those with all that they need."""

    change_id: int
    starts_at: datetime
    ends_at: datetime
    items: frozenset[int]
    below: frozenset[int]


def overlap(one: Planned, other: Planned) -> bool:
    """Say whether two windows have a moment in common. One that begins when the other ends does not collide."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def collision(one: Planned, other: Planned) -> frozenset[int]:
    """Return the items on which two changes collide: the same, or one that the other stands on; none if they do not."""
    if not overlap(one, other):
        return frozenset()
    return (one.items & other.below) | (other.items & one.below)


def night_of(at: datetime) -> date | None:
    """Return the evening of the night in which a moment lies; None by day.

    >>> night_of(datetime(2026, 11, 24, 2, tzinfo=LONDON)), night_of(datetime(2026, 11, 24, 12, tzinfo=LONDON))
    (datetime.date(2026, 11, 23), None)
    """
    here = at.astimezone(LONDON)
    if here.time() >= _EVENING:
        return here.date()
    return here.date() - timedelta(days=1) if here.time() < _MORNING else None


def nights(starts_at: datetime, ends_at: datetime) -> set[date]:
    """Return the nights that a window touches."""
    found = set()
    at = starts_at
    while at < ends_at:
        if (night := night_of(at)) is not None:
            found.add(night)
        at += timedelta(hours=1)
    last = night_of(ends_at - timedelta(seconds=1)) if ends_at > starts_at else None
    return found | ({last} if last is not None else set())


def crowded(one: Planned, others: Iterable[Planned]) -> dict[date, int]:
    """Return the nights on which, with this one, so many changes are made that it deserves a word; with how many."""
    counted = dict.fromkeys(nights(one.starts_at, one.ends_at), 1)
    for other in others:
        for night in nights(other.starts_at, other.ends_at) & counted.keys():
            counted[night] += 1
    return {night: number for night, number in counted.items() if number >= MANY}


def weeks_of(month: date) -> list[list[date]]:
    """Return the days of a month in whole weeks, Monday first; with the days of its neighbours that complete them.

    >>> weeks = weeks_of(date(2026, 11, 23))
    >>> weeks[0][0], weeks[-1][-1], len(weeks)
    (datetime.date(2026, 10, 26), datetime.date(2026, 12, 6), 6)
    """
    first = month.replace(day=1)
    begin = first - timedelta(days=first.weekday())
    following = next_month(first)
    days = (following - begin).days
    whole = -(-days // 7)
    return [[begin + timedelta(days=7 * week + day) for day in range(7)] for week in range(whole)]


def next_month(month: date) -> date:
    """Return the first day of the month after.

    >>> next_month(date(2026, 12, 9))
    datetime.date(2027, 1, 1)
    """
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    """Return the first day of the month before.

    >>> previous_month(date(2026, 1, 9))
    datetime.date(2025, 12, 1)
    """
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def days_of(starts_at: datetime, ends_at: datetime) -> list[date]:
    """Return the days in London on which something goes on; one that ends at midnight does not reach the next."""
    first = starts_at.astimezone(LONDON).date()
    last = (ends_at.astimezone(LONDON) - timedelta(microseconds=1)).date()
    return [first + timedelta(days=number) for number in range(max(0, (last - first).days) + 1)]
