"""What followed what: the directly-follows relations of a log, and of the cases it became."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from django.db import connection

from moothall.councils import scope
from moothall.process.replay.logs import Trace

Relations = Counter[tuple[str, str]]


def of_log(traces: Iterable[Trace]) -> Relations:
    """Count each pair of activities that follow one another in a trace."""
    return Counter(pair for trace in traces for pair in pairwise(event.activity for event in trace.events))


def of_cases(process: str) -> Relations:
    """Count each pair of steps that were done one after the other in a case of the process, in scope."""
    condition, values = scope.clause("e.council_id")
    statement = (
        "SELECT step, following, COUNT(*) FROM ("  # noqa: S608
        "  SELECT e.step, LEAD(e.step) OVER (PARTITION BY e.case_id ORDER BY e.seq) AS following"
        "  FROM process_event e JOIN process_case c ON c.id = e.case_id"
        f"  WHERE e.kind = 'done' AND c.process = %s AND {condition}"
        ") AS pairs WHERE following IS NOT NULL GROUP BY step, following"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [process, *values])
        return Counter({(step, following): count for step, following, count in cursor.fetchall()})
