"""The rehearsal: a draft is run over cases that are closed, to see which would have gone another way, and how late.

Who did what, when, with which answers and outcomes is taken from the events of each case; only the process is another.
Not for: cases that run (moving), made-up cases (simulation), or changing anything at all.
"""

from moothall.process.rehearsal.closed import Closed, Happened
from moothall.process.rehearsal.gathering import Rehearsed, rehearse_past
from moothall.process.rehearsal.playing import Difference, Played, play
from moothall.process.rehearsal.report import Group, Promise, Report, rehearse

__all__ = [
    "Closed",
    "Difference",
    "Group",
    "Happened",
    "Played",
    "Promise",
    "Rehearsed",
    "Report",
    "play",
    "rehearse",
    "rehearse_past",
]
