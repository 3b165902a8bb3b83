"""Telling whether two people are one: a score with reasons in words, and vetoes for relatives and namesakes.

`fields` says what is compared, `levels` how two people compare in each, `weights` what each level is worth, `vetoes`
who is never joined by itself, `cutoffs` what a score leads to; `comparing` puts them together. `rows` and `sql` are the
same comparison for a database, over millions of pairs.
Not for: finding whom to compare with (keys), or keeping what was decided (links).
"""

from moothall.persons.rules.matching.comparing import Match, Reason, compare
from moothall.persons.rules.matching.cutoffs import ASK, LINK, MARGIN, Cutoffs, verdict, verdicts
from moothall.persons.rules.matching.weights import Weights, shipped

__all__ = [
    "ASK",
    "LINK",
    "MARGIN",
    "Cutoffs",
    "Match",
    "Reason",
    "Weights",
    "compare",
    "shipped",
    "verdict",
    "verdicts",
]
