"""Trying a process before it is used: made-up cases, taken through the real engine, in memory.

`plausible` has the answers worth trying, `people` who is there, `staffing` the real teams of a council, `crew` who may
do a step, `plans` each step made ready, `walking` takes one case as far as it goes, `running` takes many and counts,
`report` says what came of it.
Not for: checking a file without running it (language), or closed cases (rehearsal).
"""

from moothall.process.simulation.people import People, Person, enough, needed_by, sharing
from moothall.process.simulation.report import Block, Ended, Endless, Report, Variant, in_words
from moothall.process.simulation.running import simulate
from moothall.process.simulation.staffing import people_of

__all__ = [
    "Block",
    "Ended",
    "Endless",
    "People",
    "Person",
    "Report",
    "Variant",
    "enough",
    "in_words",
    "needed_by",
    "people_of",
    "sharing",
    "simulate",
]
