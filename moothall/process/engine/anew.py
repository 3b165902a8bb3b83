"""Opening a closed case again: what waited when it was closed waits again, for whoever had it."""

from moothall.process.definition import Step
from moothall.process.engine.moving import NOBODY, advance, open_once_more, refresh
from moothall.process.engine.state import Around, CaseState


def open_anew(case: CaseState, around: Around) -> None:
    """Take back that a case was closed before its process was done; the steps that were open then open again.

    Each opens for the team and the person who had it last, as long as they work there, with a wait of its own from now
    on. Clocks go on by the law of one whose end is taken back: time in which it was not wanted counts, late stays late.
    """
    case.status, case.ending, case.closed_at = "open", "", None
    for step in case.definition.steps.values():
        if _was_open(case, step):
            open_once_more(case, step, around, case.steps[step.key], NOBODY)
    advance(case, around, NOBODY)
    refresh(case, around)


def _was_open(case: CaseState, step: Step) -> bool:
    """Say whether a step was open when the case was closed: it was cancelled although its turn had come."""
    run = case.steps.get(step.key)
    stopped = step.every is not None and bool(step.until) and case.settled(step.until)
    return run is not None and run.state == "cancelled" and not stopped and all(map(case.settled, step.after))
