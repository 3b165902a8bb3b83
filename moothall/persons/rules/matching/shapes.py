"""Forms under which variants of names, dates and addresses become equal: sounds, pieces, the spot of a home."""

from datetime import date
from functools import lru_cache

from jellyfish import metaphone

from moothall.persons.rules import numbers
from moothall.persons.rules.known import Known

_SHORTEST_PIECE = 3
_SHORTEST_LOCAL = 4
_OWN_FIELDS = frozenset({"nhs", "nino"})


@lru_cache(maxsize=65_536)
def sound(name: str) -> str:
    """Return how a folded name sounds (Lawrence Philips' Metaphone), "" of what has no sound.

    >>> sound("smith") == sound("smyth"), sound("naseem") == sound("nasim"), sound("12")
    (True, True, '')
    """
    return metaphone(name).replace(" ", "")


@lru_cache(maxsize=65_536)
def words(name: str) -> frozenset[str]:
    """Return the words of folded forenames, without initials."""
    return frozenset(word for word in name.split() if len(word) > 1)


@lru_cache(maxsize=65_536)
def pieces(family: str) -> frozenset[str]:
    """Return the words of a surname that can stand for it alone: not "de", "al" or "o".

    >>> sorted(pieces("de la cruz smith"))
    ['cruz', 'smith']
    """
    return frozenset(word for word in family.split() if len(word) >= _SHORTEST_PIECE)


@lru_cache(maxsize=65_536)
def birth(born: date) -> str:
    """Return a date as it is compared digit by digit."""
    return born.isoformat()


def checks(nhs: str) -> bool:
    """Return whether an NHS number can be right.

    >>> checks("9434765919"), checks("9434765918")
    (True, False)
    """
    try:
        return bool(numbers.nhs(nhs))
    except ValueError:
        return False


def spot(line: str, postcode: str) -> str:
    """Return a house as postcode and numbers, so that "Flat 2, 10 High St" is "10 High Street, Flat 2"; "" if unknown.

    A house with a name keeps its line.

    >>> spot("flat 2 10 high st", "AB12CD") == spot("10 high street flat 2", "AB12CD")
    True
    >>> spot("rose cottage", "AB12CD"), spot("", "AB12CD")
    ('AB12CD rose cottage', '')
    """
    numbers = sorted(word for word in line.split() if word[0].isdigit())
    house = " ".join(numbers) or line
    return f"{postcode} {house}" if house and postcode else ""


def local(email: str) -> str:
    """Return what stands before the @, "" if it is too short to say anything.

    >>> local("ann.lee@post.example"), local("al@post.example")
    ('ann.lee', '')
    """
    name = email.partition("@")[0]
    return name if len(name) >= _SHORTEST_LOCAL else ""


def keys(known: Known) -> frozenset[str]:
    """Return the identifiers that have no field of their own, with their schemes."""
    return frozenset(
        f"{scheme} {value}"
        for scheme, values in known.identifiers.items()
        if scheme not in _OWN_FIELDS
        for value in values
    )
