"""Splink, and the only file that knows it: scores for the pairs of a table, and how often each level is seen.

What is compared comes as data: comparisons with their levels as SQL, and which pairs to look at. What a score leads to
is for the room that asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log2
from typing import Any

from splink import DuckDBAPI, Linker

from moothall.datasets.store import Store

SEED = 1066


@dataclass(frozen=True, slots=True)
class Level:
    """One way two values may compare: its SQL ("" for all the rest), and how often it is seen.

    `m` is for two records of one person, `u` for two taken at random. `often` names a column whose value counts more
    the rarer it is, where there is a table of shares for it.
    """

    key: str
    condition: str
    m: float
    u: float
    often: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: when it is missing, and its levels, of which the first that holds counts."""

    key: str
    missing: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Comparisons, the chance that two records taken at random are one person, and which pairs are looked at."""

    prior: float
    comparisons: tuple[Comparison, ...]
    blocking: tuple[str, ...]


def scored(
    store: Store, table: str, model: Model, shares: Mapping[str, str], at_least: float, into: str
) -> None:
    """Make a table of the pairs that the blocking rules give and that score at least so many bits.

    `shares` names, for a column, the table with its values and their shares (as `tf_COLUMN`). The table has `low` and
    `high` (`unique_id`s), `score`, and `level_KEY` for each comparison: 0 if missing, else the level's number from 1.
    """
    model = replace(model, comparisons=tuple(map(_told_apart, model.comparisons)))
    linker, api = _linker(store, table, model)
    for column, name in shares.items():
        linker.table_management.register_term_frequency_lookup(api.register(name), column)
    found = linker.inference.predict(threshold_match_weight=at_least, warning_mode="never")
    levels = ", ".join(map(_level_of_weight, model.comparisons))
    store.run(
        f"create or replace table {into} as select least(unique_id_l, unique_id_r) as low, "  # noqa: S608
        f"greatest(unique_id_l, unique_id_r) as high, match_weight as score, {levels} from {found.physical_name}"
    )
    found.drop_table_from_database_and_remove_from_cache()


_STEP = 1e-7


def _told_apart(comparison: Comparison) -> Comparison:
    """Return a comparison whose levels weigh differently, if only by a trifle, and none of them nothing.

    Splink gives the weight of a level with a pair, but its number only together with all that was compared.
    """
    taken = {0}
    made = []
    for level in comparison.levels:
        while (near := round(_weight(level) / _STEP / 10)) in taken or near + 1 in taken or near - 1 in taken:
            level = replace(level, m=level.m * (1 + _STEP * 10))  # noqa: PLW2901
        taken.add(near)
        made.append(level)
    return replace(comparison, levels=tuple(made))


def _weight(level: Level) -> float:
    return log2(level.m / level.u)


def _level_of_weight(comparison: Comparison) -> str:
    cases = " ".join(
        f"when abs(mw_{comparison.key} - {_weight(level)!r}) < {_STEP} then {place}"
        for place, level in enumerate(comparison.levels, 1)
    )
    return f"case {cases} else 0 end::tinyint as level_{comparison.key}"


def at_random(store: Store, table: str, model: Model, pairs: float) -> dict[str, dict[str, float | None]]:
    """Return how often each level is seen with two records taken at random; None where that was not seen at all."""
    linker, _ = _linker(store, table, model)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=SEED, min_count_per_level=None)
    seen = {each["output_column_name"]: each for each in linker.misc.save_model_to_json()["comparisons"]}
    return {
        each.key: {
            level.key: _chance(found)
            for level, found in zip(each.levels, seen[each.key]["comparison_levels"][1:], strict=True)
        }
        for each in model.comparisons
    }


def _chance(level: Mapping[str, Any]) -> float | None:
    value = level.get("u_probability")
    return float(value) if isinstance(value, int | float) and value > 0 else None


def levels_of(store: Store, pairs: str, comparison: Comparison) -> list[float]:
    """Return how many pairs are at each level of a comparison, from the first; missing ones are not counted.

    `pairs` is a table, or a query in brackets, with the columns of both sides, ending in `_l` and `_r`.
    """
    cases = " ".join(
        f"when {level.condition} then {place}"
        for place, level in enumerate(comparison.levels)
        if level.condition
    )
    last = len(comparison.levels) - 1
    counts = dict(
        store.rows(
            f"select case when {comparison.missing} then -1 {cases} else {last} end as level, count(*) "  # noqa: S608
            f"from {pairs} group by level"
        )
    )
    return [float(counts.get(place, 0)) for place in range(len(comparison.levels))]


def _linker(store: Store, table: str, model: Model) -> tuple[Linker, DuckDBAPI]:
    api = DuckDBAPI(store.connection)
    return Linker(api.register(table), settings(model), log_level="ERROR", validate_settings=False), api


def settings(model: Model) -> dict[str, Any]:
    """Return the model as Splink's settings."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": model.prior,
        "comparisons": [
            {
                "output_column_name": each.key,
                "comparison_levels": [
                    {"sql_condition": each.missing, "label_for_charts": "missing", "is_null_level": True},
                    *map(_level, each.levels),
                ],
            }
            for each in model.comparisons
        ],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in model.blocking],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def _level(level: Level) -> dict[str, Any]:
    made: dict[str, Any] = {
        "sql_condition": level.condition or "ELSE",
        "label_for_charts": level.key,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if level.often:
        made["tf_adjustment_column"] = level.often
    return made


def bits(probability: float) -> float:
    """Return the odds of a chance in bits.

    >>> bits(0.5), round(bits(64 / 65))
    (0.0, 6)
    """
    return log2(probability / (1 - probability))
