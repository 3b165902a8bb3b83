"""What can be done with a case: begin it, finish a step, let time go on, and say that the other case is closed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from moothall.plain.actors import SYSTEM
from moothall.plain.errors import HouseError
from moothall.process.definition import TIME, Outcome, Step
from moothall.process.engine.answering import Answered, answered, merge, recall
from moothall.process.engine.choosing import (
    NONE_WAIVED,
    Unmet,
    choose,
    held_up,
    offered,
    on_offer,
    require,
    unmet,
    why_not,
    words_for,
)
from moothall.process.engine.moving import (
    COMPLETED,
    NOBODY,
    begin,
    close,
    finish,
    open_again,
    open_once_more,
    refresh,
)
from moothall.process.engine.state import Around, CaseState, Happening, StepRun
from moothall.process.errors import CaseClosed, NotYet, StepNotOpen

__all__ = [
    "COMPLETED",
    "NOBODY",
    "NONE_WAIVED",
    "Unmet",
    "begin",
    "close",
    "complete",
    "for_nobody",
    "merge",
    "offered",
    "open_again",
    "open_run",
    "other_closed",
    "refresh",
    "unmet",
    "wake",
    "why_not",
]


def complete(  # noqa: PLR0913 - each is one thing that somebody says
    case: CaseState,
    around: Around,
    *,
    step: str,
    given: Mapping[str, Any],
    outcome: str = "",
    text: str = "",
    waived: Mapping[int, str] = NONE_WAIVED,
) -> None:
    """Finish an open step with its answers and its outcome, and move the case on; refused whole if it may not be.

    `waived` says, by the number of a need of the step, why the step may be finished although it is not met.
    """
    run = open_run(case, step)
    asked = case.definition.steps[step]
    if reason := for_nobody(asked):
        raise NotYet(reasons=[reason])
    found = answered(case, asked, given, around, asked.needed(outcome))
    before = len(case.happened)
    try:
        require(case, run, found, around, waived)
        chosen = choose(case, asked, found, around, outcome)
        words = words_for(chosen, text)
    except HouseError:
        del case.happened[before:]
        raise
    finish(case, run, chosen, found, around, body={"text": words} if words else {})


def for_nobody(step: Step) -> str:
    """Return why nobody can do a step by themselves; empty if somebody can."""
    if step.vote is not None:
        return "It is decided by a vote."
    if step.by_time:
        return "Nobody has to do it: it goes on by itself when it is time."
    if step.by_other_case:
        return "Nobody has to do it: it goes on when the case that it opened is closed."
    return ""


def open_run(case: CaseState, step: str) -> StepRun:
    """Return the open run of a step; refuses if the case is closed or the step does not wait."""
    if case.status == "closed":
        raise CaseClosed(reference=case.reference)
    run = case.steps.get(step)
    if run is None or run.state != "open":
        known = case.definition.steps.get(step)
        raise StepNotOpen(title=known.title if known else step)
    return run


def wake(case: CaseState, around: Around) -> bool:
    """Do what time does: end the waits that are over, open again what is repeated; return whether there was anything.

    Each step is woken once at most: what has waited for a week opens once, not for each time that was missed.
    """
    house = replace(around, by=SYSTEM, staff_id=None, acts_as=frozenset({TIME}))
    woken: set[str] = set()
    while due := [
        (run.wake_at, run.key)
        for run in case.steps.values()
        if run.wake_at is not None and run.wake_at <= around.now and run.key not in woken
    ]:
        key = min(due)[1]
        woken.add(key)
        _wake(case, case.steps[key], house)
    return bool(woken)


def _wake(case: CaseState, run: StepRun, house: Around) -> None:
    step = case.definition.steps[run.key]
    if run.state == "done":
        open_once_more(case, step, house, run, NOBODY, "repeated")
        refresh(case, house)
        return
    found = recall(case, house)
    waited = Happening("waited", step.key, run.run, team_id=run.team_id)
    try:
        chosen = _by_time(case, run, found, house)
    except NotYet as error:
        run.wake_at, run.changed = None, True
        case.happened.append(replace(waited, body={"why_not": error.reasons}))
        return
    case.happened.append(waited)
    finish(case, run, chosen, found, house, body={})


def _by_time(case: CaseState, run: StepRun, found: Answered, house: Around) -> Outcome:
    """Return the outcome that time takes; what people have not done in time needs no more than that it is its turn."""
    step = case.definition.steps[run.key]
    if step.wait is not None and step.wait.then:
        if reasons := held_up(case, step):
            raise NotYet(reasons=reasons)
        return step.outcomes[step.wait.then]
    require(case, run, found, house)
    return _first(step, on_offer(case, step, found, house))


def _first(step: Step, options: list[Outcome], wanted: str = "") -> Outcome:
    """Return the outcome that the house takes: the one that is called so, else the first without a rule, or of all."""
    if not options:
        raise NotYet(reasons=[f"No outcome of “{step.title}” fits the answers."])
    named = [each for each in options if each.key == wanted]
    return next(iter([*named, *(each for each in options if not each.when), *options]))


def other_closed(case: CaseState, around: Around, step: str, ending: str) -> bool:
    """Finish the step that waits for another case, which has now ended so; return whether it still waited.

    Its outcome is the one that is called like the ending, else the first without a rule, else the first that fits.
    """
    asked, run = case.definition.steps[step], case.steps.get(step)
    if case.status == "closed" or run is None or run.state != "open" or not asked.by_other_case:
        return False
    house = replace(around, by=SYSTEM, staff_id=None, acts_as=frozenset({TIME}))
    found = recall(case, house)
    chosen = _first(asked, on_offer(case, asked, found, house), ending)
    finish(case, run, chosen, found, house, body={"ending": ending})
    return True
