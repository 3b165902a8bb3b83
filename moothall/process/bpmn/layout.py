"""Where the elements of a BPMN process stand: the layout of our own pictures, with the shapes of BPMN.

A label takes part as a box of its own, so that no words lie on other elements. Bounds are left, top, width, height.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moothall.process.bpmn.parts import Flow, Flowing, Node
from moothall.process.picture import letters, nodes
from moothall.process.picture.routes import Laid, Route, laid

Bounds = tuple[float, float, float, float]
Point = tuple[float, float]
_TASK, _GATEWAY, _EVENT = (150.0, 80.0), 50.0, 36.0
_SMALL, _WIDE, _LINE = 11.0, 110.0, 14.0
_EDGE = 22.0


@dataclass(frozen=True, slots=True)
class Positions:
    """Shapes and their labels by the id of the node; lines and their labels by the number of the flow."""

    shapes: Mapping[str, Bounds]
    labels: Mapping[str, Bounds]
    lines: Sequence[Sequence[Point]]
    words: Mapping[int, Bounds]


def positions(made: Flowing) -> Positions:
    """Return where everything stands, in pixels from the left upper corner."""
    drawn = laid(_graph(made))
    routes = {(route.source, route.target): route for route in drawn.routes}
    shapes = {key: _shape(drawn, node) for key, node in made.nodes.items() if not node.on}
    timers: dict[str, int] = {}
    for node in made.nodes.values():
        if node.on:
            left, top, width, height = shapes[node.on]
            timers[node.on] = timers.get(node.on, 0) + 1
            shapes[node.id] = (
                left + width - timers[node.on] * 40.0,
                top + height - _EVENT / 2,
                _EVENT,
                _EVENT,
            )
    labels = {
        key: _label(shapes[key], node) for key, node in made.nodes.items() if node.name and _outside(node)
    }
    lines, words = [], {}
    for number, flow in enumerate(made.flows):
        source = made.nodes[flow.source].on or flow.source
        points = _joined(routes, drawn, source, flow.target, f"words {number}" if flow.name else "")
        lines.append(_touching(points, shapes[flow.source], shapes[flow.target]))
        if flow.name:
            box = drawn.boxes[f"words {number}"]
            words[number] = (
                box.left + box.node.width / 2 + 4,
                box.top,
                box.node.width / 2 - 4,
                box.node.height,
            )
    return Positions(shapes, labels, lines, words)


def _outside(node: Node) -> bool:
    return node.tag not in ("userTask", "callActivity")


def _graph(made: Flowing) -> nodes.Graph:
    """Return nodes and flows as boxes and lines of a picture."""
    boxes = {key: _box(made, node) for key, node in made.nodes.items() if not node.on}
    links: list[nodes.Link] = []
    reached: set[str] = set()
    for number, flow in enumerate(made.flows):
        source = made.nodes[flow.source].on or flow.source
        back = _goes_back(flow, reached)
        reached |= {flow.source}
        if flow.name:
            key = f"words {number}"
            boxes[key] = _words(key, flow.name)
            links += [nodes.Link(source, key), nodes.Link(key, flow.target, back)]
        else:
            links.append(nodes.Link(source, flow.target, back))
    return nodes.Graph(boxes, links)


def _goes_back(flow: Flow, reached: set[str]) -> bool:
    return flow.target.startswith("step_") and flow.target in reached


def _box(made: Flowing, node: Node) -> nodes.Node:
    width, height = _size(node)
    if _outside(node) and node.name:
        lines = letters.lines(node.name, _SMALL, _WIDE)
        beside = max(letters.width(line, _SMALL) for line in lines) + 6
        if node.tag == "endEvent":
            width, height = max(width, beside), height + 4 + _LINE * len(lines)
        else:
            width, height = width + 2 * beside, max(height, _LINE * len(lines))
    elif any(each.on == node.id for each in made.nodes.values()):
        height += _EDGE
    return nodes.Node(key=node.id, kind="way", width=width, height=height)


def _words(key: str, text: str) -> nodes.Node:
    lines = letters.lines(text, _SMALL, _WIDE)
    wide = max(letters.width(line, _SMALL) for line in lines)
    return nodes.Node(key=key, kind="way", width=2 * (wide + 8), height=_LINE * len(lines))


def _size(node: Node) -> tuple[float, float]:
    if not _outside(node):
        return _TASK
    return (_GATEWAY, _GATEWAY) if node.tag.endswith("Gateway") else (_EVENT, _EVENT)


def _shape(drawn: Laid, node: Node) -> Bounds:
    box = drawn.boxes[node.id]
    width, height = _size(node)
    return (box.left + (box.node.width - width) / 2, box.top, width, height)


def _label(shape: Bounds, node: Node) -> Bounds:
    lines = letters.lines(node.name, _SMALL, _WIDE)
    wide, high = max(letters.width(line, _SMALL) for line in lines), _LINE * len(lines)
    left, top, width, height = shape
    if node.tag == "endEvent":
        return (left + (width - wide) / 2, top + height + 4, wide, high)
    return (left + width + 4, top + max(0.0, (height - high) / 2), wide, high)


def _joined(
    routes: Mapping[tuple[str, str], Route], drawn: Laid, source: str, target: str, through: str
) -> list[Point]:
    """Return the corners of a flow, also where its words stand between."""
    if not through:
        return list(routes[source, target].points)
    first, second = list(routes[source, through].points), list(routes[through, target].points)
    box = drawn.boxes[through]
    middle = (box.left + box.node.width / 2, box.top + box.node.height / 2)
    return [*first[:-1], middle, *second[1:]]


def _touching(points: list[Point], source: Bounds, target: Bounds) -> list[Point]:
    """Return corners that begin and end at the edges of the shapes."""
    corners = list(points)
    left, top, width, height = source
    if corners[0][1] == corners[1][1]:
        corners[0] = (left + width, corners[0][1])
    elif left + width / 2 == corners[0][0]:
        corners[0] = (corners[0][0], top + height)
    else:
        corners[:2] = _from_edge((left + width / 2, top + height), corners)
    if corners[-1][1] == corners[-2][1]:
        corners[-1] = (target[0] + target[2], corners[-1][1])
    return corners


def _from_edge(start: Point, corners: Sequence[Point]) -> list[Point]:
    """Return the first corners of a flow that leaves a timer on the edge, and not the middle, of its step."""
    sideways = len(corners) > 2 and corners[1][1] == corners[2][1]  # noqa: PLR2004 - the third corner
    if sideways:
        return [start, (start[0], corners[1][1])]
    turn = start[1] + 4
    return [start, (start[0], turn), (corners[0][0], turn), corners[1]]
