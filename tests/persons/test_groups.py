"""Which records are one person, by the links between them alone."""

from collections.abc import Mapping
from itertools import combinations, count

from hypothesis import given
from hypothesis import strategies as st

from moothall.persons.rules import groups
from moothall.persons.rules.groups import Tie

RECORDS = range(1, 9)
pairs = st.sampled_from([*combinations(RECORDS, 2)])
ties = st.lists(pairs, max_size=12).map(
    lambda found: [Tie(number, *pair) for number, pair in zip(count(1), found, strict=False)]
)
origins = st.fixed_dictionaries({record: st.integers(1, 6) for record in RECORDS})


def reached(known: Mapping[int, int], same: list[Tie], start: int) -> frozenset[int]:
    """Return the group of a record, found step by step."""
    found: set[int] = {start}
    while True:
        near = {tie.high for tie in same if tie.low in found} | {tie.low for tie in same if tie.high in found}
        near |= {record for record in known if known[record] in {known[each] for each in found}}
        if near <= found:
            return frozenset(found)
        found |= near


class TestGroups:
    @given(origins, ties)
    def test_are_what_can_be_reached_by_links_and_shared_origins(
        self, known: dict[int, int], same: list[Tie]
    ) -> None:
        made = groups.groups(known, same)
        assert set(made) == {reached(known, same, record) for record in known}
        heads = groups.heads(known, same)
        for group in made:
            assert {heads[record] for record in group} == {min(known[record] for record in group)}
        assert [groups.head(known, group) for group in made] == sorted(
            groups.head(known, group) for group in made
        )

    @given(origins, ties, ties, pairs)
    def test_are_kept_apart_as_a_whole(
        self, known: dict[int, int], same: list[Tie], apart: list[Tie], pair: tuple[int, int]
    ) -> None:
        walls = groups.forbidding(known, same, apart, *pair)
        joined = reached(known, [*same, Tie(99, *pair)], pair[0])
        assert set(walls) == {tie for tie in apart if {tie.low, tie.high} <= joined}
        assert walls == sorted(walls)

    @given(origins, ties, pairs)
    def test_are_separated_by_the_end_of_a_link_or_held_by_others(
        self, known: dict[int, int], same: list[Tie], pair: tuple[int, int]
    ) -> None:
        sides = groups.sides(known, same, *pair)
        one, other = reached(known, same, pair[0]), reached(known, same, pair[1])
        assert sides == (None if one == other else (one, other))
        way = groups.holding(known, same, *pair)
        if sides is None:
            assert pair[1] in reached(known, way, pair[0])
        else:
            assert way == []

    def test_may_be_as_long_as_a_street(self) -> None:
        long = 20_000
        known = {record: record for record in range(long)}
        same = [Tie(record, record - 1, record) for record in range(1, long)]
        assert len(groups.groups(known, same)) == 1
