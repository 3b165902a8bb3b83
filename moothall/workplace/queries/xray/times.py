"""The pages about time: the first figures, where cases wait, and promises."""

from collections.abc import Sequence

from markupsafe import Markup

from moothall.look import charts, dates
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
    many,
    number,
    said,
    share,
    share_of,
    spread_cells,
    time,
    words,
)

_WAITS_FOR = {
    "requester": "the person who asked",
    "time": "a day or time to come",
    "case": "another case",
    "": "staff",
}


def summary(cohort: Cohort) -> Plate:
    """Return the first figures in words, the months, how cases ended, and the councils."""
    found = xray.overview(cohort)
    every = found.every
    if not every.cases:
        return Plate(
            ["No case of this process was opened at these councils in this period."], [_months(cohort)]
        )
    first = [
        (
            f"{many(every.cases, 'case')} {'was' if every.cases == 1 else 'were'} opened in this period."
            f" {every.closed:,} of them {'is' if every.closed == 1 else 'are'} closed, {every.open:,} open."
        )
    ]
    if every.closed:
        first.append(
            f"Half of the closed cases took no longer than {said(every.time.half)},"
            f" and nine in ten no longer than {said(every.time.nine)}."
        )
    if every.judged:
        first.append(
            f"Of {many(every.judged, 'promise')} about time, {every.late:,}"
            f" ({share_of(every.late, every.judged)}) {'was' if every.late == 1 else 'were'} not kept."
        )
    sheets = [_months(cohort), _endings(cohort)]
    if len(found.councils) > 1:
        sheets.append(_by_council(found))
    return Plate(first, sheets)


def _months(cohort: Cohort) -> Sheet:
    rows = xray.months(cohort)
    short = [f"{dates.short(row.first).split(' ')[1]} {row.first.year}" for row in rows]
    chart = charts.columns(
        "Cases opened and closed in each month",
        [charts.Column(label, (row.opened, row.closed)) for label, row in zip(short, rows, strict=True)],
    )
    return Sheet(
        "months",
        "Month by month",
        (
            Column("Month"),
            Column("Opened", "number"),
            Column("Closed", "number"),
            Column("Open at its end", "number"),
        ),
        [
            (words(label), number(row.opened), number(row.closed), number(row.open_at_end))
            for label, row in zip(short, rows, strict=True)
        ]
        if any(row.opened or row.closed or row.open_at_end for row in rows)
        else [],
        (
            (
                "“Closed” and “Open at its end” also count cases that were opened before this period; all else on these"
                " pages is about the cases that were opened in it."
            ),
            "The first and the last month count from and to the days you chose.",
        ),
        "No case was opened, closed or open in these months.",
        chart,
        _legend("Opened", "Closed"),
    )


def _endings(cohort: Cohort) -> Sheet:
    rows = xray.endings(cohort)
    closed = sum(row.time.times for row in rows)
    return Sheet(
        "endings",
        "How cases ended",
        (Column("Ending"), Column("Cases", "number"), Column("Share", "share"), *TIMES),
        [
            (
                words(f"{row.title} (before its process was done)" if row.early else row.title),
                number(row.time.times, "endings", ending=row.ending),
                share(row.time.times, closed),
                *spread_cells(row.time),
            )
            for row in rows
        ],
        ("Times run from when a case was opened until it was closed.", CALENDAR_TIME, HALF, NINE),
        "No case has ended yet.",
    )


def _by_council(found: xray.First) -> Sheet:
    return Sheet(
        "councils",
        "Councils",
        (
            Column("Council"), Column("Opened", "number"), Column("Open", "number"), Column("Half within", "time"),
            Column("Nine in ten within", "time"), Column("Mean", "time"), Column("Promises not kept", "share"),
        ),
        [
            (
                words(name),
                number(one.cases, "council", council=str(council)),
                number(one.open),
                *spread_cells(one.time),
                share(one.late, one.judged),
            )
            for council, name, one in found.councils
        ],
        ("Times run from when a case was opened until it was closed.", CALENDAR_TIME, HALF, NINE),
        "No council has a case.",
    )  # fmt: skip


def waiting(cohort: Cohort) -> Plate:
    """Return where cases wait."""
    rows = xray.waiting(cohort)
    longest = xray.longest(rows)
    first = []
    if longest is not None:
        first.append(
            f"Of all the time that steps were open, {share_of(longest.share, 1)} went by at “{longest.title}”,"
            f" waiting for {_WAITS_FOR[longest.waits_for]}."
        )
        queued = sum(row.queued.mean * row.queued.times for row in rows if not row.waits_for)
        total = sum(row.total for row in rows)
        first.append(
            f"In {share_of(queued, total)} of the time, work for staff lay where nobody had taken it."
        )
    if open_now := sum(row.open for row in rows):
        first.append(f"{many(open_now, 'step')} {'is' if open_now == 1 else 'are'} open now.")
    return Plate(first, [_waits(rows), _open_now(rows)])


def _waits(rows: Sequence[xray.StepTimes]) -> Sheet:
    done = [row for row in rows if row.queued.times]
    chart = charts.bars(
        "Mean time of each step: not taken, and in hand",
        [
            charts.Bar(row.title, (row.queued.mean, _held(row)), said(row.queued.mean + _held(row)))
            for row in done
        ],
    )
    return Sheet(
        "waits",
        "Time in each step",
        (
            Column("Step"), Column("Waits for"), Column("Times done", "number"),
            Column("Not taken, half within", "time"), Column("Not taken, nine in ten", "time"),
            Column("Not taken, mean", "time"), Column("Times taken", "number"),
            Column("In hand, half within", "time"), Column("In hand, nine in ten", "time"),
            Column("In hand, mean", "time"), Column("Share of all time", "share"),
        ),
        [
            (
                words(row.title),
                words(_WAITS_FOR[row.waits_for].capitalize()),
                number(row.queued.times, "runs", step=row.step),
                *spread_cells(row.queued),
                number(row.held.times),
                *spread_cells(row.held),
                share(row.share, 1),
            )
            for row in done
        ],
        (
            ("“Not taken” runs from when a step opens until somebody takes it, or until it is done by somebody who did"
            " not take it first. “In hand” runs from when it was taken until it was done."),
            ("A step that waits for the person who asked, for a day to come or for another case is nobody's to take:"
            " its whole time stands under “Not taken”."),
            "Only steps that are done are counted; what is open now stands below.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No step has been done yet.",
        chart if done else "",
        _legend("Not taken, or waiting for others", "In hand"),
    )  # fmt: skip


def _held(row: xray.StepTimes) -> float:
    """Return the mean time in hand over all times the step was done, taken or not."""
    return row.held.mean * row.held.times / row.queued.times


def _open_now(rows: Sequence[xray.StepTimes]) -> Sheet:
    return Sheet(
        "open",
        "Open now",
        (
            Column("Step"), Column("Waits for"), Column("Open", "number"), Column("Not taken", "number"),
            Column("Longest open", "time"),
        ),
        [
            (
                words(row.title),
                words(_WAITS_FOR[row.waits_for].capitalize()),
                number(row.open, "open", step=row.step),
                number(row.free),
                time(row.oldest),
            )
            for row in rows
            if row.open
        ],
        ("Steps that are open now, of cases that were opened in this period.", CALENDAR_TIME),
        "No step is open.",
    )  # fmt: skip


def promises(cohort: Cohort) -> Plate:
    """Return how promises about time were kept."""
    found = xray.promises(cohort)
    judged, late = sum(row.judged for row in found.clocks), sum(row.late for row in found.clocks)
    first = []
    if judged:
        first.append(
            f"Of {many(judged, 'promise')}, {late:,} ({share_of(late, judged)})"
            f" {'was' if late == 1 else 'were'} not kept."
        )
    if found.where:
        most = found.where[0]
        first.append(
            f"Time ran out most often while “{most.step_title}” was open: {many(most.times, 'time')}."
        )
    return Plate(first, [_clocks(found.clocks), _ran_out(found.where)])


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
            Column("Promise"), Column("Within"), Column("Kept", "number"), Column("Missed", "number"),
            Column("Overdue now", "number"), Column("Not kept", "share"), Column("Late by, half", "time"),
            Column("Late by, nine in ten", "time"), Column("Late by, mean", "time"), Column("Running", "number"),
            Column("Paused and went on", "number"), Column("Pause, half within", "time"),
        ),
        [
            (
                words(row.title),
                words(row.within),
                number(row.met, "promises", clock=row.clock, state="met"),
                number(row.missed, "promises", clock=row.clock, state="missed"),
                number(row.overdue, "promises", clock=row.clock, state="overdue"),
                share(row.late, row.judged),
                *spread_cells(row.late_by),
                number(row.going),
                number(row.paused.times, "paused", clock=row.clock),
                time(row.paused.half, of=row.paused.times),
            )
            for row in rows
        ],
        (
            ("A promise is kept if its step is done in time. It is missed if it was done late, and overdue if it is"
            " late and not done yet. What stopped because its case ended in time is not counted."),
            ("A promise counts in the opening hours of its council; by how much it was late, and how long it stood"
            " still, is calendar time."),
            HALF,
        ),
        "This process promises nothing about time.",
        chart if counted else "",
        _legend("Kept", "Not kept"),
    )  # fmt: skip


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


def _legend(*names: str) -> list[tuple[Markup, str]]:
    return [(charts.key_mark(series, bar=True), name) for series, name in enumerate(names)]
