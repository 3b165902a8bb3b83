"""Contacts: one conversation on one channel, with its person or nobody yet, and what came of it.

For: recording conversations in and out, call-backs, first contact resolution and avoidable contact; and putting mail
that came in to its case and person.
Not for: carrying messages (messages), who people are (persons), services and requests (requests), or pages.
"""
