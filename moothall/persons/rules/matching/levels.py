"""How two people compare, field by field: each function returns the number of the level in its field's `names`.

`sql` says the same in the words of a database; a test holds the two together over thousands of pairs.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import product

from rapidfuzz.distance import OSA, JaroWinkler

from moothall.persons.rules.known import Known, Name
from moothall.persons.rules.matching.fields import BY_KEY, MISSING
from moothall.persons.rules.matching.nicknames import akin
from moothall.persons.rules.matching.shapes import birth, checks, keys, local, pieces, sound, spot, words

_alike = JaroWinkler.similarity
_steps = OSA.distance
TYPO, CLOSE = 0.919, 0.849
"""A trifle below .92 and .85, which some pairs reach exactly: no rounding may decide between two levels."""


def _numbers(field: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(BY_KEY[field].names)}


_F, _S, _B, _A = _numbers("forename"), _numbers("surname"), _numbers("born"), _numbers("address")
_SHORTEST_SLIP = 3
SAME, NEAR, DIFFERS = 1, 2, 3


def forename(one: Known, other: Known, names: Collection[str]) -> int:
    """Return how the forenames compare; `names` are those that are known to be names, and so no typing errors."""
    mine, yours = first(one), first(other)
    a, b = mine.given, yours.given
    if not a or not b:
        return MISSING
    if a == b and len(a) > 1:
        return _F["same"]
    if len(a) == 1 or len(b) == 1:
        return _F["initial"] if a[0] == b[0] else _F["differs"]
    if _swapped(mine, yours):
        return _F["swapped"]
    if len(one.names) + len(other.names) > 2 and not _givens(one).isdisjoint(_givens(other)):  # noqa: PLR2004
        return _F["other"]
    return _form(mine, yours) or _likeness(a, b, names)


def _swapped(mine: Name, yours: Name) -> bool:
    """Return whether forename and surname stand the other way round; one of the two may be spelt a little otherwise."""
    if mine.given == yours.family:
        return mine.family == yours.given or _alike(mine.family, yours.given) >= CLOSE
    return mine.family == yours.given and _alike(mine.given, yours.family) >= CLOSE


def _givens(known: Known) -> set[str]:
    return {name.given for name in known.names if name.given}


def _form(mine: Name, yours: Name) -> int:
    """Return that one forename is a form or a part of the other; 0 if neither."""
    if akin(mine.given, yours.given):
        return _F["nickname"]
    return _F["part"] if _within(mine, yours) or _within(yours, mine) else 0


def first(known: Known) -> Name:
    """Return the usual name: the first with a forename, or the first of all."""
    for name in known.names:
        if name.given:
            return name
    return known.names[0] if known.names else _NOBODY


_NOBODY = Name()


def _within(small: Name, great: Name) -> bool:
    """Return whether all forenames of one are among the forenames and middle names of the other."""
    if not great.middle and " " not in great.given and " " not in small.given:
        return False
    mine = words(small.given)
    return bool(mine) and mine <= words(f"{great.given} {great.middle}")


def _likeness(a: str, b: str, names: Collection[str]) -> int:
    alike = _alike(a, b, score_cutoff=CLOSE)
    slip = alike >= TYPO or _slip(a, b)
    if slip and not (a in names and b in names):
        return _F["typo"]
    return _F["close"] if slip or alike >= CLOSE else _F["differs"]


def _slip(a: str, b: str) -> bool:
    """Return whether one slip of the fingers makes one of the other: Jaro and Winkler are hard on short names."""
    return _steps(a, b, score_cutoff=1) <= 1 and min(len(a), len(b)) >= _SHORTEST_SLIP


def surname(one: Known, other: Known) -> int:
    """Return how the surnames compare, with former ones and those they are known by."""
    mine, yours = first(one), first(other)
    a, b = mine.family, yours.family
    if not a or not b:
        return MISSING
    if a == b:
        return _S["same"]
    if mine.given and yours.given and _swapped(mine, yours):
        return _S["swapped"]
    if (len(one.names) > 1 or len(other.names) > 1) and not {
        name.family for name in one.names if name.family
    }.isdisjoint(name.family for name in other.names):
        return _S["other"]
    return _spelling(a, b)


@lru_cache(maxsize=65_536)
def _spelling(a: str, b: str) -> int:
    if (" " in a or " " in b) and not pieces(a).isdisjoint(pieces(b)):
        return _S["part"]
    alike = _alike(a, b, score_cutoff=CLOSE)
    if alike >= TYPO or _slip(a, b):
        return _S["typo"]
    if sound(a) == sound(b) != "":
        return _S["sound"]
    return _S["close"] if alike >= CLOSE else _S["differs"]


def middle(one: Known, other: Known) -> int:
    """Return how the middle names compare, where both have any."""
    a, b = first(one).middle, first(other).middle
    if not a or not b:
        return MISSING
    if a == b:
        return SAME
    return NEAR if (len(a) == 1 or len(b) == 1) and a[0] == b[0] else DIFFERS


def born(one: Known, other: Known) -> int:
    """Return how the dates of birth compare."""
    a, b = one.born, other.born
    if a is None or b is None:
        return MISSING
    if a == b:
        return _B["january"] if _january(a) else _B["same"]
    return _dates(a, b)


def _dates(a: date, b: date) -> int:
    years = a.year == b.year
    if years and a.month == b.day and a.day == b.month:
        return _B["turned"]
    if _steps(birth(a), birth(b), score_cutoff=1) <= 1:
        return _B["near"]
    if years + (a.month == b.month) + (a.day == b.day) > 1:
        return _B["parts"]
    if years:
        return _B["stood"] if _january(a) or _january(b) else _B["year"]
    return _B["differs"]


def _january(born: date) -> bool:
    return born.month == born.day == 1


def address(one: Known, other: Known) -> int:
    """Return how the addresses compare: the best that any two of theirs come to."""
    best = len(_A)
    for mine, yours in product(one.places, other.places):
        if mine.uprn and mine.uprn == yours.uprn:
            return _A["uprn"]
        if mine.postcode and yours.postcode:
            best = min(best, _places(mine.line, mine.postcode, yours.line, yours.postcode))
        elif mine.uprn and yours.uprn:
            best = min(best, _A["differs"])
    return MISSING if best == len(_A) else best


def unlike(one: str, other: str) -> bool:
    """Return whether two forenames are different names, and neither is a part or the initial of the other.

    >>> unlike("john", "james"), unlike("bob", "robert"), unlike("j", "john"), unlike("mary", "mary jane")
    (True, False, False, False)
    """
    if len(one) == 1 or len(other) == 1:
        return one[0] != other[0]
    if akin(one, other) or not words(one).isdisjoint(words(other)):
        return False
    return _alike(one, other, score_cutoff=CLOSE) < CLOSE and not _slip(one, other)


def far(one: str, other: str) -> bool:
    """Return whether two dates of birth (as ISO text) are so far apart that they are two people's.

    >>> far("1980-05-04", "1980-04-05"), far("1980-05-04", "2008-11-30")
    (False, True)
    """
    return _dates(date.fromisoformat(one), date.fromisoformat(other)) >= _B["year"]


def _places(line: str, postcode: str, other_line: str, other_postcode: str) -> int:
    if postcode == other_postcode:
        mine = spot(line, postcode)
        return _A["spot"] if mine and mine == spot(other_line, other_postcode) else _A["postcode"]
    if postcode[:-3] == other_postcode[:-3]:
        return _A["line"] if line and line == other_line else _A["district"]
    return _A["differs"]


def phone(one: Known, other: Known) -> int:
    """Return how the phone numbers compare."""
    return _numbers_of(one.phones, other.phones)


def email(one: Known, other: Known) -> int:
    """Return how the email addresses compare."""
    mine, yours = one.emails, other.emails
    if not mine or not yours:
        return MISSING
    if not set(mine).isdisjoint(yours):
        return SAME
    return DIFFERS if {local(each) for each in mine}.isdisjoint(filter(None, map(local, yours))) else NEAR


def nhs(one: Known, other: Known) -> int:
    """Return how the NHS numbers compare. One that cannot be right is a slip of another, or says nothing."""
    mine, yours = _of(one, "nhs"), _of(other, "nhs")
    if not mine or not yours:
        return MISSING
    if not set(mine).isdisjoint(yours):
        return SAME
    if any(map(checks, mine)) and any(map(checks, yours)):
        return DIFFERS
    return NEAR if _steps(mine[0], yours[0], score_cutoff=1) <= 1 else MISSING


def nino(one: Known, other: Known) -> int:
    """Return how the National Insurance numbers compare."""
    return _numbers_of(_of(one, "nino"), _of(other, "nino"))


def _of(known: Known, scheme: str) -> Sequence[str]:
    values = known.identifiers.get(scheme)
    return sorted(values) if values else ()


def _numbers_of(mine: Sequence[str], yours: Sequence[str]) -> int:
    if not mine or not yours:
        return MISSING
    if mine[0] == yours[0] or not set(mine).isdisjoint(yours):
        return SAME
    return NEAR if _steps(mine[0], yours[0], score_cutoff=1) <= 1 else DIFFERS


def key(one: Known, other: Known) -> int:
    """Return how the other identifiers compare; different ones say nothing, for a system may know somebody twice."""
    if not one.identifiers or not other.identifiers:
        return MISSING
    mine, yours = keys(one), keys(other)
    if not mine or not yours:
        return MISSING
    return 2 if mine.isdisjoint(yours) else SAME


_LATER: tuple[Callable[[Known, Known], int], ...] = (
    surname,
    middle,
    born,
    address,
    phone,
    email,
    nhs,
    nino,
    key,
)


def levels(one: Known, other: Known, names: Collection[str]) -> list[int]:
    """Return the level of each field, in the order of `FIELDS`."""
    return [forename(one, other, names), *(compare(one, other) for compare in _LATER)]


def named(numbers: Iterable[int]) -> dict[str, str]:
    """Return the levels by the names of their fields, without those that are missing."""
    return {
        field.key: field.names[number]
        for field, number in zip(BY_KEY.values(), numbers, strict=True)
        if number != MISSING
    }
