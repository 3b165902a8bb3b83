"""Where everything stands in the end: rows with room between, and lines that run in that room, never through boxes.

Between two rows lies a channel. Whatever moves sideways does so there, on a track of its own; tracks are put in the
order in which they cross least. What goes back runs up on the right side of all that it passes.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from moothall.process.picture.columns import columns
from moothall.process.picture.layers import Layered, layered
from moothall.process.picture.nodes import Graph, Link, Node
from moothall.process.picture.ordering import ordered

MARGIN = 12
_CHANNEL, _EMPTY, _TRACK = 30, 8, 13
_LANE = 20
_ENTRY = 22
_FAR = 100
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with its left upper corner."""

    node: Node
    left: float
    top: float


@dataclass(frozen=True, slots=True)
class Route:
    """A line as its corners, from the box it leaves to the one it enters."""

    source: str
    target: str
    points: tuple[_Point, ...]
    back: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """The whole picture in pixels."""

    width: float
    height: float
    boxes: Mapping[str, Placed]
    routes: Sequence[Route]


@dataclass(slots=True)
class _Net:
    """What is joined in one channel: where it comes in from above and from below."""

    tops: list[float] = field(default_factory=list)
    bottoms: list[float] = field(default_factory=list)
    level: int = 0

    @property
    def low(self) -> float:
        return min(*self.tops, *self.bottoms)

    @property
    def high(self) -> float:
        return max(*self.tops, *self.bottoms)

    @property
    def straight(self) -> bool:
        return self.low == self.high


@dataclass(slots=True)
class _Lane:
    """A line up the right side, into one step: of all that goes back to it."""

    target: str
    sources: list[str]
    beside: bool
    first: int
    last: int
    x: float = 0


def laid(graph: Graph) -> Laid:
    """Return where each box stands and how each line runs."""
    drawn = layered(graph)
    rows = ordered(drawn)
    middle = columns(drawn, rows)
    lanes = _lanes(drawn, rows, middle)
    channels = [_channel(drawn, number, middle, lanes) for number in range(len(rows))]
    tops, ends = _heights(drawn, rows, channels)
    boxes = {
        key: Placed(node, MARGIN + middle[key] - node.width / 2, tops[drawn.row[key]])
        for key, node in drawn.nodes.items()
        if node.kind != "bend"
    }
    finder = _Finder(drawn, middle, tops, ends, channels)
    routes = [finder.down(chain) for chain in drawn.chains]
    routes += [finder.up(lane, source) for lane in lanes for source in lane.sources]
    ways = [point for route in routes for point in route.points]
    right = max([*(box.left + box.node.width for box in boxes.values()), *(x for x, _ in ways)])
    lowest = max([ends[-1], *(y for _, y in ways)])
    return Laid(right + MARGIN, lowest + MARGIN, boxes, routes)


def _lanes(drawn: Layered, rows: Sequence[Sequence[str]], middle: Mapping[str, float]) -> list[_Lane]:
    """Return the lines up the side, the short ones inside."""
    into: dict[str, list[str]] = {}
    for link in drawn.back:
        into.setdefault(link.target, []).append(link.source)
    lanes = []
    for target, sources in into.items():
        first, last = drawn.row[target], max(drawn.row[source] for source in sources)
        lanes.append(_Lane(target, sources, rows[first][-1] == target, first, last))
    lanes.sort(key=lambda lane: (lane.last - lane.first, lane.first))
    edge = [max(middle[key] + drawn.nodes[key].width / 2 for key in row) for row in rows]
    settled: list[_Lane] = []
    for lane in lanes:
        lowest = [source for source in lane.sources if drawn.row[source] == lane.last]
        below = any(not _outermost(drawn, source, middle) for source in lowest)
        passed = edge[lane.first - (not lane.beside) : lane.last + 1 + below]
        inner = [one.x for one in settled if one.first <= lane.last + 1 and one.last + 1 >= lane.first]
        lane.x = max(*passed, *inner, 0) + _LANE
        settled.append(lane)
    return settled


def _channel(
    drawn: Layered, number: int, middle: Mapping[str, float], lanes: Iterable[_Lane]
) -> dict[str, _Net]:
    """Return what moves in the room below a row: by the box above that it leaves, or by the one it enters."""
    links = [link for link in drawn.links if drawn.row[link.source] == number]
    leaving: dict[str, int] = {}
    for link in links:
        leaving[link.source] = leaving.get(link.source, 0) + 1
    nets: dict[str, _Net] = {}
    for link in links:
        net = nets.setdefault(net_of(link, leaving), _Net())
        net.tops.append(middle[link.source])
        net.bottoms.append(middle[link.target])
    for lane in lanes:
        for source in lane.sources:
            if drawn.row[source] == number and not _outermost(drawn, source, middle):
                net = nets.setdefault(f"back {lane.target}", _Net(tops=[lane.x]))
                net.tops.append(middle[source])
        if lane.first - 1 == number and not lane.beside:
            nets[f"up {lane.target}"] = _Net(bottoms=[lane.x, middle[lane.target]])
    _on_tracks([net for net in nets.values() if not net.straight])
    return nets


def net_of(link: Link, leaving: Mapping[str, int]) -> str:
    """Return under which name a line shares its track: with all that leaves the same box, else with all that enters."""
    return f"from {link.source}" if leaving[link.source] > 1 else f"to {link.target}"


def _outermost(drawn: Layered, key: str, middle: Mapping[str, float]) -> bool:
    """Say whether nothing stands to the right of a box in its row."""
    return all(middle[other] <= middle[key] for other in drawn.nodes if drawn.row[other] == drawn.row[key])


def _on_tracks(nets: list[_Net]) -> None:
    """Give each net a track: in the order in which they cross least, and as few tracks as there is room for."""
    ordered_nets: list[_Net] = []
    left = list(nets)
    while left:
        first = min(
            left,
            key=lambda one: sum(_cost(one, other) - _cost(other, one) for other in left if other is not one),
        )
        left.remove(first)
        beside = [
            one for one in ordered_nets if one.low <= first.high + _TRACK and first.low <= one.high + _TRACK
        ]
        first.level = max((one.level + 1 for one in beside), default=0)
        ordered_nets.append(first)


def _cost(upper: _Net, lower: _Net) -> int:
    """Return how often two nets cross if one lies above the other; lying on one another counts as far more."""
    found = sum(lower.low < x < lower.high for x in upper.bottoms)
    found += sum(upper.low < x < upper.high for x in lower.tops)
    return found + _FAR * sum(abs(x - other) < _EMPTY for x in upper.bottoms for other in lower.tops)


def _heights(
    drawn: Layered, rows: Sequence[Sequence[str]], channels: Sequence[Mapping[str, _Net]]
) -> tuple[list[float], list[float]]:
    """Return the top and the end of each row."""
    tops, ends = [], []
    y: float = MARGIN
    for row, nets in zip(rows, channels, strict=True):
        tall = max(drawn.nodes[key].height for key in row)
        tops.append(y)
        ends.append(y + tall)
        tracks = max((net.level + 1 for net in nets.values() if not net.straight), default=0)
        y += tall + (_CHANNEL if tall or tracks else _EMPTY) + _TRACK * max(tracks - 1, 0)
    return tops, ends


class _Finder:
    """Finds the corners of lines once rows, channels and columns are settled."""

    def __init__(
        self,
        drawn: Layered,
        middle: Mapping[str, float],
        tops: Sequence[float],
        ends: Sequence[float],
        channels: Sequence[Mapping[str, _Net]],
    ) -> None:
        self.drawn, self.middle = drawn, middle
        self.tops, self.ends, self.channels = tops, ends, channels
        self.leaving: dict[str, int] = {}
        for link in drawn.links:
            self.leaving[link.source] = self.leaving.get(link.source, 0) + 1

    def track(self, channel: int, name: str) -> float:
        """Return how far down a track lies."""
        return self.ends[channel] + _CHANNEL / 2 - 2 + _TRACK * self.channels[channel][name].level

    def bottom(self, key: str) -> float:
        """Return the lower edge of a box."""
        return self.tops[self.drawn.row[key]] + self.drawn.nodes[key].height

    def down(self, chain: tuple[str, ...]) -> Route:
        """Return a line that goes down, bend by bend."""
        points = [(self.x(chain[0]), self.bottom(chain[0]))]
        for one, other in itertools.pairwise(chain):
            if self.x(one) != self.x(other):
                y = self.track(self.drawn.row[one], net_of(Link(one, other), self.leaving))
                points += [(self.x(one), y), (self.x(other), y)]
        points.append((self.x(chain[-1]), self.tops[self.drawn.row[chain[-1]]]))
        return Route(chain[0], chain[-1], tuple(points))

    def up(self, lane: _Lane, source: str) -> Route:
        """Return a line that goes back: out to the side, up, and in again."""
        side, row = MARGIN + lane.x, self.drawn.row[source]
        node = self.drawn.nodes[source]
        if _outermost(self.drawn, source, self.middle):
            y = self.tops[row] + node.height / 2
            points = [(self.x(source) + node.width / 2, y), (side, y)]
        else:
            y = self.track(row, f"back {lane.target}")
            points = [(self.x(source), self.bottom(source)), (self.x(source), y), (side, y)]
        top = self.tops[lane.first]
        target = self.drawn.nodes[lane.target]
        if lane.beside:
            points += [(side, top + _ENTRY), (self.x(lane.target) + target.width / 2, top + _ENTRY)]
        else:
            y = self.track(lane.first - 1, f"up {lane.target}")
            points += [(side, y), (self.x(lane.target), y), (self.x(lane.target), top)]
        return Route(source, lane.target, tuple(points), back=True)

    def x(self, key: str) -> float:
        """Return the middle of a box, or where a line bends."""
        return MARGIN + self.middle[key]
