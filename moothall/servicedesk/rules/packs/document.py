"""The pack as one document in memory: page, PDF, spreadsheet, slides and CSV are made from it alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from moothall.measures.rules import Definition
from moothall.servicedesk.rules.figures.months import Month


@dataclass(frozen=True, slots=True)
class Mark:
    """A benchmark that was in force at the end of the month."""

    label: str
    value: Decimal
    said: str
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend."""

    month: Month
    value: Decimal | None
    said: str


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in one slice: its value as it is kept and as it is said, of how many, and how it changed."""

    key: str
    words: str
    value: Decimal | None
    said: str
    n: int
    of: str
    before: Decimal | None
    change: str
    better: bool | None
    trend: Sequence[Point] = ()
    restated: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: what, by whom, of which council, when."""

    council: str
    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A figure with everything that belongs to it."""

    definition: Definition
    lines: Sequence[Line]
    benchmarks: Sequence[Mark] = ()
    comments: Sequence[Said] = ()

    @property
    def first(self) -> Line:
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the pack."""

    key: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Sign:
    """Whether a council has signed off its figures."""

    council: str
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Restated:
    """What came out otherwise after publication."""

    title: str
    words: str
    published: str
    now: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PackDocument:
    """A month's pack of one council or, without one, of all councils together."""

    partnership: str
    month: Month
    scope: str
    council: str
    council_id: int
    is_published: bool
    made_at: datetime
    published_at: datetime | None
    areas: Sequence[Area]
    notes: Sequence[str] = ()
    warnings: Sequence[str] = ()
    comments: Sequence[Said] = ()
    signs: Sequence[Sign] = ()
    restated: Sequence[Restated] = ()
    kept_back: Sequence[str] = field(default=())

    @property
    def title(self) -> str:
        return f"ICT performance in {self.month.words}"

    @property
    def heading(self) -> str:
        return f"{self.title}: {self.scope}"

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"ict-performance-{self.month.key}-{self.council or 'all-councils'}"

    @property
    def standing(self) -> str:
        """Whether it is published, in a word or two."""
        return "Published" if self.is_published else "Draft, not for publication"

    def lines(self) -> Iterator[tuple[Area, Block, Line]]:
        """Return every figure in every slice, in the order of the pack."""
        for area in self.areas:
            for block in area.blocks:
                for line in block.lines:
                    yield area, block, line
