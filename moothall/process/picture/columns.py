"""How far right each box stands: long lines straight, what goes on below what it comes from, nothing overlapping.

Blocks of boxes in one line, as Brandes and Köpf (2002) align them, laid out as far left as they go, from above and
from below; the mean of the two. Outcomes that lead nowhere take no part in it: they are laid beside the others last.
"""

import itertools
from collections.abc import Mapping, Sequence

from moothall.process.picture.layers import Layered
from moothall.process.picture.nodes import Node

GAP = 26
_BEND_GAP = 18
_Rows = Sequence[Sequence[str]]
_Near = Mapping[str, Sequence[str]]


def columns(drawn: Layered, rows: _Rows) -> dict[str, float]:
    """Return the middle of each box, from the left edge of the picture."""
    place = {key: number for row in rows for number, key in enumerate(row)}
    leaves = _leaves(drawn)
    links = [link for link in drawn.links if link.target not in leaves]
    above = _near(drawn, [(link.target, link.source) for link in links], place)
    below = _near(drawn, [(link.source, link.target) for link in links], place)
    taken = _clashes(drawn, rows, above, place)
    downwards = _compacted(drawn, rows, _aligned(rows, above, place, taken))
    upwards = _compacted(drawn, rows, _aligned(rows[::-1], below, place, taken))
    middles = {key: (downwards[key] + upwards[key]) / 2 for key in downwards}
    for row in rows:
        _beside(drawn, row, middles, leaves)
    least = min(middles[key] - drawn.nodes[key].width / 2 for key in middles)
    return {key: round(middle - least) for key, middle in middles.items()}


def _leaves(drawn: Layered) -> dict[str, str]:
    """Return the outcomes that lead nowhere below, where others of the same step do; with that step."""
    onward = {link.source for link in drawn.links}
    rich = {link.source for link in drawn.links if link.target in onward}
    return {
        link.target: link.source
        for link in drawn.links
        if link.target not in onward and link.source in rich and drawn.nodes[link.target].kind != "step"
    }


def _near(drawn: Layered, pairs: list[tuple[str, str]], place: Mapping[str, int]) -> _Near:
    found: dict[str, list[str]] = {key: [] for key in drawn.nodes}
    for one, other in pairs:
        found[one].append(other)
    return {key: sorted(near, key=place.__getitem__) for key, near in found.items()}


def _clashes(drawn: Layered, rows: _Rows, above: _Near, place: Mapping[str, int]) -> set[tuple[str, str]]:
    """Return the lines that cross the inner part of a long one, which alone may be straight (conflicts of type 1)."""
    found = set()
    bends = {key for key, node in drawn.nodes.items() if node.kind == "bend"}
    for upper, lower in itertools.pairwise(rows):
        left, done = -1, 0
        for number, key in enumerate(lower):
            inner = next((up for up in above[key] if up in bends), None) if key in bends else None
            if inner is None and number < len(lower) - 1:
                continue
            right = place[inner] if inner else len(upper)
            for each in lower[done : number + 1]:
                found |= {
                    (up, each)
                    for up in above[each]
                    if not left <= place[up] <= right and not {up, each} <= bends
                }
            left, done = right, number + 1
    return found


def _aligned(
    rows: _Rows, near: _Near, place: Mapping[str, int], taken: set[tuple[str, str]]
) -> dict[str, str]:
    """Return for each box the first of those that stand in one line with it, each below the middle of its own."""
    root = {key: key for row in rows for key in row}
    used: set[str] = set()
    for row in rows:
        last = -1
        for key in row:
            others = near[key]
            middle = (len(others) - 1) // 2
            for other in others[middle : len(others) // 2 + 1]:
                free = other not in used and last < place[other]
                if free and (other, key) not in taken and (key, other) not in taken:
                    root[key] = root[other]
                    used.add(other)
                    last = place[other]
                    break
    return root


def _compacted(drawn: Layered, rows: _Rows, root: Mapping[str, str]) -> dict[str, float]:
    """Return how far right each box stands when each block is as far left as the one before it allows."""
    after: dict[str, dict[str, float]] = {key: {} for key in root.values()}
    missing = dict.fromkeys(after, 0)
    for row in rows:
        for one, other in itertools.pairwise(row):
            apart = _apart(drawn.nodes[one], drawn.nodes[other])
            known = after[root[one]]
            if root[other] not in known:
                missing[root[other]] += 1
            known[root[other]] = max(known.get(root[other], 0), apart)
    middle = dict.fromkeys(after, 0.0)
    order = [key for key, count in missing.items() if not count]
    for key in order:
        for other, apart in after[key].items():
            middle[other] = max(middle[other], middle[key] + apart)
            missing[other] -= 1
            if not missing[other]:
                order.append(other)
    for key in reversed(order):
        nearest = min((middle[other] - apart for other, apart in after[key].items()), default=middle[key])
        middle[key] = max(middle[key], nearest)
    return {key: middle[first] for key, first in root.items()}


def _apart(one: Node, other: Node) -> float:
    gap = _BEND_GAP if "bend" in (one.kind, other.kind) else GAP
    return (one.width + other.width) / 2 + gap


def _beside(drawn: Layered, row: Sequence[str], middles: dict[str, float], leaves: Mapping[str, str]) -> None:
    """Lay the outcomes that lead nowhere as near to their step as the others of the row leave room."""
    number = 0
    while number < len(row):
        end = number
        while end < len(row) and row[end] in leaves:
            end += 1
        if end > number:
            left = row[number - 1] if number else None
            right = row[end] if end < len(row) else None
            _laid(drawn, row[number:end], (left, right), middles, leaves)
        number = end + 1


def _laid(
    drawn: Layered,
    run: Sequence[str],
    sides: tuple[str | None, str | None],
    middles: dict[str, float],
    leaves: Mapping[str, str],
) -> None:
    """Lay some of them between two boxes of the row: the least squares of their ways to their steps."""
    offsets = [0.0]
    for one, other in itertools.pairwise(run):
        offsets.append(offsets[-1] + _apart(drawn.nodes[one], drawn.nodes[other]))
    low, high = float("-inf"), float("inf")
    if sides[0]:
        low = middles[sides[0]] + _apart(drawn.nodes[sides[0]], drawn.nodes[run[0]])
    if sides[1]:
        high = middles[sides[1]] - _apart(drawn.nodes[run[-1]], drawn.nodes[sides[1]]) - offsets[-1]
    wanted = [middles[leaves[key]] - offset for key, offset in zip(run, offsets, strict=True)]
    for key, offset, start in zip(run, offsets, _rising(wanted), strict=True):
        middles[key] = min(max(start, low), high) + offset


def _rising(wanted: Sequence[float]) -> list[float]:
    """Return the rising numbers nearest to those wanted (pool adjacent violators).

    >>> _rising([3, 1, 5])
    [2.0, 2.0, 5.0]
    """
    pools: list[tuple[float, int]] = []
    for each in wanted:
        pools.append((each, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, few), (other, more) = pools[-2:]
            pools[-2:] = [((one * few + other * more) / (few + more), few + more)]
    return [float(mean) for mean, count in pools for _ in range(count)]
