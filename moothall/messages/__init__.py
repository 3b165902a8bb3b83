"""Every channel in and out: what the councils wrote to people, what people wrote to them, and what became of it.

What goes out is a row and an outbox job, kept in the transaction that causes it; the worker carries it out. What comes
in is kept byte for byte before it is read, and offered to the rooms above (`hooks`). Email is the first channel.
Not for: deciding what to say or to whom, or whose a letter is; the rooms above do that. Where to begin: `models` for
what is kept, `filing` for what becomes of a letter, `parsing` for how one is read.
"""
