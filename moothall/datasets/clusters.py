"""Putting pairs together into clusters: best first, and never across something that speaks against it."""

from collections.abc import Callable


class Clusters:
    """Members, numbered from 0, that become one pair by pair.

    `never` says of two members that they must not be together, whatever joins them; `against`, that they look as if
    they were not one: two clusters stay apart if more than half of their pairs do.
    """

    def __init__(
        self, size: int, never: Callable[[int, int], bool], against: Callable[[int, int], bool]
    ) -> None:
        self._parents = list(range(size))
        self._members: dict[int, list[int]] = {}
        self._never = never
        self._against = against

    def find(self, member: int) -> int:
        """Return the member by which its cluster is known."""
        parents = self._parents
        while parents[member] != member:
            parents[member] = parents[parents[member]]
            member = parents[member]
        return member

    def join(self, one: int, other: int) -> bool:
        """Put the clusters of two members together, unless something speaks against it. Return whether they are one."""
        a, b = self.find(one), self.find(other)
        if a == b:
            return True
        mine, yours = self._members.get(a, [a]), self._members.get(b, [b])
        if any(self._never(x, y) for x in mine for y in yours):
            return False
        if 2 * sum(self._against(x, y) for x in mine for y in yours) > len(mine) * len(yours):
            return False
        self._put(a, b, mine, yours)
        return True

    def unite(self, one: int, other: int) -> None:
        """Put the clusters of two members together, whatever speaks against it."""
        a, b = self.find(one), self.find(other)
        if a != b:
            self._put(a, b, self._members.get(a, [a]), self._members.get(b, [b]))

    def _put(self, a: int, b: int, mine: list[int], yours: list[int]) -> None:
        if len(mine) < len(yours):
            a, b = b, a
        self._parents[b] = a
        self._members[a] = mine + yours
        self._members.pop(b, None)
