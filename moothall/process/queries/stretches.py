"""Pages of long lists, read from several stretches of an index, each in the order of the list.

A cursor says after which line the next page begins: its moment and its number. No page counts what came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import connection
from django.db.models import QuerySet

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer

_LARGEST_ID = 2**63
VALUE = -(2**31) + 17
"""Stands for the value of a stretch while its statement is put together; no row has this number."""


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


@dataclass(frozen=True, slots=True)
class Stretches:
    """Stretches of an index: one for each of some values of its first column."""

    column: str
    values: Sequence[int]


class Asked(Protocol):
    """What a list of work is asked for: `mine`, of my teams (`team`), what nobody there has (`free`), or `all`."""

    @property
    def whose(self) -> str: ...
    @property
    def team_id(self) -> int | None: ...
    @property
    def council_id(self) -> int | None: ...


def stretches_of(viewer: Viewer, wanted: Asked, permission: Permission) -> Stretches:
    """Return the stretches of an index, each in the order of the list, that together hold the work that is wanted."""
    if wanted.whose == "mine":
        return Stretches("person_id", [viewer.staff_id or 0])
    if wanted.team_id is not None:
        return Stretches("team_id", [wanted.team_id])
    if wanted.whose in {"team", "free"}:
        return Stretches("team_id", sorted(viewer.team_ids))
    if wanted.council_id is not None:
        return Stretches("council_id", [wanted.council_id])
    return Stretches("council_id", sorted(gate.councils(viewer, permission)))


def first_of(
    rows: "QuerySet[Any]",
    stretches: Stretches | None = None,
    *,
    by: str,
    most: int,
    latest_first: bool = False,
) -> list[int]:
    """Return the numbers of the first of some rows in the order of the column `by`, from several stretches together.

    Each stretch is read no further than that, and never sorted. All are the same statement but for their value, so it
    is put together once. Without stretches, the rows are looked up in whichever way is best for them.
    """
    down = "-" if latest_first else ""
    if stretches is not None:
        rows = rows.filter(**{stretches.column: VALUE})
    ordered = rows.order_by(f"{down}{by}", f"{down}id").values_list("id", by)[:most]
    sql, given = ordered.query.sql_with_params()
    values = stretches.values if stretches is not None else (VALUE,)
    return first_in(sql, given, values, by=by, most=most, latest_first=latest_first)


def first_in(
    sql: str, given: Sequence[Any], values: Sequence[int], *, by: str, most: int, latest_first: bool = False
) -> list[int]:
    """Return the same for a stretch whose SQL is put together, with `VALUE` where the value of each stretch stands."""
    way = "DESC" if latest_first else "ASC"
    parts = [[value if each == VALUE else each for each in given] for value in values]
    if not parts:
        return []
    together = " UNION ALL ".join([f"SELECT id, {by} FROM ({sql}) AS stretch"] * len(parts))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM ({together}) AS stretches ORDER BY {by} {way}, id {way} LIMIT {most}",  # noqa: S608
            [each for values in parts for each in values],
        )
        return [row[0] for row in cursor.fetchall()]
