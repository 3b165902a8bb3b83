"""Finding cases: by reference, name, address, postcode or any word of an answer; newest first."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain import references
from moothall.process import circles, rules, store
from moothall.process.models import Case
from moothall.process.permissions import Can

PAGE = 50
_LONGEST = 12
_RARE = 500
_BEGINNINGS = 60
_STRETCHES = 400
"""As many as SQLite puts together in one statement (500, if it was built as usual), with room."""
_HAS_TOO = (
    " AND EXISTS (SELECT 1 FROM process_searchword o WHERE o.word IN {places}"
    " AND o.council_id = w.council_id AND o.case_id = w.case_id)"
)
_SEEN = " AND EXISTS (SELECT 1 FROM process_case c WHERE c.id = w.case_id AND {seen})"
_BEGINNING = (
    "WITH RECURSIVE found(word) AS ("
    "SELECT MIN(word) FROM process_searchword WHERE word >= %s AND word <= %s"
    " UNION ALL SELECT (SELECT MIN(s.word) FROM process_searchword s WHERE s.word > found.word AND s.word <= %s)"
    " FROM found WHERE found.word IS NOT NULL"
    ") SELECT word FROM found WHERE word IS NOT NULL LIMIT %s"
)
_COLUMNS = (
    "id", "reference", "headline", "version_id", "status", "ending", "opened_at", "changed_at", "council__name",
    "council_id", "circle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One case, as a line of the search results. Where it is there only in part, it has no headline and no ending."""

    case_id: int
    reference: str
    headline: str
    process: str
    status: str
    ending: str
    opened_at: datetime
    changed_at: datetime
    council: str


def search(viewer: Viewer, text: str) -> list[Found]:
    """Return up to fifty cases that have every word of the text, the last word also as a beginning.

    A case of which only a part is there for the viewer is found by its reference alone: any other word of it would
    tell what is in the rest.
    """
    reference = _reference(text)
    words = rules.search_words([reference or text])[:_LONGEST]
    ids = _by_words(viewer, sorted(gate.councils(viewer, Can.SEARCH)), words)
    found = Case.objects.filter(id__in=ids)
    if reference:
        found |= circles.known(viewer, Case.objects.filter(reference=reference))
    rows = gate.narrow(viewer, Can.SEARCH, found).values_list(*_COLUMNS)
    return [_found(viewer, row) for row in sorted(rows, key=lambda row: -row[0])]


def _reference(text: str) -> str:
    """Return the reference that a text is, in any writing, as it is kept; empty if it is none."""
    with contextlib.suppress(references.NotAReference):
        return references.normalise(text)
    return ""


def _by_words(viewer: Viewer, councils: Sequence[int], words: list[str]) -> list[int]:
    """Return case ids, newest first: the rarest word leads, the others are looked up for each of its cases.

    Each stretch of the index (one word at one council) is read from its newest case on and only until it has given
    a page, so a word that stands in every case costs no more than a rare one. Cases that are not there for the viewer
    are passed over in it: they push nothing off the page.
    """
    if not words or not councils:
        return []
    with connection.cursor() as cursor:
        terms = [[word] for word in words[:-1]]
        terms.append(words_beginning(words[-1], min(_BEGINNINGS, max(1, _STRETCHES // len(councils)))))
        if not all(terms):
            return []
        counts = [_count(cursor, councils, term) for term in terms] if len(terms) > 1 else [0]
        lead = terms.pop(counts.index(min(counts)))
        others = "".join(_HAS_TOO.format(places=_places(term)) for term in terms)
        wanted = [word for term in terms for word in term]
        seen, circle = circles.clause_of_cases(viewer, "c")
        stretch = (
            "SELECT case_id FROM (SELECT w.case_id FROM process_searchword w WHERE w.word = %s AND w.council_id = %s"  # noqa: S608
            f"{others}{_SEEN.format(seen=seen)} ORDER BY w.case_id DESC LIMIT {PAGE}) AS stretch"
        )
        values: list[Any] = [
            each for word in lead for council in councils for each in (word, council, *wanted, *circle)
        ]
        stretches = " UNION ALL ".join([stretch] * (len(lead) * len(councils)))
        statement = f"SELECT DISTINCT case_id FROM ({stretches}) AS hits ORDER BY case_id DESC LIMIT {PAGE}"  # noqa: S608
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def words_beginning(start: str, most: int) -> list[str]:
    """Return the first words that begin so, by a jump to each in the index; of a short beginning, not all there are.

    Words are small letters of ASCII and digits (`rules.search_words`), which every collation puts in the same order.
    """
    end = start + "z" * 8
    with connection.cursor() as cursor:
        cursor.execute(_BEGINNING, [start, end, end, most])
        return [row[0] for row in cursor.fetchall()]


def _count(cursor: Any, councils: Sequence[int], term: list[str]) -> int:
    """Return how often a word stands, counted no further than is needed to tell rare from common."""
    inner = (
        "SELECT 1 FROM process_searchword WHERE word IN "  # noqa: S608
        f"{_places(term)} AND council_id IN {_places(councils)} LIMIT {_RARE}"
    )
    cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS few", [*term, *councils])  # noqa: S608
    count: int = cursor.fetchone()[0]
    return count


def _places(values: Sequence[Any]) -> str:
    return f"({', '.join(['%s'] * len(values))})"


def _found(viewer: Viewer, row: Sequence[Any]) -> Found:
    whole = circles.sees_case(viewer, row[9], row[10])
    return Found(
        case_id=row[0],
        reference=row[1],
        headline=row[2] if whole else "",
        process=store.definition_of(row[3]).title,
        status=row[4],
        ending=row[5] if whole else "",
        opened_at=row[6],
        changed_at=row[7],
        council=row[8],
    )
