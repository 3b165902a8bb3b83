"""Keeping something under a fresh reference, and under another one if somebody has it already.

27 thousand million references exist for a prefix. Among a million, one new one in 27,000 is taken, so it does happen.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from django.db import IntegrityError, transaction

from moothall.plain.references import new_reference

Kept = TypeVar("Kept")
_TRIES = 5


def under_new_reference(prefix: str, keep: Callable[[str], Kept]) -> Kept:
    """Return what `keep` made with a reference that nobody has. What it refuses every time is another fault."""
    for _ in range(_TRIES - 1):
        with suppress(IntegrityError), transaction.atomic():
            return keep(new_reference(prefix))
    with transaction.atomic():
        return keep(new_reference(prefix))
