"""Splink behind one file: pairs with their scores and levels, and what records teach about levels."""

from collections.abc import Iterator
from dataclasses import replace
from math import log2

import pytest

from moothall.datasets import linking
from moothall.datasets.linking import Comparison, Level, Model
from moothall.datasets.store import Store, store

NAME = Comparison(
    "name",
    "name_l is null or name_r is null",
    (
        Level("same", "name_l = name_r", 0.9, 0.01, "name"),
        Level("begins", "left(name_l, 1) = left(name_r, 1)", 0.05, 0.05),
        Level("differs", "", 0.05, 0.94),
    ),
)
TOWN = Comparison(
    "town",
    "town_l is null or town_r is null",
    (Level("same", "town_l = town_r", 0.5, 0.5), Level("differs", "", 0.5, 0.5)),
)
MODEL = Model(0.01, (NAME, TOWN), ("l.block = r.block",))
ROWS = [
    (1, "ann", "york", "a"),
    (2, "ann", "hull", "a"),
    (3, "alice", "york", "a"),
    (4, "bob", "", "a"),
    (5, "ann", "york", "b"),
]


@pytest.fixture
def tables() -> Iterator[Store]:
    with store(threads=1) as held:
        held.table(
            "raw", {"unique_id": "BIGINT", "name": "VARCHAR", "town": "VARCHAR", "block": "VARCHAR"}, ROWS
        )
        held.run("create table people as select unique_id, name, nullif(town, '') as town, block from raw")
        held.table(
            "shares", {"name": "VARCHAR", "tf_name": "DOUBLE"}, [("ann", 0.5), ("alice", 0.01), ("bob", 0.01)]
        )
        yield held


def scored(tables: Store, at_least: float = -60.0) -> dict[tuple[int, int], tuple[float, int, int]]:
    linking.scored(tables, "people", MODEL, {"name": "shares"}, at_least, "found")
    rows = tables.rows("select low, high, score, level_name, level_town from found")
    return {(low, high): (score, name, town) for low, high, score, name, town in rows}


class TestScores:
    def test_are_of_the_pairs_that_a_rule_gives(self, tables: Store) -> None:
        assert set(scored(tables)) == {(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)}

    def test_come_with_the_level_of_each_comparison_also_if_it_weighs_nothing(self, tables: Store) -> None:
        found = scored(tables)
        assert found[1, 2][1:] == (1, 2)
        assert found[1, 3][1:] == (2, 1)
        assert found[1, 4][1:] == (3, 0)

    def test_count_a_value_by_its_share(self, tables: Store) -> None:
        start = log2(0.01 / 0.99)
        assert scored(tables)[1, 2][0] == pytest.approx(start + log2(0.9 / 0.5), abs=1e-4)
        assert scored(tables)[1, 3][0] == pytest.approx(start, abs=1e-4)

    def test_leave_out_what_scores_less(self, tables: Store) -> None:
        assert set(scored(tables, -6.0)) == {(1, 2)}


class TestWhatRecordsTeach:
    def test_is_how_often_a_level_is_seen_at_random(self, tables: Store) -> None:
        assert linking.at_random(tables, "people", MODEL, 1e4)["name"]["same"] == pytest.approx(3 / 10)

    def test_is_how_many_pairs_are_at_each_level(self, tables: Store) -> None:
        sides = "columns(l.*) as '\\0_l', columns(r.*) as '\\0_r'"
        pairs = f"(select {sides} from people l, people r where l.unique_id < r.unique_id)"
        assert linking.levels_of(tables, pairs, NAME) == [3, 3, 4]
        assert linking.levels_of(tables, pairs, TOWN) == [3, 3]


class TestSettings:
    def test_begin_each_comparison_with_what_is_missing_and_end_it_with_the_rest(self) -> None:
        made = linking.settings(replace(MODEL, comparisons=(TOWN,)))["comparisons"][0]["comparison_levels"]
        assert made[0]["is_null_level"]
        assert made[-1]["sql_condition"] == "ELSE"
