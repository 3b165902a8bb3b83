"""Finding a service in one's own words, with small typing errors forgiven. Plain text in, an order out."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile("a|an|and|at|for|have|i|in|is|it|my|of|on|or|s|the|to|you|your")
LONGEST = 200
MOST_WORDS = 12
EXACT, BEGINS, NEARLY = 4, 3, 2
_FORGIVES_ONE, _FORGIVES_TWO = 4, 8


def words(text: str) -> list[str]:
    """Return the words that say something.

    >>> words("My bin wasn't emptied, at all!")
    ['bin', 'wasn', 't', 'emptied', 'all']
    """
    folded = unicodedata.normalize("NFKD", text[:LONGEST]).encode("ascii", "ignore").decode().lower()
    return [word for word in _WORD.findall(folded) if not _SMALL.fullmatch(word)][:MOST_WORDS]


@lru_cache(maxsize=1024)
def _indexed(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return frozenset(word for word in _WORD.findall(folded) if not _SMALL.fullmatch(word))


def score(wanted: Iterable[str], title: str, others: str) -> int:
    """Return how well a service fits: every word counts by how nearly it is there, twice in the title.

    >>> score(words("rubish"), "Missed bin", "rubbish waste"), score(words("poney"), "Missed bin", "rubbish")
    (2, 0)
    """
    total = 0
    for word in wanted:
        here = 2 * _best(word, _indexed(title)) or _best(word, _indexed(others))
        total += here
    return total


def _best(word: str, known: Iterable[str]) -> int:
    best = 0
    for each in known:
        if each == word:
            return EXACT
        if len(word) > 2 and (each.startswith(word) or _stem(each) == _stem(word)):  # noqa: PLR2004 - "bi" begins too much
            best = BEGINS
        elif best < NEARLY and near(word, each):
            best = NEARLY
    return best


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004 - what is left must be a word
            return word[: -len(ending)]
    return word


def near(left: str, right: str) -> bool:
    """Say whether two words differ by a slip: one letter in short words, two in long ones.

    >>> near("potole", "pothole"), near("concil", "council"), near("tax", "tag"), near("rubihs", "rubish")
    (True, True, False, True)
    """
    shorter = min(len(left), len(right))
    if shorter < _FORGIVES_ONE:
        return False
    most = 2 if shorter >= _FORGIVES_TWO else 1
    return abs(len(left) - len(right)) <= most and _slips(left, right, most) <= most


def _slips(left: str, right: str, most: int) -> int:
    """Count letters put in, left out, mistaken or swapped (optimal string alignment); stops above `most`."""
    earlier: list[int] = []
    last = list(range(len(right) + 1))
    for row, letter in enumerate(left, start=1):
        here = [row]
        for column, other in enumerate(right, start=1):
            cost = min(last[column] + 1, here[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == right[column - 2] and left[row - 2] == other:
                cost = min(cost, earlier[column - 2] + 1)
            here.append(cost)
        if min(here) > most:
            return most + 1
        earlier, last = last, here
    return last[-1]
