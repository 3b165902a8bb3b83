"""How well names that were typed fit the names that somebody has: the same, its short form, its beginning, a slip."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from moothall.persons.rules.known import Name
from moothall.persons.rules.matching.nicknames import akin

SAME, AKIN, BEGINS, CLOSE, NOT = 4, 3, 2, 1, 0
WHY = {
    SAME: "Name",
    AKIN: "Another form of the name",
    BEGINS: "Name begins so",
    CLOSE: "Name is spelt alike",
}
OTHER = "Former or other name"
_SHORT, _LONG = 4, 8


@dataclass(frozen=True, slots=True)
class Hit:
    """How words fit one of somebody's names: `place` is which, 0 for the usual one; `level` that of the worst word."""

    score: float
    level: int
    place: int

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((WHY[self.level], *((OTHER,) if self.place else ()))))


def best(words: Sequence[str], names: Iterable[Name], *, begins: bool) -> Hit | None:
    """Return how words fit the best of somebody's names, or None if one of them fits none of it.

    With `begins`, the last may be a beginning; a single letter always is.

    >>> priya = [Name("priya", "", "nair"), Name("priya", "", "shah")]
    >>> best(["shah", "pirya"], priya, begins=False)
    Hit(score=2.25, level=1, place=1)
    >>> best(["priya", "na"], priya, begins=True).level, best(["priya", "na"], priya, begins=False)
    (2, None)
    """
    found = [
        Hit(sum(levels) / len(levels) - (place > 0) / 4, min(levels), place)
        for place, name in enumerate(names)
        if min(levels := _levels(words, _words(name), begins=begins), default=NOT)
    ]
    return max(found, key=lambda hit: hit.score, default=None)


def _words(name: Name) -> list[str]:
    return f"{name.given} {name.middle} {name.family}".split()


def _levels(asked: Sequence[str], held: Sequence[str], *, begins: bool) -> list[int]:
    last = len(asked) - 1
    return [
        max((_level(word, each, begins=begins and place == last) for each in held), default=NOT)
        for place, word in enumerate(asked)
    ]


def _level(word: str, held: str, *, begins: bool) -> int:
    if word == held:
        return SAME
    if akin(word, held):
        return AKIN
    if (begins or len(word) == 1) and held.startswith(word):
        return BEGINS
    return CLOSE if near(word, held) else NOT


def near(word: str, held: str) -> bool:
    """Return whether two words are one slip of the fingers apart; two, if both are long (optimal string alignment).

    >>> near("smtih", "smith"), near("jon", "john"), near("wojcichowska", "wojciechowska"), near("lee", "ley")
    (True, True, True, False)
    """
    shorter = min(len(word), len(held))
    if max(len(word), len(held)) < _SHORT:
        return False
    most = 2 if shorter >= _LONG else 1
    return OSA.distance(word, held, score_cutoff=most) <= most
