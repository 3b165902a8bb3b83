"""In which order the boxes of a row stand: so that few lines cross, and otherwise as in the file.

Barycentre sweeps of Sugiyama, Tagawa and Toda (1981), down and up in turn, then neighbours change places as long
as that helps. The best order that was seen is kept.
"""

from collections.abc import Mapping, Sequence

from moothall.process.picture.layers import Layered

_SWEEPS = 12
_Neighbours = Mapping[str, Sequence[str]]


def ordered(drawn: Layered) -> list[list[str]]:
    """Return the rows with their boxes put in order."""
    above: dict[str, list[str]] = {key: [] for key in drawn.nodes}
    below: dict[str, list[str]] = {key: [] for key in drawn.nodes}
    for link in drawn.links:
        above[link.target].append(link.source)
        below[link.source].append(link.target)
    rows = [list(row) for row in drawn.rows]
    best, fewest = rows, crossings(rows, below)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        rows = _swept(rows, above if sweep % 2 == 0 else below, down=sweep % 2 == 0)
        _exchanged(rows, above, below)
        if (count := crossings(rows, below)) < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def crossings(rows: Sequence[Sequence[str]], below: _Neighbours) -> int:
    """Return how many lines cross."""
    return sum(_between(row, rows[number + 1], below) for number, row in enumerate(rows[:-1]))


def _between(row: Sequence[str], under: Sequence[str], below: _Neighbours) -> int:
    place = {key: number for number, key in enumerate(under)}
    ends = [place[each] for key in row for each in sorted(below[key], key=place.__getitem__)]
    return sum(one > other for number, one in enumerate(ends) for other in ends[number + 1 :])


def _swept(rows: list[list[str]], neighbours: _Neighbours, *, down: bool) -> list[list[str]]:
    """Return rows in which each box stands near the middle of what it hangs on."""
    found = [list(row) for row in rows]
    levels = range(1, len(rows)) if down else range(len(rows) - 2, -1, -1)
    for level in levels:
        place = {key: number for number, key in enumerate(found[level - 1 if down else level + 1])}
        centre = {
            key: sum(map(place.__getitem__, near)) / len(near)
            for key in found[level]
            if (near := neighbours[key])
        }
        moved = iter(sorted((key for key in found[level] if key in centre), key=centre.__getitem__))
        found[level] = [next(moved) if key in centre else key for key in found[level]]
    return found


def _exchanged(rows: list[list[str]], above: _Neighbours, below: _Neighbours) -> None:
    """Let two neighbours change places where that saves a crossing."""
    for _ in range(4):
        better = False
        for level, row in enumerate(rows):
            over = {key: number for number, key in enumerate(rows[level - 1])} if level else {}
            under = (
                {key: number for number, key in enumerate(rows[level + 1])} if level + 1 < len(rows) else {}
            )
            for number in range(len(row) - 1):
                one, other = row[number], row[number + 1]
                now = _pair(above[one], above[other], over) + _pair(below[one], below[other], under)
                then = _pair(above[other], above[one], over) + _pair(below[other], below[one], under)
                if then < now:
                    row[number], row[number + 1] = other, one
                    better = True
        if not better:
            return


def _pair(left: Sequence[str], right: Sequence[str], place: Mapping[str, int]) -> int:
    return sum(place[one] > place[other] for one in left for other in right)
