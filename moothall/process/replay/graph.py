"""What followed what, the ways that cases went and how long they took: of a log, and of the cases it became."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from django.db import connection

from moothall.councils import scope
from moothall.process.models import Event
from moothall.process.replay.logs import Trace

Relations = Counter[tuple[str, str]]
Variants = Counter[tuple[str, ...]]


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


def variants_of_log(traces: Iterable[Trace]) -> Variants:
    """Count each way that a trace went: its activities in their order."""
    return Counter(tuple(event.activity for event in trace.events) for trace in traces)


def seconds_of_log(traces: Iterable[Trace]) -> list[float]:
    """Return how long each trace took, from its first event to its last, shortest first."""
    return sorted((trace.events[-1].at - trace.events[0].at).total_seconds() for trace in traces)


class _Done(NamedTuple):
    case_id: int
    step: str
    at: datetime


def variants_of_cases(process: str, without: Iterable[str] = ()) -> Variants:
    """Count each way that a case of the process in scope went: the steps that were done, without some of them."""
    return Counter(tuple(done.step for done in found) for found in _cases(process, without))


def seconds_of_cases(process: str, without: Iterable[str] = ()) -> list[float]:
    """Return how long each case took, from the first step done to the last, shortest first."""
    return sorted((found[-1].at - found[0].at).total_seconds() for found in _cases(process, without))


def _cases(process: str, without: Iterable[str]) -> Iterator[list[_Done]]:
    rows = (
        Event.objects.filter(kind="done", case__process=process)
        .exclude(step__in=list(without))
        .order_by("case_id", "seq")
        .values_list("case_id", "step", "at")
    )
    for _, found in groupby(map(_Done._make, rows.iterator()), key=attrgetter("case_id")):
        yield list(found)
