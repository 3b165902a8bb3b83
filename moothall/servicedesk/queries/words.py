"""Narrowing calls to those that have every word of a text, the last one also as a beginning, in any of their answers.

Which side leads depends on how rare a word is. Of a rare one, the calls that have it are looked up and put in order; a
common one is asked of call after call, in the order of the list, until a page is full; it stands in a subquery of one
row, which no planner turns into a join over all that have the word. A word of every call costs no more than one of a
hundred.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from moothall.process import rules
from moothall.process.models import SearchWord
from moothall.process.queries.searching import words_beginning

MOST_WORDS = 6
SHORTEST = 3
"""So many letters make a beginning; shorter ones are whole words only."""
MOST_BEGINNINGS = 20
"""So many words count of those that begin so, the first by the alphabet, and always the word itself."""
RARE = 2_500
"""So many calls of a word are looked up, and twice as many of several words, since it takes longer to ask for those."""

_STRETCHES = (
    "SELECT s.case_id FROM unnest(%s::text[]) AS w, unnest(%s::bigint[]) AS c, LATERAL (SELECT case_id"
    " FROM process_searchword WHERE word = w AND council_id = c ORDER BY case_id LIMIT %s) AS s LIMIT %s"
)
"""Each stretch of the index by itself: a planner that guesses would rather read the whole table up to the limit."""
_LISTED = (
    "SELECT case_id FROM process_searchword WHERE word IN (SELECT value FROM json_each(%s))"
    " AND council_id IN (SELECT value FROM json_each(%s)) LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What words leave of calls: `ids` of their cases if few are left, and words of which one each has to be there."""

    ids: Sequence[int] | None = None
    common: Sequence[Sequence[str]] = field(default=())

    @property
    def is_nothing(self) -> bool:
        """Whether no call has all of the words."""
        return self.ids is not None and not self.ids

    def of(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return those of the calls that have all of the words."""
        if self.ids is not None:
            rows = rows.filter(case_id__in=_listed(self.ids))
        for number, term in enumerate(self.common):
            has = SearchWord.objects.filter(
                word__in=term, council_id=OuterRef("council_id"), case_id=OuterRef("case_id")
            )
            name = f"has_{number}"
            rows = rows.alias(**{name: Subquery(has.values("case_id")[:1])}).filter(
                **{f"{name}__isnull": False}
            )
        return rows


def _listed(ids: Sequence[int]) -> RawSQL:
    """Return numbers as rows: thousands of them are one value of the statement, and quick to be planned."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def narrowed(text: str, councils: Collection[int], *, whole: bool = False) -> Narrowed:
    """Return what the words of a text leave of the calls of some councils; with `whole`, the last is no beginning."""
    words = rules.search_words([text])[:MOST_WORDS]
    if not words or not councils:
        return Narrowed(ids=() if not councils else None)
    last = words[-1]
    begins = len(last) >= SHORTEST and not whole
    beginnings = words_beginning(last, MOST_BEGINNINGS) if begins else []
    terms = [[word] for word in words[:-1]] + [sorted({last, *beginnings})]
    rare, common = _parted(terms, sorted(councils))
    if not rare:
        return Narrowed(common=common)
    return Narrowed(ids=sorted(set.intersection(*rare)), common=common)


def _parted(
    terms: Sequence[Sequence[str]], councils: Sequence[int]
) -> tuple[list[set[int]], list[Sequence[str]]]:
    """Return the cases of each rare term, and the terms that are common."""
    rare: list[set[int]] = []
    common: list[Sequence[str]] = []
    for term in terms:
        most = RARE * min(len(term), 2)
        found = _cases(term, councils, most + 1)
        if len(found) > most:
            common.append(term)
        else:
            rare.append(set(found))
    return rare, common


def _cases(term: Sequence[str], councils: Sequence[int], most: int) -> list[int]:
    """Return the cases that have one of some words, no more than so many."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_STRETCHES, [list(term), list(councils), most, most])
        else:
            cursor.execute(_LISTED, [json.dumps(term), json.dumps(councils), most])
        return [row[0] for row in cursor.fetchall()]
