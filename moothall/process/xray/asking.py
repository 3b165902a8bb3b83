"""Asking the database: the few words that SQLite and PostgreSQL write differently, and figures of many durations.

All durations are seconds of calendar time: nights, weekends and holidays count. The middle and the ninth tenth are by
nearest rank (the smallest value that at least half, or nine tenths, do not exceed), down to the whole minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, of so many times: the mean, the middle one, and what nine in ten did not exceed."""

    times: int
    mean: float
    half: int
    nine: int


NO_SPREAD = Spread(0, 0.0, 0, 0)


def ask(statement: str, values: Sequence[Any]) -> list[Row]:
    """Return the rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))
        found: list[Row] = cursor.fetchall()
        return found


def seconds(column: str) -> str:
    """Return the expression of a time in whole seconds."""
    if connection.vendor == "postgresql":
        return f"CAST(EXTRACT(EPOCH FROM {column}) AS bigint)"
    return f"CAST((julianday({column}) - 2440587.5) * 86400 + 0.5 AS integer)"


def part_of_body(name: str) -> str:
    """Return the expression of a text in an event's body."""
    if connection.vendor == "postgresql":
        return f"(e.body::jsonb ->> '{name}')"
    return f"json_extract(e.body, '$.{name}')"


def in_order(value: str, by: str) -> str:
    """Return the expression of the values of a group, one after the other, with spaces between.

    Older SQLite knows no order inside an aggregate. There the rows come in the order of the index by which the group is
    made, which a test watches.
    """
    if connection.vendor == "postgresql":
        return f"STRING_AGG({value}, ' ' ORDER BY {by})"
    return f"GROUP_CONCAT({value}, ' ')"


def spreads(
    facts: str, values: Sequence[Any], keys: Sequence[str], measures: Sequence[str]
) -> dict[tuple[Any, ...], dict[str, Spread]]:
    """Return, for each group of facts, how each measure spreads; one that is NULL for a fact leaves it out.

    Facts are counted by minute first, and ranks found among the minutes: far quicker than to number every fact.
    """
    by, named = ", ".join(keys), ", ".join(f"m.{key}" for key in keys)
    on = " AND ".join(f"u.{key} = m.{key}" for key in keys)
    wanted = ", ".join((*keys, *measures))
    tables, parts = [f"facts AS MATERIALIZED (SELECT {wanted} FROM ({facts}) each_fact)"], []  # noqa: S608
    for each in measures:
        tables += [
            (
                f"minutes_{each} AS MATERIALIZED ("  # noqa: S608
                f"SELECT {by}, {each} / 60 AS minute, COUNT(*) AS n, SUM({each}) AS total"
                f" FROM facts WHERE {each} IS NOT NULL GROUP BY {by}, {each} / 60)"
            ),
            (
                f"upto_{each} AS (SELECT {by}, minute, SUM(n) OVER (PARTITION BY {by} ORDER BY minute"  # noqa: S608
                f" ROWS UNBOUNDED PRECEDING) AS upto FROM minutes_{each})"
            ),
            (
                f"many_{each} AS (SELECT {by}, SUM(n) AS times, SUM(total) * 1.0 / SUM(n) AS mean"  # noqa: S608
                f" FROM minutes_{each} GROUP BY {by})"
            ),
        ]
        parts.append(
            f"SELECT '{each}', {named}, m.times, m.mean, MIN(CASE WHEN u.upto * 2 >= m.times THEN u.minute END) * 60,"  # noqa: S608
            f" MIN(CASE WHEN u.upto * 10 >= m.times * 9 THEN u.minute END) * 60"
            f" FROM many_{each} m JOIN upto_{each} u ON {on} GROUP BY {named}, m.times, m.mean"
        )
    if len(measures) == 1:
        tables[0] = tables[0].replace(" AS MATERIALIZED ", " AS ", 1)
    found: dict[tuple[Any, ...], dict[str, Spread]] = {}
    for measure, *rest in ask(f"WITH {', '.join(tables)} {' UNION ALL '.join(parts)}", values):
        *key, times, mean, half, nine = rest
        found.setdefault(tuple(key), {})[measure] = Spread(int(times), float(mean), int(half), int(nine))
    return found
