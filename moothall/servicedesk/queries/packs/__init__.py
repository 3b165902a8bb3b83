"""Reads of the performance pack: which months there are, one pack as a document, and the calls behind a number."""

from moothall.servicedesk.queries.packs.listing import MonthLine, months
from moothall.servicedesk.queries.packs.reading import Tab, document, tabs
from moothall.servicedesk.queries.packs.seeing import month_named

__all__ = ["MonthLine", "Tab", "document", "month_named", "months", "tabs"]
