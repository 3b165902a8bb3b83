"""Replaying the event log of another system: each trace becomes a case of a process made for the log.

`reading` reads the file (`logs` has what a log is, and CSV; `xes` has XES), `discovery` writes the process file,
`directory` finds or makes the people the log names, `running` moves every case at the log's own times, `graph` counts
what followed what, which ways the cases went, and how long they took.
Not for: importing live work; the cases are history, and nobody is told of them.
"""
