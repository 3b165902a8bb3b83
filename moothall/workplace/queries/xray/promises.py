"""The page about promises: how clocks were kept, where they ran out, by how much, and when they stood still."""

from collections.abc import Sequence

from moothall.look import charts
from moothall.look.jinja import plural
from moothall.process import xray
from moothall.process.xray import Cohort
from moothall.workplace.queries.xray.sheets import (
    CALENDAR_TIME,
    HALF,
    NINE,
    TIMES,
    Column,
    Plate,
    Sheet,
    legend,
    number,
    share,
    share_of,
    spread_cells,
    words,
)


def promises(cohort: Cohort) -> Plate:
    """Return how promises about time were kept."""
    found = xray.promises(cohort)
    judged, late = sum(row.judged for row in found.clocks), sum(row.late for row in found.clocks)
    first = []
    if judged:
        first.append(
            f"Of {plural(judged, 'promise')}, {late:,} ({share_of(late, judged)})"
            f" {'was' if late == 1 else 'were'} not kept."
        )
    if found.where:
        most = found.where[0]
        first.append(
            f"Time ran out most often while “{most.step_title}” was open: {plural(most.times, 'time')}."
        )
    return Plate(
        first, [_clocks(found.clocks), _ran_out(found.where), _how_late(found.clocks), _pauses(found.clocks)]
    )


def _clocks(rows: Sequence[xray.Promise]) -> Sheet:
    counted = [row for row in rows if row.judged]
    chart = charts.bars(
        "Promises kept and not kept",
        [
            charts.Bar(row.title, (row.met, row.late), f"{share_of(row.late, row.judged)} late")
            for row in counted
        ],
    )
    return Sheet(
        "clocks",
        "Promises",
        (
            Column("Promise"),
            Column("Within"),
            Column("Kept", "number"),
            Column("Missed", "number"),
            Column("Overdue now", "number"),
            Column("Not kept", "share"),
            Column("Running", "number"),
            Column("Paused now", "number"),
            Column("Not needed", "number"),
        ),
        [
            (
                words(row.title),
                words(row.within),
                *(
                    number(count, "promises", clock=row.clock, state=state)
                    for count, state in ((row.met, "met"), (row.missed, "missed"), (row.overdue, "overdue"))
                ),
                share(row.late, row.judged),
                *(
                    number(count, "promises", clock=row.clock, state=state)
                    for count, state in (
                        (row.running, "running"),
                        (row.standing, "paused"),
                        (row.stopped, "stopped"),
                    )
                ),
            )
            for row in rows
        ],
        (
            (
                "A promise is kept if its step is done in time. It is missed if that was done late, and overdue if it"
                " is late and not done yet. It is not needed any more if the case ended in time."
            ),
            "A promise counts in the opening hours of its council, and not while it is paused.",
            "“Within” is what the newest version promises. Each case was held to what its own version promised.",
        ),
        "This process promises nothing about time.",
        chart if counted else "",
        legend("Kept", "Not kept"),
    )


def _how_late(rows: Sequence[xray.Promise]) -> Sheet:
    return Sheet(
        "late",
        "By how much promises were missed",
        (Column("Promise"), Column("Times", "number"), *TIMES),
        [
            (words(row.title), number(row.late), *spread_cells(row.late_by))
            for row in rows
            if row.late_by.times
        ],
        (
            "From when a promise ran out until it was done after all, or until now.",
            "The cases are those behind “Missed” and “Overdue now” above.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No promise was missed.",
    )


def _pauses(rows: Sequence[xray.Promise]) -> Sheet:
    return Sheet(
        "pauses",
        "When promises stood still",
        (Column("Promise"), Column("Times", "number"), *TIMES),
        [
            (
                words(row.title),
                number(row.paused.times, "paused", clock=row.clock),
                *spread_cells(row.paused),
            )
            for row in rows
            if row.paused.times
        ],
        (
            "While somebody else is asked, a promise stands still if its process says so. Pauses that are over count.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No promise has stood still and gone on.",
    )


def _ran_out(rows: Sequence[xray.RanOut]) -> Sheet:
    return Sheet(
        "ran-out",
        "Where time ran out",
        (Column("Promise"), Column("Step that was open"), Column("Times", "number")),
        [
            (
                words(row.title),
                words(row.step_title),
                number(row.times, "ran-out", clock=row.clock, step=row.step),
            )
            for row in rows
        ],
        (
            "The step that was open at the moment at which a promise ran out; if several were, each is counted.",
        ),
        "No promise has run out.",
        charts.bars(
            "Steps that were open when time ran out",
            [charts.Bar(f"{row.step_title} ({row.title})", (row.times,), f"{row.times:,}") for row in rows],
        )
        if rows
        else "",
    )
