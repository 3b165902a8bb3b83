"""Charts as inline SVG: pure functions from figures to a picture. Each belongs beside a table that says the same.

Lengths across are in percent of the chart and lengths down in pixels, so that a chart fits a phone and a wide screen
with its letters unchanged. Colours come from classes in moothall.css, so that themes, forced colours and print reach
them. No series is told from another by its colour alone: bars are filled, outlined or hatched, marks differ in shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

SHAPES = (
    "M-7 0A7 7 0 1 0 7 0A7 7 0 1 0-7 0Z",
    "M-6-6H6V6H-6Z",
    "M0-8 8 0 0 8-8 0Z",
    "M0-8 7.5 6H-7.5Z",
    "M-7.5-6H7.5L0 8Z",
    "M-2.5-8H2.5V-2.5H8V2.5H2.5V8H-2.5V2.5H-8V-2.5H-2.5Z",
)
"""A mark for each of several series, by their order."""
_ROW, _BAR, _LONGEST = 52, 18, 60
_HEIGHT, _FOOT, _HEAD = 190, 42, 14
_LOW = 80
_BUSY = 13
_NICE = (1, 2, 4, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: its label, how long each part of its bar is, and the words at its end."""

    label: str
    parts: Sequence[float]
    words: str


@dataclass(frozen=True, slots=True)
class Column:
    """One place along a chart of columns: its label, and the height of each series there."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Dots:
    """One row: its label, and where the mark of each series stands; None where it has none."""

    label: str
    values: Sequence[float | None]


def bars(name: str, rows: Sequence[Bar]) -> Markup:
    """Return bars that lie below their labels, each of one or more parts; `name` says what is to be seen."""
    most = max((sum(row.parts) for row in rows), default=0) or 1
    drawn = []
    for number, row in enumerate(rows):
        top, left = number * _ROW, 0.0
        drawn.append(_text(0, top + 16, row.label))
        drawn.append(_text(100, top + 38, row.words, "end", "small"))
        drawn.append(_line(0, top + 23 + _BAR, _LONGEST, top + 23 + _BAR, "base"))
        for series, part in enumerate(row.parts):
            width = _LONGEST * part / most
            if width > 0:
                drawn.append(_rect(left, top + 23, max(width, 0.3), _BAR, series))
            left += width
    return _svg(name, len(rows) * _ROW, drawn)


def columns(name: str, places: Sequence[Column]) -> Markup:
    """Return columns side by side along time, with lines at round heights."""
    top = scale(max((max(place.values, default=0) for place in places), default=0))
    full = _HEAD + _HEIGHT
    drawn = []
    for line in (0, top // 2, top):
        level = full - _HEIGHT * line / top
        drawn.append(_line(0, level, 100, level, "base" if not line else "grid"))
        if line:
            drawn.append(_text(0, level - 4, f"{line:,}", kind="small"))
    wide = 100 / max(len(places), 1)
    every = -(-len(places) // _BUSY)
    for number, place in enumerate(places):
        each = wide * 0.76 / max(len(place.values), 1)
        for series, value in enumerate(place.values):
            high = _HEIGHT * value / top
            if high:
                left = wide * (number + 0.12) + each * series
                drawn.append(_rect(left, full - max(high, 1), each * 0.92, max(high, 1), series))
        if number % every == 0:
            words = place.label.partition(" ")
            for line, word in enumerate((words[0], words[2])):
                drawn.append(_text(wide * (number + 0.5), full + 16 + 15 * line, word, "middle", "small"))
    return _svg(name, full + _FOOT, drawn)


def dots(name: str, rows: Sequence[Dots], *, start: str, end: str) -> Markup:
    """Return one line for each row with a mark for each series on it; `start` and `end` say how far the lines go."""
    most = max((value for row in rows for value in row.values if value is not None), default=0) or 1
    drawn = []
    for number, row in enumerate(rows):
        middle = number * _ROW + 34
        drawn.append(_text(0, number * _ROW + 16, row.label))
        drawn.append(_line(1.5, middle, 98.5, middle, "grid"))
        drawn += [
            mark(series, 1.5 + 97 * value / most, middle)
            for series, value in enumerate(row.values)
            if value is not None
        ]
    foot = len(rows) * _ROW + 14
    drawn += [_text(0, foot, start, kind="small"), _text(100, foot, end, "end", "small")]
    return _svg(name, foot + 8, drawn)


def trend(
    name: str, points: Sequence[tuple[str, float | None]], *, high: str, held_to: float | None = None
) -> Markup:
    """Return months side by side, the last one filled; below nought they hang down. `high` says how high the top is.

    A month of which nothing is known is left empty. `held_to` draws a line, such as that of a benchmark.
    """
    known = [value for _, value in points if value is not None]
    most = max([0.0, *known, held_to or 0.0])
    least = min([0.0, *known, held_to or 0.0])
    span = (most - least) or 1.0
    top, full = 22, _LOW

    def level(value: float) -> float:
        return top + full * (most - value) / span

    zero = level(0)
    drawn = [_text(0, 14, high, kind="small"), _line(0, zero, 100, zero, "base")]
    wide = 100 / max(len(points), 1)
    for number, (_, value) in enumerate(points):
        if value is not None:
            upper, lower = sorted((level(value), zero))
            series = 0 if number == len(points) - 1 else 1
            drawn.append(_rect(wide * (number + 0.14), upper, wide * 0.72, max(lower - upper, 1), series))
    if held_to is not None:
        drawn.append(_line(0, level(held_to), 100, level(held_to), "held"))
    foot = top + full + 18
    if points:
        drawn += [_text(0, foot, points[0][0], kind="small"), _text(100, foot, points[-1][0], "end", "small")]
    return _svg(name, foot + 6, drawn)


def mark(series: int, left: float, middle: float) -> Markup:
    """Return the mark of a series, so many percent from the left."""
    shape = SHAPES[series % len(SHAPES)]
    return Markup(
        '<svg x="{}%" y="{}" overflow="visible">'
        '<path class="moothall-chart__mark moothall-chart__mark--{}" d="{}"/></svg>'
    ).format(_short(left), _short(middle), series % len(SHAPES) + 1, shape)


def key_mark(series: int, *, bar: bool = False) -> Markup:
    """Return what stands before the name of a series in a legend; whoever cannot see it reads the table."""
    inner = _rect(0, 2, 100, 14, series) if bar else mark(series, 50, 9)
    return Markup(
        '<svg class="moothall-chart__key" width="24" height="18" aria-hidden="true">{}</svg>'
    ).format(inner)


def scale(most: float) -> int:
    """Return an even round number that is not below this count, for the top of a chart.

    >>> [scale(count) for count in (0, 1, 3, 7, 24, 51, 180, 1001)]
    [2, 2, 4, 8, 40, 60, 200, 2000]
    """
    power = 1
    while power * 10 <= most:
        power *= 10
    return max(2, next(step * power for step in _NICE if step * power >= most))


def _svg(name: str, height: float, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="moothall-chart" role="img" width="100%" height="{}" aria-label="{}" focusable="false">{}</svg>'
    ).format(_short(height), name, Markup("").join(drawn))


def _rect(left: float, top: float, width: float, height: float, series: int) -> Markup:
    return Markup(
        '<rect class="moothall-chart__bar moothall-chart__bar--{}" x="{}%" y="{}" width="{}%" height="{}"/>'
    ).format(series + 1, *map(_short, (left, top, width, height)))


def _line(left: float, top: float, right: float, bottom: float, kind: str) -> Markup:
    return Markup('<line class="moothall-chart__{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>').format(
        kind, *map(_short, (left, top, right, bottom))
    )


def _text(left: float, top: float, words: str, anchor: str = "start", kind: str = "") -> Markup:
    small = Markup(" moothall-chart__text--small") if kind else ""
    return Markup('<text class="moothall-chart__text{}" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        small, _short(left), _short(top), anchor, escape(words)
    )


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
