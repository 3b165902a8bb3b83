"""Finding cases by words: one plain table that serves both databases, and row-level security too."""

from collections.abc import Iterable

from moothall.journal.cursors import QuickCursor
from moothall.process import rules

_INSERT = "INSERT INTO process_searchword (word, council_id, case_id) VALUES "


def index(case_id: int, council_id: int, texts: Iterable[str]) -> None:
    """Let a case be found by these texts too; words it has already are left as they are."""
    words = rules.search_words(texts)
    if not words:
        return
    places = ", ".join(["(%s, %s, %s)"] * len(words))
    values = [value for word in words for value in (word, council_id, case_id)]
    with QuickCursor() as cursor:
        cursor.execute(f"{_INSERT}{places} ON CONFLICT DO NOTHING", values)
