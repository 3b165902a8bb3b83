"""Keys by which a record is found: what two descriptions of one person share, as numbers of 64 bits.

*Blocking* keys are shared by descriptions of one person although something in them is wrong: each leaves out what may
be mistyped, old or missing. *Words* are what somebody types into the search box. A key tells nothing about whom it came
from; only equal texts have equal keys.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, pairwise

from jellyfish import metaphone, soundex

from moothall.persons.rules.known import Known, Name

MOST = 48
"""No record has more keys: whoever has had ten names and twenty addresses is found by the first of them."""
_SHORT, _LONG = 3, 8
_LONGEST = 40


def key(kind: str, *parts: str) -> int:
    """Return the key of a text of some kind: signed, as both databases keep it.

    >>> key("word", "smith") == key("word", "smith") != key("post", "smith")
    True
    """
    digest = blake2b("\x1f".join((kind, *parts)).encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


@lru_cache(maxsize=65_536)
def sounds(word: str) -> tuple[str, ...]:
    """Return how a folded name sounds: by Soundex, and by Metaphone, which is kinder to names from South Asia.

    >>> sounds("hussain") == sounds("hussein"), sounds("12")
    (True, ())
    """
    if not word.isalpha():
        return ()
    return tuple(dict.fromkeys((soundex(word), metaphone(word).replace(" ", "") or word)))


def blocking(known: Known) -> frozenset[int]:
    """Return the keys that descriptions of one person share although one of them has mistakes.

    Without a date of birth, names alone must do: the last key is then that of both together.
    """
    return frozenset(_capped(_blocks(known) if known.born else (*_blocks(known), *_together(known))))


def words(known: Known) -> frozenset[int]:
    """Return the keys of what somebody may type to find this person."""
    return frozenset(_capped(_typed(known)))


def every(known: Known) -> frozenset[int]:
    """Return all keys under which a record is kept, at most `MOST`: what tells most comes first."""
    return frozenset(_capped((*_strong(known), *_blocks(known), *_typed(known))))


def _capped(found: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(found))[:MOST]


def _strong(known: Known) -> Iterator[int]:
    """Give what only one person has, or one family."""
    for _, values in sorted(known.identifiers.items()):
        for value in sorted(values):
            yield key("id", squeezed(value))
    for phone in known.phones:
        yield key("phone", last_digits(phone))
    for email in known.emails:
        yield key("email", email)


def _blocks(known: Known) -> Iterator[int]:
    yield from _strong(known)
    names = [pair for name in known.names for pair in _pairs(name)]
    codes = [_both(given, family) for given, family in names if given and family]
    if known.born:
        yield from _of_birth(known.born, [word for pair in names for word in pair if word], codes)
    initials = list(dict.fromkeys(given[:1] for given, _ in names if given))
    families = list(dict.fromkeys(family for _, family in names if family))
    for place in known.places:
        if place.postcode:
            yield from _of_postcode(place.postcode, known.born, initials, families)
            for code in dict.fromkeys(codes):
                yield key("district-names", place.postcode[:-3], code)
        if house := house_of(place.line):
            for initial in initials:
                yield key("house-initial", house, initial)


def _of_birth(born: date, named: list[str], codes: list[str]) -> Iterator[int]:
    day = day_of(born)
    for word in dict.fromkeys(named):
        for sound in sounds(word):
            yield key("born-sound", day, sound)
    for code in dict.fromkeys(codes):
        yield key("year-names", day[:4], code)
        yield key("day-names", day[4:], code)


def _of_postcode(postcode: str, born: date | None, initials: list[str], families: list[str]) -> Iterator[int]:
    for initial in initials:
        yield key("post-initial", postcode, initial)
    for family in families:
        yield key("post-family", postcode, soundex(family))
    if born:
        yield key("post-year", postcode, str(born.year))
        yield key("born-district", day_of(born), postcode[:-3])


def _pairs(name: Name) -> list[tuple[str, str]]:
    """Return a forename with each surname: all of it, and each part of a double one."""
    given = name.given.partition(" ")[0]
    parts = [part for part in name.family.split() if len(part) >= _SHORT]
    families = [name.family.replace(" ", ""), *(parts if len(parts) > 1 else ())]
    return [(given, family) for family in families]


@lru_cache(maxsize=65_536)
def _both(given: str, family: str) -> str:
    """Return how both names sound, whichever comes first."""
    return "".join(sorted((soundex(given), soundex(family))))


def _typed(known: Known) -> Iterator[int]:
    yield from _strong(known)
    if known.born:
        yield key("born", day_of(known.born))
    for place in known.places:
        if place.uprn:
            yield key("uprn", place.uprn)
        if place.postcode:
            yield key("post", place.postcode)
            yield key("district", place.postcode[:-3])
        if house := house_of(place.line):
            yield key("house", house)
    yield from _together(known)
    for name in known.names:
        for part in (name.family, name.given, name.middle):
            for word in part.split():
                yield key("word", word[:_LONGEST])


def _together(known: Known) -> Iterator[int]:
    for name in known.names:
        for given in name.given.split()[:1]:
            for family in name.family.split():
                yield pair(given, family)


def pair(one: str, other: str) -> int:
    """Return the key of a forename and a surname together, in whichever order they are typed."""
    return key("pair", *sorted((one, other)))


def day_of(born: date) -> str:
    """Return a date of birth with the lesser of day and month first, as 3 April and 4 March are often confused.

    >>> day_of(date(1980, 4, 3)) == day_of(date(1980, 3, 4)) == "19800304"
    True
    """
    return f"{born.year}{min(born.day, born.month):02}{max(born.day, born.month):02}"


def squeezed(number: str) -> str:
    """Return a number or reference of any kind as it is found: letters and digits only, whichever scheme it is of.

    >>> squeezed("943 476 5919"), squeezed("AB-12/34")
    ('9434765919', 'ab1234')
    """
    return "".join(letter for letter in number.lower() if letter.isalnum())


def last_digits(phone: str) -> str:
    """Return the end of a phone number that is the same however it begins: 07700 900982 and +44 7700 900982."""
    return "".join(letter for letter in phone if letter.isdigit())[-9:]


def house_of(line: str) -> str:
    """Return number and street of a folded address as people say them; empty without a number.

    >>> house_of("flat 2 14 mill lane alderbridge"), house_of("14 mill ln"), house_of("rose cottage")
    ('14 mill', '14 mill', '')
    """
    said = line.split()
    for number, street in reversed(list(pairwise(said))):
        if number[0].isdigit() and street.isalpha():
            return f"{number} {street}"
    return ""


def names(known: Known) -> frozenset[str]:
    """Return every word of somebody's names, for the vocabulary against which typing errors are put right."""
    return frozenset(
        word[:_LONGEST]
        for name in known.names
        for part in (name.given, name.middle, name.family)
        for word in part.split()
        if len(word) > 1
    )


def spellings(word: str) -> frozenset[str]:
    """Return a word, and what is left of it when one letter is left out; two, if it is long.

    Two words that are one slip of the fingers apart have one of these in common (Garbe's symmetric deletion).

    >>> sorted(spellings("ann")), sorted(spellings("smith") & spellings("smtih"))
    (['an', 'ann', 'nn'], ['smih', 'smth'])
    """
    word = word[:_LONGEST]
    if len(word) < _SHORT:
        return frozenset((word,))
    most = 2 if len(word) >= _LONG else 1
    return frozenset(
        "".join(letter for place, letter in enumerate(word) if place not in left_out)
        for number in range(most + 1)
        for left_out in combinations(range(len(word)), number)
    )
