"""What an open step waits for beside people: a time, another case, a need that somebody may go on without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.process import cel, rules
from moothall.process.circles import Sight
from moothall.process.definition import Step
from moothall.process.engine.state import CaseState, StepRun
from moothall.process.permissions import Can
from moothall.process.queries.casefile import OpenStep


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a step that the viewer may go on without, with a reason.

    `early` is true if it is not met and the step's own questions cannot change that.
    """

    index: int
    say: str
    early: bool


def moment(at: datetime) -> str:
    """Return a time ahead with the name of its day; what begins with a day is said by the day alone."""
    local = at.astimezone(dates.LONDON)
    return dates.weekday(at) if local.time() == time() else f"{dates.weekday(at)} at {dates.time_of_day(at)}"


def waits(case: CaseState, step: Step, run: StepRun, seen: Sight) -> list[str]:
    """Return what time and other cases do with an open step, in sentences."""
    said = []
    told = step.wait is not None and (not step.wait.until or step.wait.until in seen.fields)
    if step.by_time and run.wake_at is not None:
        until = f"until {moment(run.wake_at)}" if told else "for a day that is not for you to see"
        said.append(f"Waits {until}. Then it goes on by itself.")
    if told and step.wait and step.wait.until:
        field = case.definition.fields[step.wait.until]
        said.append(f"It goes on earlier or later if “{field.name}” is changed.")
    if step.wait and step.wait.at_most and run.wake_at is not None:
        then = step.outcomes.get(step.wait.then)
        if then is not None:
            at = moment(run.wake_at)
            said.append(f"If nobody has done it by {at}, it turns out as “{then.title}” by itself.")
    if step.every is not None:
        end = case.definition.steps.get(step.until) if seen.step(step.until) else None
        until = f"until “{end.title}” is done" if end else "until the case is closed"
        said.append(f"It comes again every {_span(step)}, {until}.")
    if step.by_other_case:
        said.append("Waits until the case that was opened for it is closed.")
    return said


def _span(step: Step) -> str:
    assert step.every is not None
    words = str(step.every)
    return words.removeprefix("1 ") if step.every.count == 1 else words


def later(case: CaseState, seen: Sight) -> list[str]:
    """Return the repeated steps that are done for now, with when they come again."""
    return [
        f"{case.definition.steps[run.key].title}, again on {moment(run.wake_at)}"
        for run in case.steps.values()
        if run.state == "done" and run.wake_at is not None and seen.step(run.key, run.team_id)
    ]


def waivable(viewer: Viewer, case: CaseState, step: Step, open_step: OpenStep, seen: Sight) -> Sequence[Need]:
    """Return the needs of an open step that the viewer may waive, as the process names them."""
    if not open_step.may_act or step.vote is not None:
        return []
    supervises = gate.may(viewer, Can.SUPERVISE, case.council_id)
    am = rules.acts_as(viewer, case.council_id, step, open_step.team_id, supervises=supervises)
    return [
        Need(index, need.say, early=need.say in open_step.why_not and not _asks_here(need.rule, step))
        for index, need in enumerate(step.need)
        if not am.isdisjoint(need.waive) and not seen.hides(need.rule, case.definition)
    ]


def _asks_here(rule: str, step: Step) -> bool:
    return any(path[0] in step.ask for path in cel.rule(rule).names)
