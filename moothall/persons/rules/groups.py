"""Which records are one person: what follows from the links between them, and from nothing else.

Records that links of the kind `same` join are one person, and so are records with one origin. The group's head is its
smallest origin: whoever was known first. A link of the kind `apart` keeps two whole groups from becoming one.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Group = frozenset[int]


@dataclass(frozen=True, slots=True, order=True)
class Tie:
    """A link in force between two records, by its number."""

    id: int
    low: int
    high: int

    def __contains__(self, record: object) -> bool:
        return record in (self.low, self.high)


def groups(origins: Mapping[int, int], same: Iterable[Tie]) -> list[Group]:
    """Return the records, given with their origins, in groups of one person each; the oldest person comes first.

    >>> [sorted(group) for group in groups({1: 7, 2: 8, 3: 7, 4: 9}, [Tie(1, 2, 4)])]
    [[1, 3], [2, 4]]
    """
    above = {record: record for record in origins}

    def top(record: int) -> int:
        while above[record] != record:
            above[record] = above[above[record]]
            record = above[record]
        return record

    first: dict[int, int] = {}
    for record, origin in origins.items():
        above[top(record)] = top(first.setdefault(origin, record))
    for tie in same:
        above[top(tie.low)] = top(tie.high)
    found: dict[int, set[int]] = {}
    for record in origins:
        found.setdefault(top(record), set()).add(record)
    made = [frozenset(members) for members in found.values()]
    return sorted(made, key=lambda group: head(origins, group))


def head(origins: Mapping[int, int], group: Iterable[int]) -> int:
    """Return the person who stands for a group: the smallest origin in it."""
    return min(origins[record] for record in group)


def heads(origins: Mapping[int, int], same: Iterable[Tie]) -> dict[int, int]:
    """Return of each record the person whom it belongs to.

    >>> heads({1: 7, 2: 8, 3: 6}, [Tie(1, 1, 2)])
    {1: 7, 2: 7, 3: 6}
    """
    found: dict[int, int] = {}
    for group in groups(origins, same):
        found |= dict.fromkeys(group, head(origins, group))
    return {record: found[record] for record in origins}


def group_of(origins: Mapping[int, int], same: Iterable[Tie], record: int) -> Group:
    """Return the group in which a record is."""
    return next(group for group in groups(origins, same) if record in group)


def forbidding(
    origins: Mapping[int, int], same: Iterable[Tie], apart: Iterable[Tie], one: int, other: int
) -> list[Tie]:
    """Return the links that keep apart what a link between two records would join, the first made first.

    >>> forbidding({1: 1, 2: 2, 3: 3, 4: 4}, [Tie(1, 1, 2), Tie(2, 3, 4)], [Tie(3, 2, 3)], 1, 4)
    [Tie(id=3, low=2, high=3)]
    """
    same = list(same)
    joined = group_of(origins, same, one) | group_of(origins, same, other)
    return sorted(tie for tie in apart if tie.low in joined and tie.high in joined)


def sides(origins: Mapping[int, int], same: Iterable[Tie], low: int, high: int) -> tuple[Group, Group] | None:
    """Return the two groups in which two records are, or None if they are one person all the same.

    With the links that stay in force, this is what the end of a link separates.

    >>> [sorted(side) for side in sides({1: 1, 2: 2, 3: 3}, [Tie(1, 1, 2)], 1, 3) or ()]
    [[1, 2], [3]]
    """
    same = list(same)
    one, other = group_of(origins, same, low), group_of(origins, same, high)
    return None if one == other else (one, other)


def holding(origins: Mapping[int, int], same: Sequence[Tie], one: int, other: int) -> list[Tie]:
    """Return the links by which two records are one person: a way between them, none where they have one origin.

    >>> holding({1: 1, 2: 2, 3: 3}, [Tie(5, 1, 2), Tie(6, 2, 3)], 1, 3)
    [Tie(id=5, low=1, high=2), Tie(id=6, low=2, high=3)]
    """
    alike: dict[int, list[int]] = {}
    for record, origin in origins.items():
        alike.setdefault(origin, []).append(record)
    came: dict[int, list[Tie]] = {one: []}
    waiting = deque([one])
    while waiting and other not in came:
        here = waiting.popleft()
        near = [(record, came[here]) for record in alike[origins[here]]]
        near += [
            (tie.high if tie.low == here else tie.low, [*came[here], tie]) for tie in same if here in tie
        ]
        for record, way in near:
            if record not in came:
                came[record] = way
                waiting.append(record)
    return came.get(other, [])
