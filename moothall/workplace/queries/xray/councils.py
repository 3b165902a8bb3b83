"""The page that puts the councils beside one another, on the steps they share."""

from collections.abc import Sequence

from moothall.look import charts
from moothall.process import xray
from moothall.process.xray import Cohort, Spread
from moothall.workplace.queries.xray.sheets import (
    CALENDAR_TIME,
    HALF,
    NINE,
    TIMES,
    Column,
    Plate,
    Sheet,
    number,
    said,
    spread_cells,
    words,
)


def councils(cohort: Cohort) -> Plate:
    """Return the councils beside one another, on the steps they share."""
    rows, names = xray.compared(cohort), list(cohort.councils.items())
    first = []
    if apart := _furthest(rows):
        title, slow, quick = apart
        first.append(
            f"The councils are furthest apart at “{title}”: half within {said(quick[1].half)} at"
            f" {cohort.councils[quick[0]]}, {said(slow[1].half)} at {cohort.councils[slow[0]]}."
        )
    most = max((spread.half for row in rows for spread in row.councils.values()), default=0)
    chart = charts.dots(
        "How long each step takes at each council, in the middle",
        [
            charts.Dots(
                row.title,
                [row.councils[council].half if council in row.councils else None for council, _ in names],
            )
            for row in rows
        ],
        start="At once",
        end=said(most),
    )
    sheet = Sheet(
        "steps",
        "Steps, council by council",
        (Column("Step"), Column("Council"), Column("Times done", "number"), *TIMES),
        [
            (
                words(row.title),
                words(name),
                number(row.councils[council].times, "council-steps", step=row.step, at_council=str(council)),
                *spread_cells(row.councils[council]),
            )
            for row in rows
            for council, name in names
            if council in row.councils
        ],
        (
            (
                "Times run from when a step opened until it was done. Councils may have their own clocks, teams and"
                " words for a process; its steps are the same everywhere."
            ),
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No step has been done yet.",
        chart if rows else "",
        [(charts.key_mark(series), name) for series, (_, name) in enumerate(names)],
    )
    return Plate(first, [sheet])


def _furthest(
    rows: Sequence[xray.StepByCouncil],
) -> tuple[str, tuple[int, Spread], tuple[int, Spread]] | None:
    """Return the step at which the middle of the slowest and the quickest council are furthest apart."""
    found = [
        (row.title, max(row.councils.items(), key=_half), min(row.councils.items(), key=_half))
        for row in rows
        if len(row.councils) > 1
    ]
    widest = max(found, key=lambda each: _half(each[1]) - _half(each[2]), default=None)
    return widest if widest is not None and _half(widest[1]) > _half(widest[2]) else None


def _half(each: tuple[int, Spread]) -> int:
    return each[1].half
