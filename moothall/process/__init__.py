"""The process engine: every kind of work as a declared process, every piece of work as a case of one.

For: reading and checking definitions, publishing them in versions, moving cases on, keeping their clocks, and the
reads that worklists and case pages are made of.
Not for: what one kind of work means (the service rooms), who people are (persons), or sending anything (messages).
Where to begin: `definition` for what a process is, `engine` for how it moves, `store` for how it is kept.
"""
