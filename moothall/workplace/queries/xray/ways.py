"""The pages about the way cases went: done again, handed over, in which order, and out of the ordinary."""

from collections.abc import Sequence

from markupsafe import Markup

from moothall.look import charts
from moothall.look.jinja import plural
from moothall.process import picture, xray
from moothall.process.xray import Cohort
from moothall.workplace.queries.xray.sheets import (
    CALENDAR_TIME,
    HALF,
    NINE,
    TIMES,
    Column,
    Plate,
    Sheet,
    number,
    share,
    share_of,
    spread_cells,
    words,
)

_BY_TIME = {
    "repeated": "Opened again by time",
    "stopped": "Came to the end of its rounds",
    "waited": "Done because its time had come",
    "handed_over": "Opened a case of another process",
}
_HOTTEST = 4


def again(cohort: Cohort) -> Plate:
    """Return what had to be done again."""
    found = xray.rework(cohort)
    first = []
    if found.of:
        first.append(
            f"In {plural(found.cases, 'case')} of {found.of:,} ({share_of(found.cases, found.of)}) a step had to be"
            " done more than once."
        )
    return Plate(first, [_again_steps(found), _sent_back(found)])


def _sent_back(found: xray.Rework) -> Sheet:
    return Sheet(
        "back",
        "What sent cases back",
        (
            Column("Step"), Column("Outcome"), Column("Back to"), Column("Times", "number"),
            Column("Of the times the step was done", "share"),
        ),
        [
            (
                words(row.title),
                words(row.outcome_title),
                words(row.to),
                number(row.times, "done", step=row.step, outcome=row.outcome),
                share(row.times, row.of),
            )
            for row in found.back
        ],
        ("The outcomes by which the process takes a case back to an earlier step.",),
        "Nothing was sent back.",
    )  # fmt: skip


def _again_steps(found: xray.Rework) -> Sheet:
    return Sheet(
        "steps",
        "Steps that were done again",
        (Column("Step"), Column("Times done", "number"), Column("Of these again", "number"), Column("Share", "share")),
        [
            (words(row.title), number(row.done, "done", step=row.step), number(row.again, "again", step=row.step),
             share(row.again, row.done))
            for row in found.steps
        ],
        (
            ("A step is done again if it had been done in the same case before. Steps that come round by time, such as"
            " a review every month, are never counted as done again."),
        ),
        "No step has been done yet.",
        charts.bars(
            "How often each step was done: for the first time, and again",
            [
                charts.Bar(row.title, (row.done - row.again, row.again), f"{row.again:,} of {row.done:,}")
                for row in found.steps
            ],
        )
        if found.steps
        else "",
        [(charts.key_mark(0, bar=True), "First time in its case"), (charts.key_mark(1, bar=True), "Again")],
    )  # fmt: skip


def hand_overs(cohort: Cohort) -> Plate:
    """Return from which team to which work goes."""
    found = xray.hand_overs(cohort)
    first = []
    if found.cases and found.times:
        first.append(
            f"A case goes from one team to another {found.times / found.cases:.1f} times on average;"
            f" {plural(found.across, 'time')} in all to a team of another council."
        )
    return Plate(first, [_teams(found), _passed(found)])


def _passed(found: xray.HandOvers) -> Sheet:
    return Sheet(
        "passed",
        "Passed on and put back",
        (Column("Step"), Column("Passed on", "number"), Column("Put back", "number")),
        [
            (
                words(row.title),
                number(row.passed_on, "passed", step=row.step, kind="passed_on"),
                number(row.put_back, "passed", step=row.step, kind="put_back"),
            )
            for row in found.passed
        ],
        ("Passed on by hand to another team or person; put back for the team by whoever had taken it.",),
        "Nothing was passed on or put back by hand.",
    )


def _teams(found: xray.HandOvers) -> Sheet:
    return Sheet(
        "teams",
        "From team to team",
        (
            Column("From"), Column("To"), Column("Between councils"), Column("Times", "number"), *TIMES,
        ),
        [
            (
                words(f"{row.from_team} ({row.from_council})" if row.from_council else row.from_team),
                words(f"{row.to_team} ({row.to_council})" if row.to_council else row.to_team),
                words("Yes" if row.across else "No"),
                number(row.time.times, "handed", giver=str(row.giver), taker=str(row.taker)),
                *spread_cells(row.time),
            )
            for row in found.pairs
        ],
        (
            ("Work is handed over when a step is done by one team and the next step by another. The time runs from when"
            " the first is done until the second is. Steps that no team does are left out."),
            "“Between councils” means that the two teams belong to different councils, whichever they work for.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No work has gone from one team to another.",
        charts.bars(
            "Hand-overs from team to team",
            [
                charts.Bar(f"{row.from_team} → {row.to_team}", (row.time.times,), f"{row.time.times:,}")
                for row in found.pairs[:10]
            ],
        )
        if found.pairs
        else "",
    )  # fmt: skip


def ways(cohort: Cohort) -> Plate:
    """Return the ways that most cases went."""
    found = xray.routes(cohort)
    first = []
    if found.top:
        best = found.top[0]
        first.append(
            f"{plural(found.cases, 'closed case')} went {plural(found.different, 'different way')}."
            f" The most frequent one was taken by {share_of(best.cases, found.cases)} of them."
        )
    sheet = Sheet(
        "ways",
        "The most frequent ways",
        (
            Column("Steps that were done, in order"),
            Column("Cases", "number"),
            Column("Share", "share"),
            *TIMES,
        ),
        [
            (
                words(" → ".join(row.titles)),
                number(row.cases, "routes", like=str(row.like)),
                share(row.cases, found.cases),
                *spread_cells(row.time),
            )
            for row in found.top
        ],
        (
            (
                f"All steps that were done in a closed case, in their order. The {len(found.top)} most frequent of"
                f" {plural(found.different, 'way')} are shown."
            ),
            "Times run from when a case was opened until it was closed.",
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No case is closed yet.",
    )
    return Plate(first, [sheet])


def order(cohort: Cohort) -> Plate:
    """Return what was done after what, and the process as a picture with how often."""
    rows = xray.follows(cohort)
    first = []
    if rows:
        slow = max(rows, key=lambda row: row.time.half)
        first.append(
            f"Most often “{rows[0].following_title}” was done right after “{rows[0].title}”:"
            f" {plural(rows[0].time.times, 'time')}."
        )
        first.append(
            f"The longest way was from “{slow.title}” to “{slow.following_title}”: half within"
            f" {spread_cells(slow.time)[0].words}."
        )
    sheet = Sheet(
        "order",
        "What follows what",
        (Column("Step"), Column("Next step"), Column("Times", "number"), *TIMES),
        [
            (
                words(row.title),
                words(row.following_title),
                number(row.time.times, "follows", step=row.step, following=row.following),
                *spread_cells(row.time),
            )
            for row in rows
        ],
        (
            (
                "Each pair of steps that were done one right after the other in the same case; the time runs from"
                " when the first was done until the second was. Tools for process mining call it the directly-follows"
                " graph."
            ),
            (
                "The picture shows the process as it is now, and how often each step was done with one before it (the"
                " first, with one after it): the darker, the more."
            ),
            CALENDAR_TIME,
            HALF,
            NINE,
        ),
        "No two steps have been done in a case yet.",
        wide=_picture(cohort, rows),
    )
    return Plate(first, [sheet])


def _picture(cohort: Cohort, rows: Sequence[xray.Follows]) -> str:
    """Return the process with its heat; none where a step of it is not the viewer's to know."""
    if not rows or cohort.hidden:
        return ""
    times: dict[str, int] = {}
    for row in rows:
        times[row.following] = times.get(row.following, 0) + row.time.times
    first = cohort.words.definition.first.key
    times[first] = max(times.get(first, 0), sum(row.time.times for row in rows if row.step == first))
    most = max(times.values())
    counts = picture.Counts(
        steps={
            key: picture.Mark(f"{count:,} times", min(_HOTTEST, (_HOTTEST + 1) * count // (most + 1)))
            for key, count in times.items()
        }
    )
    return Markup(picture.svg(cohort.words.definition, counts=counts, name="heat"))  # noqa: S704 - it escapes


def exceptions(cohort: Cohort) -> Plate:
    """Return rules that were set aside, votes, and what time did by itself."""
    found = xray.exceptions(cohort)
    times = sum(row.times for row in found.waived)
    first = [
        f"Rules were set aside {plural(times, 'time')}, each with a reason."
        if times
        else "No rule was set aside."
    ]
    return Plate(first, [_waived(found), _votes(found), _by_time(found)])


def _by_time(found: xray.Exceptions) -> Sheet:
    return Sheet(
        "time",
        "What happened by itself",
        (Column("Step"), Column("What happened"), Column("Times", "number")),
        [
            (
                words(row.title),
                words(_BY_TIME.get(row.kind, row.kind)),
                number(row.times, "time", step=row.step, kind=row.kind),
            )
            for row in found.by_time
        ],
        ("What time did without anybody, and how often a step opened a case of another process.",),
        "Nothing happened by itself.",
    )


def _votes(found: xray.Exceptions) -> Sheet:
    return Sheet(
        "votes",
        "Votes",
        (
            Column("Step"),
            Column("Decided"),
            Column("Times", "number"),
            Column("Votes cast, however decided", "number"),
        ),
        [
            (
                words(row.title),
                words(title),
                number(count, "done", step=row.step, outcome=outcome),
                number(row.votes, "time", step=row.step, kind="voted"),
            )
            for row in found.votes
            for outcome, title, count in row.outcomes
        ],
        (
            "How steps that are decided by a vote turned out. A vote that was changed counts each time it was cast.",
        ),
        "No vote was taken.",
    )


def _waived(found: xray.Exceptions) -> Sheet:
    return Sheet(
        "waived",
        "Rules that were set aside",
        (
            Column("Step"),
            Column("Rule"),
            Column("Times", "number"),
            Column("Of the times the step was done", "share"),
        ),
        [
            (
                words(row.title),
                words(row.rule or "A rule that is not for you to see"),
                number(row.times, "waived", step=row.step, rule=row.rule),
                share(row.times, row.of),
            )
            for row in found.waived
        ],
        (
            (
                "Whoever the process allows may go on although a rule is not met, and writes down why. The reasons"
                " stand in the history of each case. A rule that is often set aside may be the wrong rule."
            ),
        ),
        "No rule was set aside.",
    )
