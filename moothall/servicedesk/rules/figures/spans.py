"""Spans of time: joined where they overlap, cut out of one another, and added up in a council's hours."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

Pair = tuple[datetime, datetime]
Length = Callable[[datetime, datetime], float]


def joined(spans: Iterable[Pair]) -> list[Pair]:
    """Return spans in order, those that touch or overlap as one.

    >>> from datetime import UTC
    >>> hour = lambda number: datetime(2026, 10, 1, number, tzinfo=UTC)
    >>> [(a.hour, b.hour) for a, b in joined([(hour(5), hour(6)), (hour(1), hour(3)), (hour(2), hour(4))])]
    [(1, 4), (5, 6)]
    """
    found: list[Pair] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def within(spans: Iterable[Pair], start: datetime, end: datetime) -> list[Pair]:
    """Return what of the spans lies between two moments."""
    return joined((max(a, start), min(b, end)) for a, b in spans)


def without(spans: Iterable[Pair], gaps: Iterable[Pair]) -> list[Pair]:
    """Return what is left of spans once others are cut out of them.

    >>> from datetime import UTC
    >>> hour = lambda number: datetime(2026, 10, 1, number, tzinfo=UTC)
    >>> [(a.hour, b.hour) for a, b in without([(hour(1), hour(8))], [(hour(2), hour(3)), (hour(7), hour(9))])]
    [(1, 2), (3, 7)]
    """
    left = joined(spans)
    for begins, ends in joined(gaps):
        cut: list[Pair] = []
        for start, end in left:
            if ends <= start or begins >= end:
                cut.append((start, end))
                continue
            cut += [(a, b) for a, b in ((start, begins), (ends, end)) if a < b]
        left = cut
    return left


def minutes(spans: Iterable[Pair], length: Length) -> float:
    """Add up spans, each as long as `length` says: the open seconds between two moments."""
    return sum(length(start, end) for start, end in spans) / timedelta(minutes=1).total_seconds()
