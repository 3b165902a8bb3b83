"""Which processes there is something to be seen of, for a viewer."""

from dataclasses import dataclass
from datetime import date, timedelta

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.plain.days import begin_of
from moothall.process import circles
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can
from moothall.process.xray.asking import ask
from moothall.process.xray.cohort import stored


@dataclass(frozen=True, slots=True)
class Choice:
    """A process, and how many cases of it the viewer may count that were opened in a period, and are open now."""

    process: str
    title: str
    opened: int
    open: int


def choices(viewer: Viewer, since: date, until: date) -> list[Choice]:
    """Return the processes that ever had a case the viewer may count, by title."""
    gate.allow_anywhere(viewer, Can.XRAY)
    councils = sorted(gate.councils(viewer, Can.XRAY))
    within, circle_values = circles.clause_of_cases(viewer, "c")
    scoped, scope_values = scope.clause("c.council_id")
    rows = ask(
        "SELECT c.process, SUM(CASE WHEN c.opened_at >= %s AND c.opened_at < %s THEN 1 ELSE 0 END),"  # noqa: S608
        " SUM(CASE WHEN c.status = 'open' THEN 1 ELSE 0 END) FROM process_case c"
        f" WHERE c.council_id IN ({', '.join(['%s'] * len(councils)) or 'NULL'}) AND {within} AND {scoped}"
        " GROUP BY c.process",
        [
            stored(begin_of(since)),
            stored(begin_of(until + timedelta(days=1))),
            *councils,
            *circle_values,
            *scope_values,
        ],
    )
    versions = ProcessVersion.objects.filter(key__in=[row[0] for row in rows], council=None).order_by(
        "number"
    )
    titles: dict[str, str] = dict(versions.values_list("key", "title"))
    found = [Choice(key, titles.get(key, str(key)), opened, still) for key, opened, still in rows]
    return sorted(found, key=lambda each: each.title)
