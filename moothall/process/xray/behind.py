"""The cases behind a figure: as many of them as the viewer may see, and how many they may not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import circles
from moothall.process.models import Case
from moothall.process.permissions import Can
from moothall.process.xray.asking import ask
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS

PAGE = 50
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """One case: how often what is counted happened in it, and the longest of its durations, if it has one."""

    reference: str
    headline: str
    council: str
    status: str
    opened_at: datetime
    times: int
    longest: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of the cases behind a figure. `times` is the figure; `cases` says in how many cases it happened.

    `hidden` of the cases are at councils whose cases the viewer may not see. `more` says whether there is another page.
    """

    times: int
    cases: int
    hidden: int
    rows: Sequence[CaseBehind]
    more: bool


def behind(viewer: Viewer, cohort: Cohort, name: str, keys: Mapping[str, str], page: int = 1) -> Behind:
    """Return the cases of one group of facts, those with the longest duration first; refuses what is no figure.

    A key that is left out is not asked for: then it is the figure of all groups. Of routes, `like` is the number of a
    case that went the one that is meant.
    """
    fact = FACTS.get(name)
    asked = set(keys) - {"like"} if name == "routes" else set(keys)
    if fact is None or not asked <= {*fact.keys} or page < 1:
        raise NotFound(what="figure")
    statement, values = fact.statement(cohort)
    conditions, wanted = ["1 = 1"], list[Any]()
    for key, value in keys.items():
        if key == "like":
            conditions.append(f"route = (SELECT route FROM ({statement}) first WHERE id = %s)")  # noqa: S608
            wanted += [*values, _number(value)]
        else:
            conditions.append(f"{key} = %s")
            wanted.append(_number(value) if key in fact.numbers else value)
    seen = sorted(gate.councils(viewer, Can.SEE) & cohort.councils.keys())
    longest = f"COALESCE({fact.order}, -1)" if fact.order else "-1"
    rows = ask(
        f"WITH chosen AS MATERIALIZED (SELECT id, council_id, {longest} AS longest FROM ({statement}) facts"  # noqa: S608
        f" WHERE {' AND '.join(conditions)}),"
        " page AS (SELECT id, COUNT(*) AS times, MAX(longest) AS longest FROM chosen"
        f" WHERE council_id IN ({', '.join(['%s'] * len(seen)) or 'NULL'})"
        " GROUP BY id ORDER BY 3 DESC, id DESC LIMIT %s OFFSET %s)"
        " SELECT 1, council_id, COUNT(*), COUNT(DISTINCT id) FROM chosen GROUP BY council_id"
        " UNION ALL SELECT 2, id, times, longest FROM page ORDER BY 1, 4 DESC, 2 DESC",
        [*values, *wanted, *seen, PAGE + 1, (page - 1) * PAGE],
    )
    counted = [row[1:] for row in rows if row[0] == 1]
    found = [row[1:] for row in rows if row[0] == 2]  # noqa: PLR2004 - the second part of the statement
    times, cases = (sum(row[part] for row in counted) for part in (1, 2))
    hidden = sum(row[2] for row in counted if row[0] not in seen)
    return Behind(times, cases, hidden, _rows(viewer, found[:PAGE]), len(found) > PAGE)


def _rows(viewer: Viewer, found: Sequence[Sequence[Any]]) -> list[CaseBehind]:
    """Return the lines of these cases, asked of the gate and the circles once more."""
    ids = [row[0] for row in found]
    rows = circles.narrow(viewer, gate.narrow(viewer, Can.SEE, Case.objects.filter(id__in=ids)))
    columns = ("id", "reference", "headline", "council__name", "status", "opened_at")
    cases = {case["id"]: case for case in rows.values(*columns)}
    return [
        CaseBehind(
            reference=case["reference"],
            headline=case["headline"],
            council=case["council__name"],
            status=case["status"],
            opened_at=case["opened_at"],
            times=times,
            longest=None if longest < 0 else longest,
        )
        for number, times, longest in found
        if (case := cases.get(number)) is not None
    ]


def _number(text: str) -> int:
    """Return a number from an address; what is none is behind no figure."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST)):
        return int(text)
    raise NotFound(what="figure")
