"""Comparing two people: a score in bits, the reasons for and against in words, and whether a veto holds."""

from dataclasses import dataclass
from functools import lru_cache

from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.fields import FIELDS
from moothall.persons.rules.matching.levels import first, levels
from moothall.persons.rules.matching.vetoes import veto
from moothall.persons.rules.matching.weights import BY_NAME, Weights

_SAME_NAME = tuple(FIELDS[place].names.index("same") for place in range(len(BY_NAME)))
_NOTEWORTHY = 1.5


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field says: how many bits for it (above 0) or against (below), and in words."""

    field: str
    level: str
    points: float
    words: str


@dataclass(frozen=True, slots=True)
class Match:
    """How likely two are one person: `score` is log2 of the odds, what is usual (`prior`) included.

    `veto` says why they are never joined by themselves, if so.
    """

    score: float
    reasons: tuple[Reason, ...]
    veto: str


def compare(weights: Weights, given: Known, held: Known) -> Match:
    """Return how two compare. The order of the two makes no difference.

    The score is the lower of two: against people at random, and against people at one address, who share much.
    """
    found = levels(given, held, weights.forenames)
    score, at_home = weights.start
    reasons = []
    fixed = _reasons(weights)
    for place, level in enumerate(found):
        if not level:
            continue
        at_home += weights.points_at_home[place][level]
        if place < len(BY_NAME) and level == _SAME_NAME[place]:
            reason = _same_name(weights, place, given)
        else:
            reason = fixed[place][level]
        score += reason.points
        if reason.words:
            reasons.append(reason)
    if at_home < score:
        reasons.append(
            Reason("household", "shared", at_home - score, "Relatives at one address share as much")
        )
        score = at_home
    return Match(score, tuple(reasons), veto(found))


@lru_cache(maxsize=8)
def _reasons(weights: Weights) -> tuple[tuple[Reason, ...], ...]:
    return tuple(
        tuple(
            Reason(field.key, name, points, field.levels.get(name, ""))
            for name, points in zip(field.names, weights.points[place], strict=True)
        )
        for place, field in enumerate(FIELDS)
    )


def _same_name(weights: Weights, place: int, given: Known) -> Reason:
    kind = BY_NAME[place]
    name = first(given)
    points = weights.points_of_name(kind, name.family if place else name.given)
    usual = weights.points[place][_SAME_NAME[place]]
    said = FIELDS[place].levels["same"]
    if points > usual + _NOTEWORTHY:
        said += ", and rare"
    elif points < usual - _NOTEWORTHY:
        said += ", and common"
    return Reason(kind, "same", points, said)
