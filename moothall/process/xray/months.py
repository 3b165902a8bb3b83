"""Month by month: how many cases were opened, how many closed, how many were open when the month ended."""

from dataclasses import dataclass
from datetime import date

from moothall.process.xray.asking import ask
from moothall.process.xray.cohort import Cohort


@dataclass(frozen=True, slots=True)
class Month:
    """One month in London; the first and the last of a period count from and to its days only."""

    first: date
    opened: int
    closed: int
    open_at_end: int


def months(cohort: Cohort) -> list[Month]:
    """Return the months of the period. Unlike all else, this counts cases that were opened before it, too."""
    limits = [cohort.months[0][1], *(ends for _, _, ends in cohort.months)]
    opened, closed = (_counted(cohort, column, limits) for column in ("c.opened_at", "c.closed_at"))
    found, waiting = [], opened[0] - closed[0]
    for number, (first, _, _) in enumerate(cohort.months, start=1):
        waiting += opened[number] - closed[number]
        found.append(Month(first, opened[number], closed[number], waiting))
    return found


def _counted(cohort: Cohort, column: str, limits: list[object]) -> list[int]:
    """Return how many fall before the first limit, and then between each two."""
    whens = " ".join(f"WHEN {column} < %s THEN {number}" for number in range(len(limits)))
    rows = ask(
        f"SELECT CASE {whens} END AS part, COUNT(*) FROM process_case c"  # noqa: S608
        f" WHERE {cohort.any_time} AND {column} IS NOT NULL GROUP BY part",
        [*limits, *cohort.any_values],
    )
    counted: dict[int | None, int] = dict(rows)
    return [counted.get(number, 0) for number in range(len(limits))]
