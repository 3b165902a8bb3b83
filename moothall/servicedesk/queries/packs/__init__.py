"""Reads of the performance pack: which months there are, one pack as a document, and the calls behind a number."""

from moothall.servicedesk.queries.packs.listing import MonthLine, months
from moothall.servicedesk.queries.packs.reading import Tab, document, tabs

__all__ = ["MonthLine", "Tab", "document", "months", "tabs"]
