"""Pages of long lists, read from several stretches of an index, each in the order of the list.

A cursor says after which line the next page begins: its moment and its number. No page counts what came before it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_LARGEST_ID = 2**63


def cursor_of(at: datetime, number: int) -> str:
    """Return where the next page goes on after this line."""
    return f"{at.isoformat()}_{number}"


def position(after: str) -> tuple[datetime, int] | None:
    """Return where a page goes on; a cursor that was tampered with starts at the first page."""
    when, _, number = after.rpartition("_")
    try:
        at, line = datetime.fromisoformat(when), int(number)
        return (at.astimezone(UTC), line) if at.tzinfo is not None and abs(line) < _LARGEST_ID else None
    except (ValueError, OverflowError):
        return None


def first_of(
    stretches: Sequence["QuerySet[Any]"], *, by: str, most: int, latest_first: bool = False
) -> list[int]:
    """Return the numbers of the first rows of several stretches together, in the order of the column `by`.

    Each stretch is read no further than that, and never sorted.
    """
    if not stretches:
        return []
    down, way = ("-", "DESC") if latest_first else ("", "ASC")
    parts = [
        rows.order_by(f"{down}{by}", f"{down}id").values_list("id", by)[:most].query.sql_with_params()
        for rows in stretches
    ]
    each = " UNION ALL ".join(f"SELECT id, {by} FROM ({sql}) AS stretch" for sql, _ in parts)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({each}) AS stretches ORDER BY {by} {way}, id {way} LIMIT {most}",  # noqa: S608
            [value for _, values in parts for value in values],
        )
        return [row[0] for row in cursor.fetchall()]
