"""A plain model of the register, in memory: what is held where, and which links are in force. No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MOVED = "moved"
SINGLE = frozenset({"birth"})
Pair = tuple[int, int]


@dataclass
class ModelFact:
    """One value that a record holds or held."""

    kind: str
    body: Mapping[str, Any]
    source: str
    at: datetime
    ended: datetime | None = None
    why: str = ""


@dataclass
class ModelRecord:
    """One record with everything that ever hung on it."""

    council: int
    origin: int
    facts: list[ModelFact] = field(default_factory=list)
    cases: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)

    def held(self, kind: str = "") -> list[ModelFact]:
        return [fact for fact in self.facts if fact.ended is None and kind in ("", fact.kind)]

    def has(self, like: ModelFact) -> bool:
        return any(fact.body == like.body for fact in self.held(like.kind))


@dataclass
class ModelLink:
    low: int
    high: int
    kind: str
    at: datetime
    ended: bool = False


@dataclass(frozen=True)
class Way:
    """Where a fact is held, and where it belongs."""

    fact: ModelFact
    here: int
    there: int


@dataclass
class Model:
    """The register as it must be."""

    records: dict[int, ModelRecord] = field(default_factory=dict)
    links: dict[int, ModelLink] = field(default_factory=dict)

    def in_force(self, *kinds: str) -> dict[int, ModelLink]:
        return {
            number: link
            for number, link in self.links.items()
            if not link.ended and (not kinds or link.kind in kinds)
        }

    def between(self, one: int, other: int) -> tuple[int, ModelLink] | None:
        ends = tuple(sorted((one, other)))
        return next(
            ((number, link) for number, link in self.in_force().items() if (link.low, link.high) == ends),
            None,
        )

    def group(self, record: int, *, ever: bool = False, without: int = 0) -> frozenset[int]:
        """Return the records that can be reached from one."""
        links = self.links if ever else self.in_force()
        pairs = [
            (each.low, each.high)
            for number, each in links.items()
            if each.kind == "same" and number != without
        ]
        found = {record}
        while True:
            origins = {self.records[each].origin for each in found}
            near = {number for number, each in self.records.items() if each.origin in origins}
            near |= {other for pair in pairs for other in pair if not found.isdisjoint(pair)}
            if near <= found:
                return frozenset(found)
            found |= near

    def persons(self) -> dict[int, int]:
        return {
            record: min(self.records[each].origin for each in self.group(record)) for record in self.records
        }

    def walls(self, one: int, other: int) -> list[int]:
        joined = self.group(one) | self.group(other)
        return [number for number, link in self.in_force("apart").items() if {link.low, link.high} <= joined]

    def add_fact(self, record: int, fact: ModelFact) -> None:
        """Add a fact as an adviser does."""
        here = self.records[record]
        if here.has(fact):
            return
        if fact.kind in SINGLE:
            self._end(here.held(fact.kind), fact.at)
        here.facts.append(fact)

    def replace_fact(self, record: int, held: ModelFact, fact: ModelFact) -> None:
        self._end([held], fact.at)
        self.records[record].facts.append(fact)

    def move_facts(self, ways: Sequence[Way], now: datetime) -> None:
        """Put facts where they belong, all in one go; what they pushed aside comes back."""
        ways = [way for way in ways if way.here != way.there]
        for way in ways:
            self._end([way.fact], now, MOVED)
        for fact, source in [(way.fact, self.records[way.here]) for way in ways]:
            for former in [
                each
                for each in source.facts
                if each.kind == fact.kind
                and each.ended == fact.at
                and each.at < fact.at
                and each.why != MOVED
            ]:
                self._hold_again(former, source, now)
        for fact, target in [(way.fact, self.records[way.there]) for way in ways]:
            if fact.kind in SINGLE and not target.has(fact):
                self._end(target.held(fact.kind), now)
            self._hold_again(fact, target, now)

    def places(self) -> Mapping[int, tuple[Sequence[Any], ...]]:
        """Return what hangs on each record, in a form that can be compared."""
        return {number: hung(each.facts, each.cases, each.contacts) for number, each in self.records.items()}

    @staticmethod
    def _end(facts: Iterable[ModelFact], now: datetime, why: str = "replaced") -> None:
        for fact in facts:
            fact.ended, fact.why = now, why

    @staticmethod
    def _hold_again(fact: ModelFact, record: ModelRecord, now: datetime) -> None:
        if not record.has(fact):
            record.facts.append(ModelFact(fact.kind, fact.body, fact.source, now))


def hung(
    facts: Iterable[ModelFact], cases: Iterable[int], contacts: Iterable[int]
) -> tuple[Sequence[Any], ...]:
    """Return everything that hangs on one record: every fact that it ever had, with its source and times."""
    lines = [
        (
            each.kind,
            sorted(each.body.items()),
            each.source,
            each.at,
            each.ended or "",
            each.why == MOVED,
        )
        for each in facts
    ]
    return sorted(map(repr, lines)), sorted(cases), sorted(contacts)
