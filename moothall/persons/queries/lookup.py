"""Which records a question may mean: rounds of looking, each wider than the one before, until enough are found.

What was said beside names leads, as it is rarer; the names of the few whom it fits are then compared one by one. Names
alone lead by both together, then by beginnings, short forms and spellings that the register's own vocabulary has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any

from rapidfuzz.distance import OSA

from moothall.journal.cursors import QuickCursor
from moothall.persons.rules import keys
from moothall.persons.rules.hits import near
from moothall.persons.rules.matching.nicknames import forms
from moothall.persons.rules.questions import Question, Term

_LIMIT, _SOME, _SCANNED, _COUNTED = 200, 60, 2_000, 500
_BEGINNINGS, _SPELLINGS, _PAIRS = 40, 10, 1_000
_ENOUGH_NAMES, _SHORTEST_BEGINNING = 10, 2
_HAS = (
    " AND EXISTS (SELECT 1 FROM persons_findkey o WHERE o.key IN ({keys}) AND o.council_id = w.council_id"
    " AND o.record_id = w.record_id)"
)
_LEAD = (
    "SELECT w.record_id FROM (SELECT council_id, record_id FROM persons_findkey WHERE key IN ({keys})"
    " AND council_id IN ({councils}) LIMIT {scanned}) w WHERE 1 = 1{others} LIMIT {most}"
)
_BORN = " AND EXISTS (SELECT 1 FROM persons_record r WHERE r.id = w.record_id AND r.born BETWEEN %s AND %s)"
_COUNT = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM persons_findkey WHERE key IN ({keys}) AND council_id IN ({councils})"
    " LIMIT {counted}) AS few"
)
_BEGINNING = (
    "SELECT DISTINCT word FROM persons_spelling WHERE variant >= %s AND variant <= %s AND variant = word"
    " AND council_id IN ({councils}) LIMIT {most}"
)
_SPELT = (
    "SELECT DISTINCT word FROM persons_spelling WHERE variant IN ({variants}) AND council_id IN ({councils})"
)


@dataclass(frozen=True, slots=True)
class Round:
    """Records to look at. In a `loose` round one thing that was said may be wrong; after `enough`, no other follows."""

    ids: Sequence[int]
    enough: int
    loose: bool = False


def rounds(councils: Sequence[int], asked: Question) -> Iterator[Round]:
    """Give one round after another; each asks the database only when it is wanted."""
    index = _Index(councils, asked)
    strong = [term for term in asked.terms if not term.weak]
    if strong:
        yield from _by_terms(index, strong)
    elif index.words:
        yield from _by_names(index)


def _by_terms(index: "_Index", strong: Sequence[Term]) -> Iterator[Round]:
    said = [list(term.keys) for term in strong]
    ids = index.find(said)
    if len(ids) >= _LIMIT and index.words:
        ids = index.find([*said, index.both(index.wide(word) for word in index.words)])
    yield Round(ids, enough=1)
    if len(strong) > 1:
        alone = [record for group in said for record in index.find([group], _SOME)]
        yield Round(list(dict.fromkeys(alone)), enough=1, loose=True)
    if index.words:
        yield Round(index.find(index.exact(), _SOME), enough=1, loose=True)


def _by_names(index: "_Index") -> Iterator[Round]:
    words = index.words
    ids = index.find(index.exact())
    if len(words) == len("ab") and len(ids) < _ENOUGH_NAMES:
        ids += index.find([[keys.key("word", word)] for word in words])
    yield Round(ids, enough=_ENOUGH_NAMES)
    if index.begins:
        last = [words[-1], *index.beginnings(words[-1])]
        yield Round(index.find([index.both([*([word] for word in words[:-1]), last])]), enough=_ENOUGH_NAMES)
    yield Round(index.find([index.both(index.wide(word) for word in words)]), enough=_ENOUGH_NAMES)


class _Index:
    """Asks the keys and the vocabulary of some councils."""

    def __init__(self, councils: Sequence[int], asked: Question) -> None:
        self._councils = councils
        self._weak = [list(term.keys) for term in asked.terms if term.weak]
        self._years = (f"{min(asked.years)}-01-01", f"{max(asked.years)}-12-31") if asked.years else None
        self.words = [word for word in asked.words if len(word) > 1]
        self.begins = asked.begins and asked.words[-1:] == tuple(self.words[-1:])

    def find(self, groups: Sequence[Sequence[int]], most: int = _LIMIT) -> list[int]:
        """Return records that have a key of every group: the rarest group leads, the others are looked up."""
        groups = [*groups, *self._weak]
        if not groups or not all(groups):
            return []
        with QuickCursor() as cursor:
            if len(groups) > 1:
                groups.sort(key=lambda group: self._count(cursor, group))
            lead, *rest = groups
            others = "".join(_HAS.format(keys=_places(group)) for group in rest) + (
                _BORN if self._years else ""
            )
            statement = _LEAD.format(
                keys=_places(lead),
                councils=_places(self._councils),
                scanned=_SCANNED if others else most,
                others=others,
                most=most,
            )
            values = [*lead, *self._councils, *(key for group in rest for key in group), *(self._years or ())]
            cursor.execute(statement, values)
            return list(dict.fromkeys(record for (record,) in cursor.fetchall()))

    def _count(self, cursor: Any, group: Sequence[int]) -> int:
        """Return how often keys stand, counted no further than is needed to tell rare from common."""
        statement = _COUNT.format(keys=_places(group), councils=_places(self._councils), counted=_COUNTED)
        cursor.execute(statement, [*group, *self._councils])
        count: int = cursor.fetchone()[0]
        return count

    def exact(self) -> list[list[int]]:
        """Return the groups of keys of the names as they were typed."""
        return [self.both([word] for word in self.words)] if self.words else []

    def both(self, options: Iterable[Sequence[str]]) -> list[int]:
        """Return the keys of each two of the names together, or of the only one, in each of their options."""
        named = list(options)
        if len(named) == 1:
            return [keys.key("word", word) for word in named[0]]
        pairs = (pair for one, other in combinations(named, 2) for pair in product(one, other))
        return list(dict.fromkeys(keys.pair(*pair) for pair in islice(pairs, _PAIRS)))

    def wide(self, word: str) -> list[str]:
        """Return a name, its short forms, names that are spelt alike, and of the last also what begins so."""
        begun = self.beginnings(word) if self.begins and word == self.words[-1] else []
        return list(dict.fromkeys((word, *sorted(forms(word)), *self._spelt(word), *begun)))

    def beginnings(self, start: str) -> list[str]:
        """Return some names of the register that begin so."""
        if len(start) < _SHORTEST_BEGINNING:
            return []
        statement = _BEGINNING.format(councils=_places(self._councils), most=_BEGINNINGS)
        with QuickCursor() as cursor:
            cursor.execute(statement, [start, start + "z" * 8, *self._councils])
            return [word for (word,) in cursor.fetchall()]

    def _spelt(self, word: str) -> list[str]:
        """Return names of the register that are a slip or two away, the nearest first."""
        variants = sorted(keys.spellings(word))
        statement = _SPELT.format(variants=_places(variants), councils=_places(self._councils))
        with QuickCursor() as cursor:
            cursor.execute(statement, [*variants, *self._councils])
            found = [each for (each,) in cursor.fetchall() if near(word, each)]
        return sorted(found, key=lambda each: (OSA.distance(word, each), each))[:_SPELLINGS]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
