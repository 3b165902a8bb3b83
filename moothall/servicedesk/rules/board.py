"""The change board: who must sit, who may vote for a council, whether it can decide, and how long it takes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """A council's seat: who holds it, who stands in, and between which days its holder is away."""

    council_id: int
    holder_id: int
    deputy_id: int | None = None
    away_from: date | None = None
    away_until: date | None = None

    def is_away(self, on: date) -> bool:
        """Whether the holder is away on a day; the first and the last day count."""
        if self.away_from is None or on < self.away_from:
            return False
        return self.away_until is None or on <= self.away_until


def why_not(staff_id: int, seat: SeatHeld | None, on: date, present: Iterable[int] | None) -> str:
    """Return why somebody may not vote in the seat of their council, in a sentence; empty if they may.

    A deputy votes only while the holder is not there: away on that day, or not among those present at the meeting that
    has the change before it while the deputy is. `present` is None where no meeting is being held.

    >>> seat = SeatHeld(1, holder_id=7, deputy_id=8)
    >>> why_not(7, seat, date(2026, 11, 23), None), why_not(8, seat, date(2026, 11, 23), [8])
    ('', '')
    >>> why_not(8, seat, date(2026, 11, 23), [7, 8])
    'You are the deputy, and whoever holds the seat is there. They vote.'
    """
    if seat is None:
        return "Your council has no seat on the change board yet."
    if staff_id == seat.holder_id:
        return ""
    if staff_id != seat.deputy_id:
        return "You neither hold the seat of your council on the change board nor stand in for it."
    there = frozenset(present or ())
    if seat.is_away(on) or (staff_id in there and seat.holder_id not in there):
        return ""
    return "You are the deputy, and whoever holds the seat is there. They vote."


def is_deputy(staff_id: int, seat: SeatHeld | None) -> bool:
    """Say whether somebody votes as a deputy."""
    return seat is not None and staff_id == seat.deputy_id and staff_id != seat.holder_id


def must_sit(councils_touched: Iterable[int], seats: Sequence[SeatHeld]) -> tuple[list[SeatHeld], list[int]]:
    """Return the seats that a change needs at the table, and the councils that it touches and that have none."""
    by_council = {each.council_id: each for each in seats}
    touched = sorted(set(councils_touched))
    return [by_council[each] for each in touched if each in by_council], [
        each for each in touched if each not in by_council
    ]


def has_quorum(needed: Sequence[SeatHeld], present: Iterable[int]) -> bool:
    """Say whether everybody whose council is touched is there, or their deputy."""
    there = frozenset(present)
    return all(each.holder_id in there or each.deputy_id in there for each in needed)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits for the board, as far as its place on the agenda goes."""

    change_id: int
    product: int
    risk: int
    starts_at: datetime


def agenda_of(waiting: Iterable[Waiting]) -> list[int]:
    """Return the changes in the order in which they are spoken about: the riskiest first, then the soonest."""
    ordered = sorted(waiting, key=lambda each: (-each.product, -each.risk, each.starts_at, each.change_id))
    return [each.change_id for each in ordered]


def lead_times(decided: Iterable[tuple[datetime, datetime]]) -> tuple[int, int, int]:
    """Return how many changes were decided, and the median and the longest time from raised to decided, in seconds.

    Of an even number, the median is the lower of the two in the middle: a time that a change really took.

    >>> from datetime import UTC, timedelta
    >>> day = datetime(2026, 11, 2, tzinfo=UTC)
    >>> lead_times([(day, day + timedelta(days=days)) for days in (1, 2, 9)])
    (3, 172800, 777600)
    >>> lead_times([])
    (0, 0, 0)
    """
    took = sorted(int((end - start).total_seconds()) for start, end in decided)
    return (len(took), took[(len(took) - 1) // 2], took[-1]) if took else (0, 0, 0)
