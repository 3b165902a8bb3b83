"""The service desk of the demonstration: systems, calls of two months, a major incident, changes and a pack."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from moothall.config.demo.cast import Cast
from moothall.config.demo.desk import calls, changes, channels, estate, helping, majors, packs
from moothall.councils import scope

PLAYS: Sequence[Callable[[Cast, datetime], None]] = (
    estate.play,
    helping.play,
    calls.play,
    helping.closed_by_articles,
    estate.play_suppliers,
    changes.play,
    majors.play,
    packs.play,
    channels.play,
)
"""In the order in which they are played: systems first, since calls are about them."""


def play(cast: Cast, now: datetime) -> None:
    """Fill the desk; each part in a transaction of its own."""
    for part in PLAYS:
        with scope.everything("the demonstration plays in all its councils"), transaction.atomic():
            part(cast, now)
