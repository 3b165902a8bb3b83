"""Counting, once for all councils: each count is put down where it belongs, and figures are read off at the end.

Figures of all councils together come from the sum of their counts, and medians from all values in one heap: never from
the mean of percentages. The same counting, asked for one figure, gives the calls behind it: that is why a list always
has as many lines as its number says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from moothall.measures import rules as measures
from moothall.measures.rules import Definition, Score

JOINT = 0
"""Where figures of all councils together stand among those of each."""
_PLACES = Decimal("0.0001")
_MOST = 10**11


@dataclass(slots=True)
class Counts:
    """What one figure of one council, in one slice, is made of."""

    part: float = 0
    of: float = 0
    values: list[float] = field(default_factory=list)

    def take(self, other: "Counts") -> None:
        self.part += other.part
        self.of += other.of
        self.values += other.values


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it came out. `n` is of how many; `parts` has the counts, so that it can be checked and added up."""

    name: str
    slice: str
    version: int
    value: Decimal | None
    n: int
    parts: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.slice

    def same(self, other: "Figure") -> bool:
        return self.value == other.value and self.n == other.n


@dataclass(frozen=True, slots=True)
class Asked:
    """One number that somebody wants to see the calls of: of a part of a figure, at one council or at all."""

    name: str
    slice: str = ""
    part: str = "of"
    council_id: int = JOINT


class Book:
    """Where counts are put down. With `asked`, it also notes the calls behind that one number, each time it counts."""

    def __init__(self, definitions: Iterable[Definition], asked: Asked | None = None) -> None:
        self.definitions = {each.name: each for each in definitions}
        self._found: dict[tuple[int, str, str], Counts] = {}
        self._asked = asked
        self.calls: list[int] = []

    def put(
        self, council_id: int, name: str, key: str, part: float = 0, of: float = 1, call: int = 0
    ) -> None:
        """Count one thing: how much of it is the part in question, and how much it is altogether."""
        held = self._found.get((council_id, name, key))
        if held is None:
            held = self._found[council_id, name, key] = Counts()
        held.part += part
        held.of += of
        if self._asked is not None:
            self._note(council_id, name, key, part, of, call)

    def value(self, council_id: int, name: str, key: str, value: float, call: int = 0) -> None:
        """Put down one value of those whose middle or mean is wanted."""
        held = self._found.get((council_id, name, key))
        if held is None:
            held = self._found[council_id, name, key] = Counts()
        held.values.append(value)
        held.of += 1
        held.part += value
        if self._asked is not None:
            self._note(council_id, name, key, 0, 1, call)

    def _note(self, council_id: int, name: str, key: str, part: float, of: float, call: int) -> None:
        asked = self._asked
        if asked is None or (name, key) != (asked.name, asked.slice) or not call:
            return
        if asked.council_id not in {JOINT, council_id}:
            return
        number = {"part": part, "of": of, "rest": of - part}[asked.part]
        self.calls.extend([call] * int(number))

    def counts(self, council_id: int, name: str, key: str = "") -> Counts:
        """Return what was counted so far, of one council or (`JOINT`) of all."""
        whole = Counts()
        for (council, figure, at), each in self._found.items():
            if (figure, at) == (name, key) and council_id in {JOINT, council}:
                whole.take(each)
        return whole

    def figures(self, councils: Sequence[int]) -> dict[int, dict[tuple[str, str], Figure]]:
        """Return every figure of each council and, under `JOINT`, of all of them together."""
        joint: dict[tuple[str, str], Counts] = {}
        for (_, name, key), each in self._found.items():
            joint.setdefault((name, key), Counts()).take(each)
        found = {JOINT: dict(self._read(lambda name, at: joint.get((name, at))))}
        for council in councils:
            found[council] = dict(
                self._read(lambda name, at, council=council: self._found.get((council, name, at)))
            )
        return found

    def _read(self, find: Any) -> Iterator[tuple[tuple[str, str], Figure]]:
        for definition in self.definitions.values():
            for key in definition.keys:
                yield (
                    (definition.name, key),
                    figure_of(definition, key, find(definition.name, key) or Counts()),
                )


def figure_of(definition: Definition, key: str, counts: Counts) -> Figure:
    """Return a figure from its counts, by the kind that it is."""
    value, n, parts = _READ[definition.kind](counts)
    return Figure(definition.name, key, definition.version, _kept(value), n, parts)


_Read = tuple[float | None, int, dict[str, Any]]


def _count(counts: Counts) -> _Read:
    return counts.of, max(round(counts.of), 0), {}


def _share(counts: Counts) -> _Read:
    parts = {"part": _plain(counts.part), "of": _plain(counts.of)}
    return measures.percent(counts.part, counts.of), round(counts.of), parts


def _ratio(counts: Counts) -> _Read:
    parts = {"part": _plain(counts.part), "of": _plain(counts.of)}
    return measures.ratio(counts.part, counts.of), round(counts.of), parts


def _mean(counts: Counts) -> _Read:
    return measures.ratio(counts.part, counts.of), round(counts.of), {"sum": round(counts.part, 4)}


def _median(counts: Counts) -> _Read:
    return measures.median(counts.values), len(counts.values), {}


def _p90(counts: Counts) -> _Read:
    return measures.nine_in_ten(counts.values), len(counts.values), {}


def _largest(counts: Counts) -> _Read:
    return max(counts.values, default=None), len(counts.values), {}


def _nps(counts: Counts) -> _Read:
    """Read a score off its answers; of too few, nothing but how many there are is kept."""
    answers = [int(each) for each in counts.values]
    score = Score(sum(map(measures.promotes, answers)), sum(map(measures.detracts, answers)), len(answers))
    if score.interval is None:
        return None, score.n, {}
    low, high = score.interval
    parts = {
        "promoters": score.promoters,
        "detractors": score.detractors,
        "low": round(low, 1),
        "high": round(high, 1),
    }
    return score.value, score.n, parts


_READ = {
    "count": _count,
    "share": _share,
    "ratio": _ratio,
    "mean": _mean,
    "median": _median,
    "p90": _p90,
    "largest": _largest,
    "nps": _nps,
}


def _kept(value: float | None) -> Decimal | None:
    """Return a value as it is kept: four places, as the database has them."""
    if value is None or abs(value) > _MOST:
        return None
    return Decimal(repr(float(value))).quantize(_PLACES)


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else round(number, 4)
