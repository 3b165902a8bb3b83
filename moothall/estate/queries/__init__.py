"""Reads of the estate: which systems there are, what needs what, whom that touches, and who helps."""

from moothall.estate.queries.following import needed_by, needing, used_by
from moothall.estate.queries.items import (
    ItemFile,
    item_by_id,
    item_file,
    item_named,
    item_seen,
    items_of,
    items_seen,
    routes_for,
)

__all__ = [
    "ItemFile",
    "item_by_id",
    "item_file",
    "item_named",
    "item_seen",
    "items_of",
    "items_seen",
    "needed_by",
    "needing",
    "routes_for",
    "used_by",
]
