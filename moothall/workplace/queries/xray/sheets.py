"""What a page of the X-ray is made of: sentences, charts, and tables whose figures lead to their cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from markupsafe import Markup

from moothall.look import charts, dates
from moothall.process.xray import Spread

CALENDAR_TIME = "Times are calendar time: nights, weekends and holidays count."
HALF = "“Half within” is the middle one: half took no longer than this."
_NONE = "\u2013"
NINE = "“Nine in ten within” says that nine of ten took no longer than this."


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column, and what its figures are."""

    label: str
    kind: Literal["words", "number", "time", "share"] = "words"

    @property
    def for_csv(self) -> str:
        """The head with its unit, as a spreadsheet wants it."""
        return self.label + {"time": " (seconds)", "share": " (%)"}.get(self.kind, "")


TIMES = (Column("Half within", "time"), Column("Nine in ten within", "time"), Column("Mean", "time"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, its bare value, and by what the cases behind it are asked for."""

    words: str
    value: str | float
    behind: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its chart. `meaning` says what the figures mean and how they are worked out."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    meaning: Sequence[str]
    nothing: str
    chart: str = ""
    legend: Sequence[tuple[Markup, str]] = ()
    wide: str = ""

    @property
    def numeric(self) -> list[str]:
        return [column.label for column in self.columns if column.kind != "words"]


@dataclass(frozen=True, slots=True)
class Plate:
    """One page: the first things to know in words, then the sheets."""

    words: Sequence[str]
    sheets: Sequence[Sheet]


def said(seconds: float) -> str:
    """Return a length of time in words.

    >>> said(93600)
    '1 day 2 hours'
    """
    return dates.length(timedelta(seconds=seconds))


def share_of(part: float, whole: float) -> str:
    """Return a share in words; what is there at all is never none, and never all if something is missing.

    >>> share_of(1, 4), share_of(1, 1000), share_of(999, 1000), share_of(0, 0)
    ('25%', 'less than 1%', 'more than 99%', '0%')
    """
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 1:
        return "less than 1%"
    return "more than 99%" if 99 < percent < 100 else f"{percent:.0f}%"  # noqa: PLR2004 - percent


def words(text: str, **behind: str) -> Cell:
    return Cell(text, text, behind or None)


def number(count: int, figure: str = "", **keys: str) -> Cell:
    """Return a count that leads to its cases, if there are any."""
    return Cell(f"{count:,}", count, {"figure": figure} | keys if figure and count else None)


def time(seconds: float, *, of: int = 1) -> Cell:
    """Return a length of time; a dash if there is none to speak of."""
    return Cell(said(seconds), round(seconds)) if of else Cell(_NONE, "")


def share(part: float, whole: float) -> Cell:
    return Cell(share_of(part, whole), round(100 * part / whole, 1)) if whole else Cell(_NONE, "")


def spread_cells(spread: Spread) -> tuple[Cell, Cell, Cell]:
    """Return the middle, the ninth tenth and the mean."""
    return tuple(time(each, of=spread.times) for each in (spread.half, spread.nine, spread.mean))  # type: ignore[return-value]


def legend(*names: str) -> list[tuple[Markup, str]]:
    """Return what stands above a chart of bars."""
    return [(charts.key_mark(series, bar=True), name) for series, name in enumerate(names)]
