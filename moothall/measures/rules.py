"""What a figure is, and the arithmetic that figures share: plain values in, a number or None out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

LEAST_ANSWERS = 10
"""A score of fewer answers than this says more of who answered than of the service: it is not shown."""
_Z = 1.96
_PROMOTES, _DETRACTS, _CONTENT = 9, 6, 4
Kind = Literal["count", "share", "ratio", "mean", "median", "p90", "largest", "nps"]
Better = Literal["up", "down", ""]
Level = Literal["committee", "council", "officers"]


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: what it is called, how it is worked out, and how to read it. A change of meaning is a new version.

    `kind` says how its parts become its value. `slices` are what it is narrowed to beside the whole, as (key, words);
    with `whole` false there is only the slices, because they must never be added up. `behind` says that each part of it
    can be listed. `level` says who may see its breakdown by council, until somebody decides otherwise.
    """

    name: str
    title: str
    area: str
    kind: Kind
    unit: str
    formula: str
    advice: str
    source: str
    better: Better = ""
    version: int = 1
    slices: tuple[tuple[str, str], ...] = ()
    whole: bool = True
    behind: bool = False
    level: Level = "committee"

    @property
    def keys(self) -> tuple[str, ...]:
        """The slices that it is shown in, the whole first."""
        return (*([""] if self.whole else []), *(key for key, _ in self.slices))

    def words_of(self, key: str) -> str:
        """Return a slice in words; nothing for the whole."""
        return dict(self.slices).get(key, "")


def percent(part: float, whole: float) -> float | None:
    """Return a share in percent.

    >>> percent(3, 4), percent(0, 0)
    (75.0, None)
    """
    return 100 * part / whole if whole else None


def ratio(part: float, whole: float) -> float | None:
    """Return how much of one there is for each of the other.

    >>> ratio(3, 2), ratio(3, 0)
    (1.5, None)
    """
    return part / whole if whole else None


def median(values: Sequence[float]) -> float | None:
    """Return the middle one, or the mean of the two in the middle.

    >>> median([3, 1, 2]), median([4, 1, 2, 3]), median([])
    (2, 2.5, None)
    """
    found = sorted(values)
    half = len(found) // 2
    if not found:
        return None
    return found[half] if len(found) % 2 else (found[half - 1] + found[half]) / 2


def nine_in_ten(values: Sequence[float]) -> float | None:
    """Return what nine of ten do not go beyond: the 90th percentile, by nearest rank.

    >>> nine_in_ten(range(1, 11)), nine_in_ten([7]), nine_in_ten([])
    (9, 7, None)
    """
    found = sorted(values)
    return found[ceil(0.9 * len(found)) - 1] if found else None


@dataclass(frozen=True, slots=True)
class Score:
    """A net promoter score with its 95 % interval; suppressed under `LEAST_ANSWERS` answers."""

    promoters: int
    detractors: int
    n: int

    @property
    def shown(self) -> bool:
        return self.n >= LEAST_ANSWERS

    @property
    def value(self) -> float | None:
        """The share of promoters less that of detractors, from -100 to 100.

        >>> Score(6, 2, 10).value, Score(3, 0, 9).value
        (40.0, None)
        """
        return 100 * (self.promoters - self.detractors) / self.n if self.shown else None

    @property
    def margin(self) -> float | None:
        """How far the interval goes to either side: 1.96 times the standard error of P - D.

        >>> round(Score(6, 2, 10).margin, 1)
        49.6
        """
        if not self.shown:
            return None
        p, d = self.promoters / self.n, self.detractors / self.n
        return _Z * 100 * sqrt(max(p + d - (p - d) ** 2, 0) / self.n)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval, within what a score can be."""
        if self.value is None or self.margin is None:
            return None
        return max(self.value - self.margin, -100.0), min(self.value + self.margin, 100.0)


def promotes(answer: int) -> bool:
    return answer >= _PROMOTES


def detracts(answer: int) -> bool:
    return answer <= _DETRACTS


def is_content(answer: int) -> bool:
    """Say whether an answer from 1 to 5 counts as content."""
    return answer >= _CONTENT
