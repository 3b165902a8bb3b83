"""Following dependencies: what needs something, and what it needs, however many steps away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from moothall.estate.models import Use
from moothall.estate.rules import most_per_council

_TOUCHED = "how many people of each council a break or a change touches, whoever asks"
_UPWARDS = ("item_id", "on_id")
_DOWNWARDS = ("on_id", "item_id")


def needing(item_ids: Iterable[int]) -> frozenset[int]:
    """Return these items and all that do not work without one of them: what breaks if they do."""
    return _followed(item_ids, *_UPWARDS)


def needed_by(item_ids: Iterable[int]) -> frozenset[int]:
    """Return these items and all that they need: what may be why they do not work."""
    return _followed(item_ids, *_DOWNWARDS)


def used_by(item_ids: Iterable[int], on: date) -> dict[int, int]:
    """Return how many people of each council are touched if these items are: those who use them, or what needs them.

    Of each council it is the largest of those groups: the same people use several systems. Councils that use them with
    nobody counted are there with 0.
    """
    touched = needing(item_ids)
    if not touched:
        return {}
    rows = Use.unscoped(_TOUCHED).filter(in_force(on), item_id__in=sorted(touched))
    return most_per_council(rows.values_list("council_id", "users"))


def in_force(on: Any) -> Q:
    """Return the condition that a use counts on a day; the first and the last one do."""
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def _followed(item_ids: Iterable[int], found: str, by: str) -> frozenset[int]:
    """Walk the dependencies from items; `UNION` without `ALL` comes to each item once, also where they form a circle.

    Items and dependencies are the partnership's: no council's rows are read here.
    """
    begin = sorted(set(item_ids))
    if not begin:
        return frozenset()
    begins = ", ".join(["%s"] * len(begin))
    sql = (
        f"WITH RECURSIVE reached(id) AS (SELECT id FROM estate_item WHERE id IN ({begins})"  # noqa: S608 - marks only
        f" UNION SELECT d.{found} FROM estate_dependency d JOIN reached r ON d.{by} = r.id) SELECT id FROM reached"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, begin)
        return frozenset(row[0] for row in cursor.fetchall())
