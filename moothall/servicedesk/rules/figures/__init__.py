"""The figures of the desk: what each is, and how counts become figures of each council and of all together."""

from moothall.servicedesk.rules.figures.book import Book, Counts, Figure
from moothall.servicedesk.rules.figures.definitions import AREAS, DEFINITIONS
from moothall.servicedesk.rules.figures.months import Month, month_of

__all__ = ["AREAS", "DEFINITIONS", "Book", "Counts", "Figure", "Month", "month_of"]
