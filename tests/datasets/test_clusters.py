"""Clusters grow by the best pair first, and not across what speaks against it."""

from moothall.datasets.clusters import Clusters

Pairs = frozenset[tuple[int, int]]
NONE: Pairs = frozenset()


def clusters(size: int, never: Pairs = NONE, against: Pairs = NONE) -> Clusters:
    return Clusters(
        size,
        never=lambda one, other: (min(one, other), max(one, other)) in never,
        against=lambda one, other: (min(one, other), max(one, other)) in against,
    )


class TestClusters:
    def test_join_what_hangs_together(self) -> None:
        made = clusters(5)
        assert made.join(0, 1)
        assert made.join(1, 2)
        assert made.join(0, 2)
        assert {made.find(member) for member in (0, 1, 2)} == {made.find(0)}
        assert made.find(3) != made.find(4)

    def test_never_join_two_that_must_not_be_together_through_a_third(self) -> None:
        made = clusters(3, never=frozenset({(0, 2)}))
        assert made.join(0, 1)
        assert not made.join(1, 2)
        assert made.find(2) == 2

    def test_stay_apart_if_most_pairs_are_against_it(self) -> None:
        made = clusters(4, against=frozenset({(0, 2), (1, 2)}))
        assert made.join(0, 1)
        assert not made.join(1, 2)
        mostly_for = clusters(4, against=frozenset({(0, 3)}))
        assert mostly_for.join(0, 1)
        assert mostly_for.join(1, 2)
        assert mostly_for.join(2, 3)

    def test_are_united_whatever_speaks_against_it(self) -> None:
        made = clusters(2, never=frozenset({(0, 1)}))
        made.unite(0, 1)
        assert made.find(0) == made.find(1)
        made.unite(1, 0)
        assert made.join(0, 1)
