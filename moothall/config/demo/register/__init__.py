"""The register of the demonstration: households, calls of a year, duplicates, locks, rights and letters that came in.

Those who asked for something are in it already: the requests of the year brought them there.
"""

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import transaction

from moothall.config.demo.cast import Cast
from moothall.config.demo.register import guarding, households, letters, stewards, talks
from moothall.councils import scope

SEED = 1066


def play(cast: Cast, now: datetime, progress: Callable[[int], None]) -> None:
    """Fill the register with what a year brings beside requests."""
    random = Random(SEED)  # noqa: S311 - a play, not a secret
    with scope.everything("the demonstration plays in all its councils"):
        with transaction.atomic():
            families = households.play(random, now)
        talks.play(random, cast, now, progress)
        with transaction.atomic():
            stewards.play(random, families, now)
        with transaction.atomic():
            guarding.play(families, now)
            letters.play(cast, now)
