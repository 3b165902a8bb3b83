"""Reads of changes: which there are for somebody, the calendar, and what a window collides with."""

from moothall.servicedesk.queries.changes.calendar import CalendarDay, Month, month_page
from moothall.servicedesk.queries.changes.colliding import Collision, advice, collisions
from moothall.servicedesk.queries.changes.seeing import (
    ChangeFile,
    ChangesPage,
    case_of,
    change_by_id,
    change_file,
    change_seen,
    changes_of_item,
    changes_page,
    changes_there,
)

__all__ = [
    "CalendarDay",
    "ChangeFile",
    "ChangesPage",
    "Collision",
    "Month",
    "advice",
    "case_of",
    "change_by_id",
    "change_file",
    "change_seen",
    "changes_of_item",
    "changes_page",
    "changes_there",
    "collisions",
    "month_page",
]
