"""What happened, what is still to be done, and the proof of both.

The record (`Entry`) is written inside the business transaction and never changed; within a second it is
sealed into one hash chain per council, and signed checkpoints can leave the house. Outside effects are
jobs: an outbox row is a job with a key, leased to one worker at a time, and run until it is done or a
person has to look at it.

Not for: deciding anything about councils or cases. It knows council numbers, never councils; what it needs
from above is hung on `journal/hooks.py`.
"""
