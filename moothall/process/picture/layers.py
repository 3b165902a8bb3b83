"""Which row each box stands in: below everything that leads to it, by the longest way from the start.

Steps stand in odd rows, outcomes in the even ones between; a line that passes a row bends there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from moothall.process.picture.nodes import Graph, Link, Node


@dataclass(frozen=True, slots=True)
class Layered:
    """The rows from the top, each from left to right; lines that go down only to the next row; and the others.

    A chain is a line from box to box with all its bends.
    """

    rows: list[list[str]]
    row: Mapping[str, int]
    nodes: Mapping[str, Node]
    links: tuple[Link, ...]
    chains: tuple[tuple[str, ...], ...]
    back: tuple[Link, ...]


def layered(graph: Graph) -> Layered:
    """Return the boxes in rows, with bends where a line passes one."""
    down, back = _without_circles(graph)
    row = _rows(graph, down)
    down += [link for link in back if row[link.target] > row[link.source]]
    back = [link for link in back if row[link.target] <= row[link.source]]
    nodes = dict(graph.nodes)
    chains = []
    for number, link in enumerate(down):
        bends = range(row[link.source] + 1, row[link.target])
        for level in bends:
            bend = Node(key=f"bend {number} {level}", kind="bend", width=2, height=0)
            nodes[bend.key], row[bend.key] = bend, level
        chains.append((link.source, *(f"bend {number} {level}" for level in bends), link.target))
    links = tuple(Link(*pair) for chain in chains for pair in pairwise(chain))
    rows: list[list[str]] = [[] for _ in range(max(row.values()) + 1)]
    for key in _by_depth(nodes, links):
        rows[row[key]].append(key)
    return Layered(rows, row, nodes, links, tuple(chains), tuple(back))


def _without_circles(graph: Graph) -> tuple[list[Link], list[Link]]:
    """Return the lines that only go down, and those that would close a circle or say themselves that they go back."""
    forward: dict[str, list[Link]] = {key: [] for key in graph.nodes}
    for link in graph.links:
        if not link.back:
            forward[link.source].append(link)
    closing: set[Link] = set()
    done: set[str] = set()
    for root in graph.nodes:
        path: dict[str, int] = {root: 0}
        while path and root not in done:
            key = next(reversed(path))
            links = forward[key][path[key] :]
            if not links:
                done.add(key)
                del path[key]
                continue
            path[key] += 1
            if links[0].target in path:
                closing.add(links[0])
            elif links[0].target not in done:
                path[links[0].target] = 0
    down = [link for link in graph.links if not link.back and link not in closing]
    return down, [link for link in graph.links if link.back or link in closing]


def _rows(graph: Graph, down: list[Link]) -> dict[str, int]:
    """Return each box's row: the longest way to it, counting two rows from step to step."""
    into: dict[str, list[Link]] = {key: [] for key in graph.nodes}
    for link in down:
        into[link.target].append(link)
    below: dict[str, list[str]] = {key: [] for key in graph.nodes}
    for link in down:
        below[link.source].append(link.target)
    missing = {key: len(links) for key, links in into.items()}
    waiting = [key for key, count in missing.items() if not count]
    first = next(iter(graph.nodes))
    row = {key: int(key != first) for key in waiting}
    while waiting:
        key = waiting.pop(0)
        for under in below[key]:
            least = row[key] + 1
            if graph.nodes[under].kind == "step":
                least += (least + 1) % 2
            row[under] = max(row.get(under, 0), least)
            missing[under] -= 1
            if not missing[under]:
                waiting.append(under)
    return row


def _by_depth(nodes: Mapping[str, Node], links: tuple[Link, ...]) -> list[str]:
    """Return the boxes as they are met going down from the start, so that what hangs together stands together."""
    below: dict[str, list[str]] = {key: [] for key in nodes}
    for link in links:
        below[link.source].append(link.target)
    found: dict[str, None] = {}
    for root in nodes:
        waiting = [root]
        while waiting:
            if (key := waiting.pop()) not in found:
                found[key] = None
                waiting += reversed(below[key])
    return list(found)
