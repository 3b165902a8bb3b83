"""To whom of several people something fits better, by what it says of whose it is: a suggestion, never a decision."""

from collections.abc import Sequence

from moothall.persons.rules.known import Known, Name

_IDENTIFIER, _POINT, _BIRTH, _NAME, _PLACE, _FAMILY = 6, 4, 3, 3, 2, 1
"""Points for what is shared. They only put people in an order; `rules.matching` has the weights that were learned."""


def fit(given: Known, held: Known) -> int:
    """Return how well something fits somebody, in points: above 0 speaks for them, below 0 against.

    >>> ann = Known((Name("ann", "", "lee"),), phones=("+447700900001",))
    >>> fit(Known(phones=("+447700900001",)), ann), fit(Known((Name("bob", "", "lee"),)), ann), fit(Known(), ann)
    (4, -2, 0)
    """
    schemes = given.identifiers.keys() & held.identifiers.keys()
    shared = [bool(given.identifiers[scheme] & held.identifiers[scheme]) for scheme in schemes]
    points = sum(_IDENTIFIER if each else -_IDENTIFIER for each in shared)
    points += _POINT * _share(given.phones, held.phones) + _POINT * _share(given.emails, held.emails)
    if given.born and held.born:
        points += _BIRTH if given.born == held.born else -_BIRTH
    places = [(place.line, place.postcode) for place in held.places]
    points += _PLACE * _share([(place.line, place.postcode) for place in given.places], places)
    return points + _names(given.names, held.names)


def better(given: Known, people: Sequence[Known]) -> int | None:
    """Return the place of whom something fits best, or None if it fits two of them alike."""
    points = [fit(given, held) for held in people]
    best = max(points, default=0)
    return points.index(best) if points.count(best) == 1 else None


def _share(given: Sequence[object], held: Sequence[object]) -> bool:
    return not set(given).isdisjoint(held)


def _names(given: Sequence[Name], held: Sequence[Name]) -> int:
    """Return the points of the names: a forename that is known of both and never the same speaks against."""
    if not given or not held:
        return 0
    mine, theirs = {name.given for name in given} - {""}, {name.given for name in held} - {""}
    family = _FAMILY * _share([name.family for name in given], [name.family for name in held if name.family])
    if not mine or not theirs:
        return family
    return family + (_NAME - _FAMILY if mine & theirs else -_NAME)
