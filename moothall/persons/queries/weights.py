"""The weights and cut-offs in force: by which records are compared, and from when they are linked."""

import json
from functools import lru_cache

from moothall.councils import scope
from moothall.journal.cursors import QuickCursor
from moothall.persons.models import Cutoff
from moothall.persons.rules.matching.cutoffs import Cutoffs
from moothall.persons.rules.matching.weights import Weights, shipped

_NEWEST = "SELECT number, made_at FROM persons_matchmodel ORDER BY number DESC LIMIT 1"
_CUTOFFS = "SELECT link, ask FROM persons_cutoff WHERE council_id = %s"
_BOTH = (
    "SELECT m.number, m.made_at, c.link, c.ask FROM (SELECT 1 AS one) AS o"
    " LEFT JOIN (SELECT number, made_at FROM persons_matchmodel ORDER BY number DESC LIMIT 1) AS m ON 1 = 1"
    " LEFT JOIN persons_cutoff c ON c.council_id = %s"
)
_BODY = "SELECT body FROM persons_matchmodel WHERE number = %s"


def in_force() -> Weights:
    """Return the newest weights that were learned here, or those that came with Moothall."""
    with QuickCursor() as cursor:
        cursor.execute(_NEWEST)
        newest = cursor.fetchone()
    return _learned(newest[0], str(newest[1])) if newest else shipped()


@lru_cache(maxsize=4)
def _learned(number: int, made_at: str) -> Weights:
    """Return weights by their number; `made_at` tells them from others that had it and are gone."""
    del made_at
    with QuickCursor() as cursor:
        cursor.execute(_BODY, [number])
        return Weights.load(json.loads(cursor.fetchone()[0]))


def cutoffs_of(council_id: int) -> Cutoffs:
    """Return from which score on a council lets records be linked, and from which somebody is asked."""
    with QuickCursor() as cursor:
        cursor.execute(_CUTOFFS, [council_id])
        row = cursor.fetchone()
    return Cutoffs(*row) if row else Cutoffs()


def asks() -> dict[int, float]:
    """Return from which score on somebody is asked, for the councils that set it for themselves."""
    with scope.everything("every council's register is looked through by its own cut-offs"):
        return dict(Cutoff.objects.values_list("council_id", "ask"))


def in_force_at(council_id: int) -> tuple[Weights, Cutoffs]:
    """Return both at once, for whoever waits at a desk: one question instead of two."""
    with QuickCursor() as cursor:
        cursor.execute(_BOTH, [council_id])
        number, made_at, link, ask = cursor.fetchone()
    return (
        shipped() if number is None else _learned(number, str(made_at)),
        Cutoffs() if link is None else Cutoffs(link, ask),
    )
