"""What is drawn: the boxes of a process with their words and sizes, and the lines between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from moothall.process.definition import Definition, Step
from moothall.process.picture import letters
from moothall.process.picture.conditions import plain
from moothall.process.picture.ways import Way, ways
from moothall.process.picture.wording import Sign, notes, outcome_notes, people, told, who, within

Kind = Literal["start", "step", "way", "end", "bend"]
"""A way is an outcome that goes on; an end one that does not. A bend keeps room for a line that passes by."""

LineKind = Literal["title", "who", "note", "label", "figure"]

STEP_WIDTH = 244
WAY_WIDTH = 176
STRIPE = 7
_PAD = 12
_SIGN = 20
_TITLE, _BODY, _SMALL = 15.0, 13.5, 12.5


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure to be written into a box, and how hot it is, from 0 (cool) to 4."""

    words: str
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Figures for a picture: by step, and by outcome as `(step, outcome)`."""

    steps: Mapping[str, Mark] = field(default_factory=dict)
    outcomes: Mapping[tuple[str, str], Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text in a box; `top` is how far its baseline lies below the top of the box."""

    text: str
    kind: LineKind
    left: float
    top: float
    width: float = 0
    sign: Sign = ""
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A box, or a bend of a line."""

    key: str
    kind: Kind
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    step: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one box to another; one that goes `back` is drawn around the side."""

    source: str
    target: str
    back: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """All boxes by their key, in the order of the file, and the lines between them."""

    nodes: Mapping[str, Node]
    links: Sequence[Link]


def step_key(step: str) -> str:
    """Return the key of a step's box."""
    return f"step {step}"


def way_key(step: str, outcome: str) -> str:
    """Return the key of an outcome's box."""
    return f"way {step} {outcome}"


def graph(definition: Definition, counts: Counts) -> Graph:
    """Return the boxes and lines of a process."""
    nodes = {"start": _start(definition)}
    links = [Link("start", step_key(definition.first.key))]
    for step in definition.steps.values():
        nodes[step_key(step.key)] = _step(definition, step, counts.steps.get(step.key))
    for way in sorted(ways(definition), key=_weight):
        mark = counts.outcomes.get((way.step, way.outcome))
        source = step_key(way.step)
        if not way.plain or mark or way.last:
            key = way_key(way.step, way.outcome)
            nodes[key] = _way(definition, way, mark)
            links.append(Link(source, key))
            source = key
        links += [Link(source, step_key(each)) for each in way.opens]
        links += [Link(source, step_key(way.go))] if way.go else []
        links += [Link(source, step_key(way.back), back=True)] if way.back else []
    return Graph(nodes, links)


def _weight(way: Way) -> int:
    """Return a number to draw by: what goes on first, then what ends, then what goes back on the right side."""
    return 2 if way.back else 1 if way.end or way.last else 0


class _Pile:
    """Lines laid under one another."""

    def __init__(self, width: float, left: float, top: float) -> None:
        self.room, self.left, self.height = width, left, top
        self.lines: list[Line] = []
        self.widest = 0.0

    def add(self, text: str, kind: LineKind, note: Sign = "", level: int = 0) -> None:
        size = {"title": _TITLE, "who": _BODY, "label": _BODY}.get(kind, _SMALL)
        bold = kind in ("title", "figure")
        left = self.left + (_SIGN if note else 0)
        room = self.room - (left - self.left)
        for number, line in enumerate(letters.lines(text, size, room, bold=bold)):
            wide = letters.width(line, size, bold=bold)
            self.height += round(size * 1.3)
            self.lines.append(Line(line, kind, left, self.height - 4, wide, "" if number else note, level))
            self.widest = max(self.widest, left + wide)

    def gap(self, height: float) -> None:
        self.height += height


def _step(definition: Definition, step: Step, mark: Mark | None) -> Node:
    pile = _Pile(STEP_WIDTH - STRIPE - 2 * _PAD, STRIPE + _PAD, 9)
    pile.add(step.title, "title")
    pile.add(who(definition, step), "who")
    for note in notes(definition, step):
        pile.gap(4)
        pile.add(note.text, "note", note.sign)
    if mark:
        pile.gap(5)
        pile.add(mark.words, "figure", level=mark.level)
    return Node(
        key=step_key(step.key), kind="step", width=STEP_WIDTH, height=pile.height + 10,
        lines=tuple(pile.lines), step=step.key,
    )  # fmt: skip


def _way(definition: Definition, way: Way, mark: Mark | None) -> Node:
    outcome = definition.steps[way.step].outcomes[way.outcome]
    pile = _Pile(WAY_WIDTH - 2 * _PAD, _PAD, 5)
    pile.add(outcome.title, "label")
    for note in outcome_notes(definition, outcome):
        pile.add(note.text, "note", note.sign)
    if outcome.tell:
        pile.add(told(definition, outcome), "note", "tell")
    if outcome.end:
        pile.add(f"Ends: {within(plain(outcome.end))}", "note")
    elif comes_again(definition, way):
        pile.add("Comes again", "note", "again")
    elif way.last:
        pile.add("Ends when nothing is open", "note")
    if mark:
        pile.add(mark.words, "figure", level=mark.level)
    kind: Kind = "end" if outcome.end or way.last else "way"
    return Node(
        key=way_key(way.step, way.outcome), kind=kind, width=round(pile.widest) + _PAD, height=pile.height + 6,
        lines=tuple(pile.lines), step=way.step, outcome=way.outcome,
    )  # fmt: skip


def comes_again(definition: Definition, way: Way) -> bool:
    """Say whether an outcome leads nowhere because time opens its step again."""
    nowhere = not (way.opens or way.end or way.back or way.go)
    return nowhere and definition.steps[way.step].every is not None


def _start(definition: Definition) -> Node:
    pile = _Pile(STEP_WIDTH - 2 * _PAD, _PAD, 5)
    pile.add(f"Started by {within(people(definition, definition.start))}", "label")
    size = (round(pile.widest) + _PAD, pile.height + 6)
    return Node(key="start", kind="start", width=size[0], height=size[1], lines=tuple(pile.lines))
