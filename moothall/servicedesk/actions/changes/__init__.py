"""Writes about changes: raising one, and letting its row follow its case."""

from moothall.servicedesk.actions.changes.following import follow_changes
from moothall.servicedesk.actions.changes.raising import Asked, raise_change

__all__ = ["Asked", "follow_changes", "raise_change"]
