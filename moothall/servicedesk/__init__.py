"""The service desk of the shared ICT service: calls, clocks, major incidents, changes, and what is reported of them.

For: what a call is beside the case of the engine that it is worked on as (its priority, service, team, user), queues,
merging and waves, articles and canned replies, on-call, suppliers' clocks, outages, major incidents with their report,
changes with their board, and the performance pack. Not for: moving cases (process), systems themselves (estate),
definitions of figures (measures), carrying mail (messages), or pages (workplace). Where to begin: `models` for what is
kept, `effects` for how a call follows its case.
"""
