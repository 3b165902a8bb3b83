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
from moothall.process import rules, store
from moothall.process.models import Case
from moothall.process.permissions import Can

PAGE = 50
_LONGEST = 12
_RARE = 500
_COLUMNS = (
    "id", "reference", "headline", "version_id", "status", "ending", "opened_at", "changed_at", "council__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One case, as a line of the search results."""

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
    """Return up to fifty cases that have every word of the text, the last word also as a beginning."""
    ids = _by_words(sorted(gate.councils(viewer, Can.SEARCH)), _words(text))
    rows = gate.narrow(viewer, Can.SEARCH, Case.objects.filter(id__in=ids)).values_list(*_COLUMNS)
    return [_found(row) for row in sorted(rows, key=lambda row: -row[0])]


def _words(text: str) -> list[str]:
    """Return the words to look for; a reference in any writing is looked for as it is kept."""
    with contextlib.suppress(references.NotAReference):
        text = references.normalise(text)
    return rules.search_words([text])[:_LONGEST]


def _by_words(councils: Sequence[int], words: list[str]) -> list[int]:
    """Return case ids, newest first: the rarest word leads, the others are looked up for each of its cases."""
    if not words or not councils:
        return []
    place = f"council_id IN ({', '.join(['%s'] * len(councils))})"
    tests = [("word = %s", [word]) for word in words[:-1]]
    tests.append(("word >= %s AND word <= %s", [words[-1], words[-1] + "z" * 8]))
    with connection.cursor() as cursor:
        counts = [_count(cursor, place, councils, test) for test in tests] if len(tests) > 1 else [0]
        lead = counts.index(min(counts))
        statement = f"SELECT DISTINCT case_id FROM process_searchword w WHERE {tests[lead][0]} AND {place}"  # noqa: S608
        values: list[Any] = [*tests[lead][1], *councils]
        for index, (test, held) in enumerate(tests):
            if index != lead:
                statement += (
                    f" AND EXISTS (SELECT 1 FROM process_searchword o WHERE o.{test.replace('AND word', 'AND o.word')}"  # noqa: S608
                    " AND o.council_id = w.council_id AND o.case_id = w.case_id)"
                )
                values += held
        cursor.execute(f"{statement} ORDER BY case_id DESC LIMIT {PAGE}", values)
        return [row[0] for row in cursor.fetchall()]


def _count(cursor: Any, place: str, councils: Sequence[int], test: tuple[str, list[str]]) -> int:
    """Return how often a word stands, counted no further than is needed to tell rare from common."""
    inner = f"SELECT 1 FROM process_searchword WHERE {test[0]} AND {place} LIMIT {_RARE}"  # noqa: S608
    cursor.execute(f"SELECT COUNT(*) FROM ({inner}) AS few", [*test[1], *councils])  # noqa: S608
    count: int = cursor.fetchone()[0]
    return count


def _found(row: Sequence[Any]) -> Found:
    return Found(
        case_id=row[0],
        reference=row[1],
        headline=row[2],
        process=store.definition_of(row[3]).title,
        status=row[4],
        ending=row[5],
        opened_at=row[6],
        changed_at=row[7],
        council=row[8],
    )
