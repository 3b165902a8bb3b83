"""Moving a case on: which step opens and for whom, which is not needed, what is done again, and when the case ends."""

from collections.abc import Iterable
from typing import Any

from moothall.process import cel
from moothall.process.definition import AGENT, RESIDENT, STAFF, Outcome, Pass, Step
from moothall.process.engine import clocks
from moothall.process.engine.answering import Answered, keep, pull_at_opening, reckon
from moothall.process.engine.choosing import kept_from
from moothall.process.engine.state import (
    Around,
    CaseState,
    Happening,
    Opening,
    StepRun,
    StepStatus,
    Telling,
    facts,
    signature,
)
from moothall.process.engine.waiting import set_wakes, stop_repeating

COMPLETED = "completed"
Holder = tuple[int | None, int | None]
_AGAIN = frozenset({"reset", "cancelled"})
NOBODY: Holder = (None, None)
"""Whose work something was: the team and the person."""


def begin(case: CaseState, around: Around) -> None:
    """Open the first steps of a new case; what it was given to begin with is in its data, with where it came from."""
    if case.definition.worked_out:
        found = Answered(case.data)
        reckon(case, found, around)
        keep(case, found)
    case.happened.append(Happening("started", body={"data": case.data}))
    advance(case, around, NOBODY)
    refresh(case, around)


def finish(
    case: CaseState,
    run: StepRun,
    outcome: Outcome,
    found: Answered,
    around: Around,
    *,
    body: dict[str, Any],
) -> None:
    """Settle the run, keep its answers, and follow its outcome. What several have voted on is nobody's own work."""
    personal = case.definition.steps[run.key].vote is None
    run.state, run.done_at, run.outcome, run.wake_at = "done", around.now, outcome.key, None
    run.done_by, run.changed = signature(around.by), True
    if personal:
        run.person_id = around.staff_id or run.person_id
    reckon(case, found, around)
    body = keep(case, found) | body
    case.happened.append(Happening("done", run.key, run.run, outcome.key, run.team_id, body))
    case.told += [Telling(who, "outcome", run.key, outcome.key) for who in outcome.tell]
    _hand_over(case, run, outcome)
    if outcome.end:
        close(case, around, outcome.end)
    else:
        holder = (run.team_id, around.staff_id) if personal else NOBODY
        if target := outcome.back or outcome.go:
            open_again(case, case.definition.steps[target], around, holder)
        advance(case, around, holder)
    refresh(case, around)


def refresh(case: CaseState, around: Around) -> None:
    """Bring the clocks and the waits up to date after something happened."""
    set_wakes(case, around)
    clocks.refresh(case, around)


def _hand_over(case: CaseState, run: StepRun, outcome: Outcome) -> None:
    """Note the cases that an outcome opens: a linked one, or the one whose team has accepted it."""
    step = case.definition.steps[run.key]
    if step.case and step.until == "accepted" and outcome.key == next(iter(step.outcomes)):
        case.openings.append(Opening(step.case, passed(case, step.passes), "child", run.key, run.run))
    if outcome.open:
        case.openings.append(Opening(outcome.open, passed(case, outcome.passes), "opened", run.key, run.run))


def passed(case: CaseState, passes: tuple[Pass, ...]) -> dict[str, Any]:
    """Return the answers that another case gets, under their names over there; what is not known is left out."""
    return {each.to: value for each in passes if (value := case.data.get(each.field)) is not None}


def close(case: CaseState, around: Around, ending: str) -> None:
    """Close the case: what is still open is cancelled."""
    for run in case.steps.values():
        if run.state == "open" or run.wake_at is not None:
            run.state = "cancelled" if run.state == "open" else run.state
            run.wake_at, run.changed = None, True
    case.status, case.ending, case.closed_at = "closed", ending, around.now
    case.happened.append(Happening("ended", outcome=ending))


def open_again(case: CaseState, step: Step, around: Around, holder: Holder) -> None:
    """Open a new run of a step for whoever had it last, and take back everything that came after it.

    If something before it is being done again just now, it opens in its turn.
    """
    last = case.steps.get(step.key)
    for key in case.definition.downstream[step.key] | {step.key}:
        run = case.steps.get(key)
        if run is not None and run.state in {"open", "done", "skipped"}:
            run.state, run.changed = ("cancelled" if run.state == "open" else "reset"), True
    if all(map(case.settled, step.after)):
        open_once_more(case, step, around, last, holder)


def open_once_more(
    case: CaseState, step: Step, around: Around, last: StepRun | None, holder: Holder, kind: str = "opened"
) -> None:
    """Open a step for the team and the person who had it last, as long as they work there."""
    team_id = team_of(case, step, around)
    if last is not None:
        holder = (last.team_id, last.person_id)
        if last.team_id is not None and last.team_id != team_id and around.still(last.team_id, None):
            team_id = last.team_id
    _open(case, step, around, team_id, holder, kind)


def advance(case: CaseState, around: Around, holder: Holder) -> None:
    """Open or skip every step whose turn has come, until nothing moves; close the case when all is settled.

    Only what is skipped can let others go on; and, with repeated steps, what opens.
    """
    repeats = bool(case.definition.repeated)
    moved = True
    while moved:
        moved = False
        if repeats:
            stop_repeating(case)
        for step in case.definition.ordered:
            run = case.steps.get(step.key)
            if (run is None or run.state in _AGAIN) and _turn(case, step, run):
                if _wanted(case, step, around):
                    _open(case, step, around, team_of(case, step, around), holder)
                    moved = moved or repeats
                else:
                    run = _new_run(case, step.key, "skipped", around)
                    case.happened.append(Happening("skipped", step.key, run.run))
                    moved = True
    if not _pending(case) and all(map(case.settled, case.definition.steps)):
        set_wakes(case, around)
        if not _pending(case):
            close(case, around, COMPLETED)


def _turn(case: CaseState, step: Step, run: StepRun | None) -> bool:
    """Say whether a step is to be opened or skipped now. What was stopped for good stays so."""
    for key in step.after:
        if not case.settled(key):
            return False
    stopped = run is not None and run.state == "cancelled" and step.every and step.until
    return not stopped or not case.settled(step.until)


def _wanted(case: CaseState, step: Step, around: Around) -> bool:
    """Say whether a step whose turn has come is needed; not if it is repeated until what is settled already."""
    if step.every and step.until and case.settled(step.until):
        return False
    return not step.when or cel.holds(step.when, facts(case, around.now))


def _pending(case: CaseState) -> bool:
    """Say whether anything is still to come of a step that has begun; the newest are the last."""
    return any(run.state == "open" or run.wake_at is not None for run in reversed(case.steps.values()))


def _open(
    case: CaseState, step: Step, around: Around, team_id: int | None, holder: Holder, kind: str = "opened"
) -> None:
    """Open a step for a team, and for the person of it who has just had the case, as long as they work there.

    Whom one of its needs keeps from doing it does not get it: their team does.
    """
    run = _new_run(case, step.key, "open", around)
    run.asks_requester = RESIDENT in step.by
    run.team_id = team_id
    team, person = holder
    if team_id is not None and team == team_id and person is not None and around.still(team_id, person):
        just_had_it = person == around.staff_id and kept_from(case, step, signature(around.by), around.now)
        run.person_id = None if just_had_it else person
    if step.person:
        name_person(case, run, around)
    case.happened.append(Happening(kind, step.key, run.run, team_id=team_id))
    if case.definition.pulled:
        pull_at_opening(case, step, around)
    if step.by_other_case:
        case.openings.append(Opening(step.case, passed(case, step.passes), "child", run.key, run.run))


def name_person(case: CaseState, run: StepRun, around: Around) -> None:
    """Let an open step fall to the very person whom its question was answered with, if they are of those who do it.

    In a team, not to one whom a need keeps from doing it: there others can, as they can where nobody is named.
    """
    step = case.definition.steps[run.key]
    answer = case.data.get(step.person) or {}
    named = answer.get("staff")
    if named and STAFF not in step.by:
        works = run.team_id is not None and around.still(run.team_id, named)
        kept = kept_from(case, step, f"user:{answer.get('user')}", around.now)
        named = named if works and not kept else None
    run.person_id, run.changed = named or None, True


def name_again(case: CaseState, keys: Iterable[str], around: Around) -> None:
    """Pass open steps to others whose question was answered anew outside a step."""
    for run in case.open_steps():
        if case.definition.steps[run.key].person in set(keys):
            name_person(case, run, around)


def _new_run(case: CaseState, key: str, state: StepStatus, around: Around) -> StepRun:
    last = case.steps.get(key)
    if last is not None:
        last.changed, last.wake_at = True, None
        case.superseded.append(last)
    run = StepRun(key=key, run=last.run + 1 if last else 1, state=state, opened_at=around.now)
    run.circle = case.definition.circle_of_step(key)
    case.steps[key] = run
    return run


def team_of(case: CaseState, step: Step, around: Around) -> int | None:
    """Return the team a step falls to: the first it names, else the owner's; none if only a resident or time does it.

    What is handed over to be accepted falls to the team that answers for the other process, unless it says to whom.
    """
    if step.by_time or step.by_other_case:
        return None
    teams = [code for code in step.by if code not in {RESIDENT, AGENT}]
    if not teams and RESIDENT in step.by:
        return None
    if not step.by and step.case:
        teams = [around.owner(step.case)]
    return next((team for code in [*teams, case.definition.owner] if (team := around.team(code))), None)
