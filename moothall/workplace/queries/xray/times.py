"""The pages about time: the first figures, and where cases wait."""

from collections.abc import Sequence

from moothall.look import charts, dates
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
            f"{plural(every.cases, 'case')} {'was' if every.cases == 1 else 'were'} opened in this period."
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
            f"Of {plural(every.judged, 'promise')} about time, {every.late:,}"
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
            (
                words(label),
                *(
                    number(count, figure, month=row.first.isoformat())
                    for count, figure in (
                        (row.opened, "opened-in"),
                        (row.closed, "closed-in"),
                        (row.open_at_end, "open-after"),
                    )
                ),
            )
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
        legend("Opened", "Closed"),
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
                number(one.cases, "council", at_council=str(council)),
                number(one.open, "council", at_council=str(council), status="open"),
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
        first.append(f"{plural(open_now, 'step')} {'is' if open_now == 1 else 'are'} open now.")
    return Plate(first, [_until_taken(rows), _held(rows), _open_now(rows)])


def _until_taken(rows: Sequence[xray.StepTimes]) -> Sheet:
    done = [row for row in rows if row.queued.times]
    chart = charts.bars(
        "Mean time of each step: until it is taken, and in hand",
        [
            charts.Bar(row.title, (row.queued.mean, _in_hand(row)), said(row.queued.mean + _in_hand(row)))
            for row in done
        ],
    )
    return Sheet(
        "waits",
        "Until somebody takes it",
        (
            Column("Step"),
            Column("Waits for"),
            Column("Times done", "number"),
            *TIMES,
            Column("Share of the time of all steps", "share"),
        ),
        [
            (
                words(row.title),
                words(_WAITS_FOR[row.waits_for].capitalize()),
                number(row.queued.times, "runs", step=row.step),
                *spread_cells(row.queued),
                share(row.share, 1),
            )
            for row in done
        ],
        (
            "From when a step opens until somebody takes it, or until somebody does it without taking it first.",
            (
                "A step that waits for the person who asked, for a day to come or for another case is nobody's to take:"
                " here is its whole time."
            ),
            "Only steps that are done are counted. The share is that of the whole time of a step, in hand as well.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No step has been done yet.",
        chart if done else "",
        legend("Until it is taken, or waiting for others", "In hand"),
    )


def _held(rows: Sequence[xray.StepTimes]) -> Sheet:
    return Sheet(
        "held",
        "In hand",
        (Column("Step"), Column("Times taken", "number"), *TIMES),
        [
            (words(row.title), number(row.held.times, "held", step=row.step), *spread_cells(row.held))
            for row in rows
            if row.held.times
        ],
        (
            "From when a step was taken until it was done, also while it was put back or passed on in between.",
            "Steps that were done without being taken first are not counted here.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "Nobody has taken a step before doing it.",
    )


def _in_hand(row: xray.StepTimes) -> float:
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
                number(row.free, "open", step=row.step, taken="0"),
                time(row.oldest),
            )
            for row in rows
            if row.open
        ],
        ("Steps that are open now, of cases that were opened in this period.", CALENDAR_TIME),
        "No step is open.",
    )  # fmt: skip
