"""Figures of a month, counted set by set: one reading of the rows of all councils, then plain sums."""

from moothall.servicedesk.queries.figures.counting import Counted, behind, counted

__all__ = ["Counted", "behind", "counted"]
