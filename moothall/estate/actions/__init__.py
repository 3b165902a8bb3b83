"""Writes: systems, what they need, who uses them, who supports them."""

from moothall.estate.actions.importing import Imported, import_items
from moothall.estate.actions.items import add_dependency, add_item, add_supplier, change_item, drop_dependency
from moothall.estate.actions.routes import Terms, add_route, change_route
from moothall.estate.actions.uses import cancel_maintenance, end_use, plan_maintenance, record_use

__all__ = [
    "Imported",
    "Terms",
    "add_dependency",
    "add_item",
    "add_route",
    "add_supplier",
    "cancel_maintenance",
    "change_item",
    "change_route",
    "drop_dependency",
    "end_use",
    "import_items",
    "plan_maintenance",
    "record_use",
]
