"""Two records side by side: what both say alike, what they say differently, and what only one of them says."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Literal

from moothall.persons.rules.facts import KINDS, said
from moothall.persons.rules.known import fold
from moothall.persons.rules.shorts import Held, shortened

How = Literal["same", "differs", "only"]


@dataclass(frozen=True, slots=True)
class Value:
    """A fact in force with its receipt: where it comes from, and when."""

    kind: str
    body: Mapping[str, Any]
    until: date | None
    receipt: str

    @property
    def words(self) -> str:
        return said(self.kind, self.body)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison: what either record says of a kind, and how the two compare."""

    title: str
    low: Value | None
    high: Value | None
    how: How


def rows(low: Sequence[Value], high: Sequence[Value], today: date) -> list[Row]:
    """Return two records' facts line by line, in the order of the kinds: first what is the same, then the rest.

    What is compared is what tells people apart, so that a title or a consent makes no difference.
    """
    found = []
    for kind, declared in KINDS.items():
        mine = _keyed((value for value in low if value.kind == kind), today)
        theirs = _keyed((value for value in high if value.kind == kind), today)
        shared = [key for key in mine if key in theirs]
        found += [Row(declared.title, mine.pop(key), theirs.pop(key), "same") for key in shared]
        found += [
            Row(declared.title, one, other, "differs" if one and other else "only")
            for one, other in zip_longest(mine.values(), theirs.values())
        ]
    return found


def _keyed(values: Iterable[Value], today: date) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for value in values:
        found.setdefault(_key(value, today), value)
    return found


def _key(value: Value, today: date) -> str:
    """Return what of a fact is compared."""
    short = shortened([Held(value.kind, value.body, value.until, 0)], today).known.traits
    return json.dumps(short, sort_keys=True) if short else fold(value.words)
