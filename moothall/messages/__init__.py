"""Every channel in and out: what the councils wrote to people, and what became of it.

A message is a row and an outbox job, kept in the transaction that causes it; the worker carries it out.
E-mail is the first channel. Not for: deciding what to say or to whom; the rooms above do that.
"""
