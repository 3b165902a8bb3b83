"""The SVG of a picture: boxes, lines and words. All colours come from classes, in static/process/picture.css."""

import re
from collections.abc import Collection, Iterable
from html import escape
from pathlib import Path

from moothall.process.definition import RESIDENT, Definition, Step
from moothall.process.picture.nodes import STRIPE, Counts, Line, graph
from moothall.process.picture.routes import Laid, Placed, Route, laid
from moothall.process.picture.wording import depends

TEAMS = 8
_ROUND = 7
_ARROW = 8
_BAR = 5
_STYLE = Path(__file__).parent.parent / "static" / "process" / "picture.css"
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = {
    "if": "M7 1.5 12.5 7 7 12.5 1.5 7Z",
    "wait": "M7 1.5a5.5 5.5 0 1 0 .01 0ZM7 4v3.2l2.2 1.6",
    "vote": "M2 2h10v10H2ZM4.2 7l2 2.2 3.8-4.6",
    "again": "M11.6 4.2A5.3 5.3 0 1 0 12.3 7M12.2 1.4v3.2H9",
    "case": "M1.5 3h5M1.5 3v8.5h5M5 7.2h7.5M9.7 4.4l2.8 2.8-2.8 2.8",
    "lock": "M3 6.5h8v5.5H3ZM4.7 6.5V4.6a2.3 2.3 0 0 1 4.6 0v1.9",
    "promise": "M3 13V1.5M3 2h8.5L9.3 4.7 11.5 7.5H3",
    "all": "M1.5 4.5h11M4 1v3.5M10 1v3.5M7 4.5V12M4.8 9.8 7 12l2.2-2.2",
    "demand": "M7 1.5a5.5 5.5 0 1 0 .01 0ZM7 4.2v3.6M7 9.4v.4",
    "tell": "M1.5 3h11v8h-11ZM1.5 3.2 7 7.8l5.5-4.6",
    "write": "M2 12l.8-3L9.5 2.3l2.2 2.2L5 11.2Z",
    "end": "M3 3h8v8H3Z",
}


def svg(
    definition: Definition,
    *,
    counts: Counts | None = None,
    highlight: Collection[str] = (),
    name: str = "picture",
    alone: bool = False,
) -> str:
    """Return a process as inline SVG; `alone` makes a file of it, with its colours.

    `highlight` names the steps with a thick frame. `name` begins the ids: give each picture of a page its own.
    """
    figures = counts or Counts()
    drawn = laid(graph(definition, figures))
    teams = team_colours(definition)
    parts = [
        *(_line(route, figures) for route in drawn.routes),
        *(_box(box, definition, teams, highlight) for box in drawn.boxes.values()),
    ]
    about = (
        f"{len(definition.steps)} steps from top to bottom, with how each may turn out and where that leads."
    )
    space = ' xmlns="http://www.w3.org/2000/svg"' if alone else ""
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>" if alone else ""
    body = "\n".join(parts)
    return (
        f'<svg{space} class="picture" role="img" aria-labelledby="{name}-title" aria-describedby="{name}-about" '
        f'width="{_number(drawn.width)}" height="{_number(drawn.height)}" viewBox="0 0 {_number(drawn.width)} '
        f'{_number(drawn.height)}">{style}<title id="{name}-title">{_text(definition.title)}, as a picture</title>'
        f'<desc id="{name}-about">{_text(about)}</desc>\n{body}\n</svg>'
    )


def team_colours(definition: Definition) -> dict[str, str]:
    """Return the class of colour for each who does a step, in the order in which they come."""
    found: dict[str, str] = {}
    for step in definition.steps.values():
        for key in _doers(step):
            if key not in found:
                number = len([each for each in found if each != RESIDENT]) % TEAMS
                found[key] = "picture-team-r" if key == RESIDENT else f"picture-team-{number}"
    return found


def _doers(step: Step) -> tuple[str, ...]:
    if step.by_time or step.by_other_case:
        return ()
    return step.vote.of if step.vote else step.by


def measured(definition: Definition) -> Laid:
    """Return where everything stands, for whoever draws it in another way."""
    return laid(graph(definition, Counts()))


def _box(box: Placed, definition: Definition, teams: dict[str, str], highlight: Collection[str]) -> str:
    kind = box.node.kind
    classes = [f"picture-{kind}"]
    inner = ""
    if kind == "step":
        step = definition.steps[box.node.step]
        classes += [f"picture-step--{word}" for word in _looks(step)]
        classes += ["picture-step--marked"] if step.key in highlight else []
        inner = _frame(box, step) + _stripes(box, [teams[each] for each in _doers(step)])
    else:
        radius = box.node.height / 2 if kind == "start" else 3 if kind == "end" else 11
        inner = _rectangle("picture-box", box.left, box.top, box.node.width, box.node.height, radius)
        if kind == "end":
            inner += _rectangle("picture-stop", box.left, box.top, 5, box.node.height, 1)
    words = "".join(_words(box, line) for line in box.node.lines)
    return f'<g class="{" ".join(classes)}">{inner}{words}</g>'


def _looks(step: Step) -> list[str]:
    found = ["perhaps"] if depends(step) else []
    found += ["demand"] if step.on_demand else []
    found += ["wait"] if step.by_time else []
    return found + (["case"] if step.case else [])


def _frame(box: Placed, step: Step) -> str:
    radius = 22 if step.by_time else 5
    node = box.node
    frame = _rectangle("picture-box", box.left, box.top, node.width, node.height, radius)
    if step.case:
        frame += _rectangle("picture-inner", box.left + 4, box.top + 4, node.width - 8, node.height - 8, 3)
    return frame


def _stripes(box: Placed, classes: list[str]) -> str:
    """Return the stripe on the left: a part for each who may do it."""
    if not classes:
        return ""
    high = (box.node.height - 2) / len(classes)
    return "".join(
        _rectangle(f"picture-stripe {each}", box.left + 1, box.top + 1 + number * high, STRIPE, high, 0)
        for number, each in enumerate(classes)
    )


def _words(box: Placed, line: Line) -> str:
    x, y = box.left + line.left, box.top + line.top
    sign = ""
    if line.sign:
        sign = (
            f'<path class="picture-sign" d="{_SIGNS[line.sign]}" '
            f'transform="translate({_number(x - 20)} {_number(y - 11)})"/>'
        )
    if line.kind == "figure":
        sign = (
            f'<rect class="picture-heat picture-heat-{line.level}" x="{_number(x - 4)}" y="{_number(y - 13)}" '
            f'width="{_number(line.width + 8)}" height="18" rx="3"/>{sign}'
        )
    return f'{sign}<text class="picture-{line.kind}-text" x="{_number(x)}" y="{_number(y)}">{_text(line.text)}</text>'


def _line(route: Route, counts: Counts) -> str:
    level = next(
        (
            mark.level
            for key, mark in counts.outcomes.items()
            if f"way {key[0]} {key[1]}" in (route.source, route.target)
        ),
        None,
    )
    classes = "picture-line" + (" picture-line--back" if route.back else "")
    classes += "" if level is None else f" picture-line-{level}"
    path = f'<path class="{classes}" d="{_rounded(route.points)}"/>'
    return path + (_arrow(route.points) if route.target.startswith("step ") else "")


def _rounded(points: Iterable[tuple[float, float]]) -> str:
    """Return corners as a path that turns softly."""
    corners = _bare(list(points))
    path = [f"M{_point(corners[0])}"]
    for (x0, y0), (x, y), (x1, y1) in zip(corners, corners[1:], corners[2:], strict=False):
        room = min(_ROUND, (abs(x - x0) + abs(y - y0)) / 2, (abs(x1 - x) + abs(y1 - y)) / 2)
        path.append(f"L{_point((x + _sign(x0 - x) * room, y + _sign(y0 - y) * room))}")
        path.append(f"Q{_point((x, y))} {_point((x + _sign(x1 - x) * room, y + _sign(y1 - y) * room))}")
    return "".join([*path, f"L{_point(corners[-1])}"])


def _bare(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return corners without those at which a line does not turn."""
    kept = [points[0]]
    for number in range(1, len(points)):
        if points[number] == kept[-1]:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == points[number][0] or kept[-2][1] == kept[-1][1] == points[number][1]
        ):
            kept.pop()
        kept.append(points[number])
    return kept


def _arrow(points: tuple[tuple[float, float], ...]) -> str:
    (x0, y0), (x, y) = _bare(list(points))[-2:]
    across, down = _sign(x - x0), _sign(y - y0)
    half = _ARROW / 2
    left = (x - across * _ARROW + down * half, y - down * _ARROW + across * half)
    right = (x - across * _ARROW - down * half, y - down * _ARROW - across * half)
    return f'<path class="picture-arrow" d="M{_point((x, y))}L{_point(left)}L{_point(right)}Z"/>'


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _rectangle(name: str, left: float, top: float, width: float, height: float, radius: float) -> str:
    return (
        f'<rect class="{name}" x="{_number(left)}" y="{_number(top)}" width="{_number(width)}" '
        f'height="{_number(height)}" rx="{_number(radius)}"/>'
    )


def _point(point: tuple[float, float]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
