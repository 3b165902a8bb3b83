"""Proving the history of cases: what the journal witnessed of their events is worked out again from the rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from django.db import connection

from moothall.councils import scope
from moothall.journal.hooks import Testimony
from moothall.process import store


def digests(testimonies: Sequence[Testimony]) -> Mapping[int, str]:
    """Return, by entry, the digest that the events it speaks of have now; left out where they are gone."""
    wanted = {int(each.about.partition(":")[2]) for each in testimonies}
    with scope.everything("verification reads every council's events"):
        rows = store.witnessed_rows(sorted(wanted))
    found: dict[int, str] = {}
    for each in testimonies:
        first, last = each.facts["events"]
        case_id = int(each.about.partition(":")[2])
        held = [row for seq in range(first, last + 1) if (row := rows.get((case_id, seq))) is not None]
        if len(held) == last + 1 - first:
            found[each.entry_id] = store.digest_of(held)
    return found


def strays() -> Iterable[str]:
    """Name the events that no entry can have witnessed: gaps in a case's numbers, and numbers past its count."""
    with scope.everything("verification reads every council's events"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, c.seq, COUNT(e.id), MAX(e.seq) FROM process_case c "
            "LEFT JOIN process_event e ON e.case_id = c.id GROUP BY c.id, c.seq "
            "HAVING COUNT(e.id) <> c.seq OR COALESCE(MAX(e.seq), 0) <> c.seq ORDER BY c.id"
        )
        rows = cursor.fetchall()
    return _sentences(rows)


def _sentences(rows: Sequence[tuple[int, int, int, int]]) -> Iterator[str]:
    for case_id, grouped in groupby(rows, key=lambda row: row[0]):
        for _, seq, count, newest in grouped:
            yield f"case {case_id} counts {seq} events, but {count} are kept, the newest with number {newest or 0}"
