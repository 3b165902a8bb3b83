"""What waits for a time: when a wait is over, and when a repeated step opens again."""

from datetime import UTC, date, datetime
from typing import Any

from moothall.plain.days import begin_of
from moothall.process import answers
from moothall.process.definition import Step
from moothall.process.engine.spans import ends
from moothall.process.engine.state import Around, CaseState, Happening, StepRun


def set_wakes(case: CaseState, around: Around) -> None:
    """Set when time does something next with each step that waits or is repeated; nothing, once the case is closed."""
    for step in case.definition.timed:
        run = case.steps.get(step.key)
        if run is None:
            continue
        at = None
        if case.status == "open" and run.state == "open" and step.wait is not None:
            at = over(case, step, run, around)
        elif run.state == "done" and step.every is not None and goes_on(case, step, run):
            at = ends(step.every, around, run.opened_at)
        if run.wake_at != at:
            run.wake_at, run.changed = at, True


def over(case: CaseState, step: Step, run: StepRun, around: Around) -> datetime | None:
    """Return when the wait of an open step is over; None if the answer it waits for is not there."""
    assert step.wait is not None
    if step.wait.until:
        return moment(
            answers.rule_value(case.definition.fields[step.wait.until], case.data.get(step.wait.until))
        )
    span = step.wait.span or step.wait.at_most
    return None if span is None else ends(span, around, run.opened_at, step.wait.calendar)


def moment(value: Any) -> datetime | None:
    """Return when a day or a time begins, in UTC; a day begins at midnight in London.

    >>> moment(date(2026, 7, 1)).isoformat()
    '2026-06-30T23:00:00+00:00'
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return begin_of(value) if isinstance(value, date) else None


def goes_on(case: CaseState, step: Step, run: StepRun) -> bool:
    """Say whether a repeated step that is done will open again: nothing has put an end to it."""
    outcome = step.outcomes.get(run.outcome)
    if case.status == "closed" or (outcome is not None and (outcome.end or outcome.back or outcome.go)):
        return False
    return not step.until or not case.settled(step.until)


def stop_repeating(case: CaseState) -> None:
    """Put an end to each repeated step whose other step is settled: an open run of it is cancelled."""
    for step in case.definition.repeated:
        run = case.steps.get(step.key)
        if run is None or not step.until or not case.settled(step.until):
            continue
        if run.state == "open" or run.wake_at is not None:
            run.state, run.wake_at, run.changed = (
                "cancelled" if run.state == "open" else run.state,
                None,
                True,
            )
            case.happened.append(Happening("stopped", step.key, run.run, team_id=run.team_id))
