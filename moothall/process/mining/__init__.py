"""Handing what happened to tools for process mining: as XES (IEEE 1849-2016) and as OCEL 2.0.

`choosing` says which cases, and what of them may leave the house for this viewer; `xes` and `ocel` write it down,
a piece at a time, `tables` writes OCEL as SQLite.
Not for: figures about how work goes (xray), or reading the logs of other systems (replay).
"""

from moothall.process.mining.choosing import Wanted, chosen, note
from moothall.process.mining.ocel import ocel
from moothall.process.mining.tables import ocel_tables
from moothall.process.mining.xes import xes

__all__ = ["Wanted", "chosen", "note", "ocel", "ocel_tables", "xes"]
