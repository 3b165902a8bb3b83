"""Moving a case on: which step opens, which is not needed, what must be so before one is finished."""

from collections.abc import Collection, Mapping
from typing import Any

from moothall.process import answers, cel
from moothall.process.definition import AGENT, RESIDENT, Outcome, Step
from moothall.process.engine import clocks
from moothall.process.engine.state import (
    Around,
    CaseState,
    Happening,
    StepRun,
    StepStatus,
    Telling,
    facts,
    signature,
)
from moothall.process.errors import AnswersRefused, CaseClosed, ChooseAnOutcome, NotYet, SayWhy, StepNotOpen

COMPLETED = "completed"
Holder = tuple[int | None, int | None]
NOBODY: Holder = (None, None)
"""Whose work something was: the team and the person."""


def begin(case: CaseState, around: Around) -> None:
    """Open the first steps of a new case."""
    case.happened.append(Happening("started", body={"data": case.data}))
    _advance(case, around, NOBODY)
    clocks.refresh(case, around)


def complete(
    case: CaseState,
    around: Around,
    *,
    step: str,
    given: Mapping[str, Any],
    outcome: str = "",
    text: str = "",
) -> None:
    """Finish an open step with its answers and its outcome, and move the case on; refused whole if it may not be."""
    run = open_run(case, step)
    asked = case.definition.steps[step]
    merged = merge(case, asked, given, around, asked.needed(outcome))
    if reasons := unmet(case, asked, merged, around):
        raise NotYet(reasons=reasons)
    chosen = _choose(case, asked, merged, around, outcome)
    if chosen.need_text and not text.strip():
        raise SayWhy({"text": [chosen.text_missing]}, ask=chosen.text_missing)
    _finish(case, run, chosen, merged, text.strip(), around)


def open_run(case: CaseState, step: str) -> StepRun:
    """Return the open run of a step; refuses if the case is closed or the step does not wait."""
    if case.status == "closed":
        raise CaseClosed(reference=case.reference)
    run = case.steps.get(step)
    if run is None or run.state != "open":
        known = case.definition.steps.get(step)
        raise StepNotOpen(title=known.title if known else step)
    return run


def merge(
    case: CaseState,
    step: Step,
    given: Mapping[str, Any],
    around: Around,
    needed: Collection[str] | None = None,
) -> dict[str, Any]:
    """Return the data of the case with these answers in it, cleaned; what they leave hidden or empty is dropped.

    Refuses answers that the step does not ask for, a wrong one, and a missing one that is neither optional nor
    hidden (`needed` narrows which must be given). What is not given stays as it was.
    """
    if strange := [key for key in given if key not in step.ask]:
        raise AnswersRefused({key: ["This question is not asked here."] for key in strange})
    merged = dict(case.data)
    if not step.ask:
        return merged
    raw = {key: given[key] if key in given else case.data.get(key) for key in step.ask}
    taken, wrong = answers.check(case.definition, step.ask, raw, _seen(case, step, merged, around), needed)
    kept = {key for key in wrong if key not in given and not _must(case, key, needed)}
    if wrong.keys() - kept:
        raise AnswersRefused({key: [error.sentence] for key, error in wrong.items() if key not in kept})
    for key, value in taken.items():
        if value is not None:
            merged[key] = value
        elif key not in kept:
            merged.pop(key, None)
    return merged


def _must(case: CaseState, key: str, needed: Collection[str] | None) -> bool:
    """Whether an answer must be there, and be good today; an older one that is not needed may have gone stale."""
    return not case.definition.fields[key].optional if needed is None else key in needed


def _seen(case: CaseState, step: Step, merged: Mapping[str, Any], around: Around) -> dict[str, Any]:
    return facts(case, around.now, merged, **{step.key: signature(around.by)})


def unmet(case: CaseState, step: Step, merged: Mapping[str, Any], around: Around) -> list[str]:
    """Return why a step may not be finished yet: the sentence of each need whose rule is not true."""
    if not step.need:
        return []
    seen = _seen(case, step, merged, around)
    return [need.say for need in step.need if not cel.holds(need.rule, seen)]


def offered(case: CaseState, step: Step, merged: Mapping[str, Any], around: Around) -> list[Outcome]:
    """Return the outcomes that these answers allow, to somebody who acts as this."""
    outcomes = step.outcomes.values()
    seen = _seen(case, step, merged, around) if any(each.when for each in outcomes) else {}
    return [
        each
        for each in outcomes
        if (not each.by or around.acts_as is None or not around.acts_as.isdisjoint(each.by))
        and cel.holds(each.when, seen)
    ]


def why_not(case: CaseState, source: str, seen: Mapping[str, Any]) -> list[str]:
    """Return what a rule still wants, in sentences for the person in front of it."""
    return cel.why_not(cel.rule(source), seen, answers.labels(case.definition)) if source else []


def _choose(case: CaseState, step: Step, merged: Mapping[str, Any], around: Around, wanted: str) -> Outcome:
    options = offered(case, step, merged, around)
    if wanted:
        for each in options:
            if each.key == wanted:
                return each
        known = step.outcomes.get(wanted)
        reasons = why_not(case, known.when, _seen(case, step, merged, around)) if known else []
        raise NotYet(reasons=reasons or ["That outcome is not open to you with these answers."])
    if len(options) == 1:
        return options[0]
    if not options:
        raise NotYet(
            reasons=["No outcome fits these answers. Check the answers, or tell the process's owner."]
        )
    choices = ", ".join(each.title for each in options)
    raise ChooseAnOutcome({"outcome": [f"Choose what happens next: {choices}."]}, choices=choices)


def _finish(
    case: CaseState, run: StepRun, outcome: Outcome, merged: dict[str, Any], text: str, around: Around
) -> None:
    """Settle the run, keep its answers, and follow its outcome."""
    changed = {key: value for key, value in merged.items() if case.data.get(key) != value}
    dropped = [key for key in case.data if key not in merged]
    case.data = merged
    run.state, run.done_at, run.outcome = "done", around.now, outcome.key
    run.done_by, run.changed = signature(around.by), True
    run.person_id = around.staff_id or run.person_id
    body: dict[str, Any] = {"answers": changed} if changed else {}
    if dropped:
        body["dropped"] = sorted(dropped)
    if text:
        body["text"] = text
    case.happened.append(Happening("done", run.key, run.run, outcome.key, run.team_id, body))
    case.told += [Telling(who, "outcome", run.key, outcome.key) for who in outcome.tell]
    if outcome.end:
        close(case, around, outcome.end)
    else:
        holder = (run.team_id, around.staff_id)
        if target := outcome.back or outcome.go:
            _open_again(case, case.definition.steps[target], around, holder)
        _advance(case, around, holder)
    clocks.refresh(case, around)


def close(case: CaseState, around: Around, ending: str) -> None:
    """Close the case: what is still open is cancelled."""
    for run in case.open_steps():
        run.state, run.changed = "cancelled", True
    case.status, case.ending, case.closed_at = "closed", ending, around.now
    case.happened.append(Happening("ended", outcome=ending))


def _open_again(case: CaseState, step: Step, around: Around, holder: Holder) -> None:
    """Open a new run of a step for whoever had it last, and take back everything that came after it.

    If something before it is being done again just now, it opens in its turn.
    """
    last = case.steps.get(step.key)
    for key in case.definition.downstream[step.key] | {step.key}:
        run = case.steps.get(key)
        if run is not None and run.state in {"open", "done", "skipped"}:
            run.state, run.changed = ("cancelled" if run.state == "open" else "reset"), True
    if not all(map(case.settled, step.after)):
        return
    team_id = _team(case, step, around)
    if last is not None:
        holder = (last.team_id, last.person_id)
        if last.team_id is not None and last.team_id != team_id and around.still(last.team_id, None):
            team_id = last.team_id
    _open(case, step, around, team_id, holder)


def _advance(case: CaseState, around: Around, holder: Holder) -> None:
    """Open or skip every step whose turn has come, until nothing moves; close the case when all is settled."""
    moved = True
    while moved:
        moved = False
        for step in case.definition.steps.values():
            run = case.steps.get(step.key)
            if step.on_demand:
                continue
            if (run is None or run.state in {"reset", "cancelled"}) and all(map(case.settled, step.after)):
                if not step.when or cel.holds(step.when, facts(case, around.now)):
                    _open(case, step, around, _team(case, step, around), holder)
                else:
                    _skip(case, step, around)
                moved = True
    if all(case.settled(key) for key in case.definition.steps):
        close(case, around, COMPLETED)


def _skip(case: CaseState, step: Step, around: Around) -> None:
    run = _new_run(case, step.key, "skipped", around)
    case.happened.append(Happening("skipped", step.key, run.run))


def _open(case: CaseState, step: Step, around: Around, team_id: int | None, holder: Holder) -> None:
    """Open a step for a team, and for the person of it who has just had the case, as long as they work there."""
    run = _new_run(case, step.key, "open", around)
    run.asks_requester = RESIDENT in step.by
    run.team_id = team_id
    team, person = holder
    if team_id is not None and team == team_id and person is not None and around.still(team_id, person):
        run.person_id = person
    case.happened.append(Happening("opened", step.key, run.run, team_id=team_id))


def _new_run(case: CaseState, key: str, state: StepStatus, around: Around) -> StepRun:
    last = case.steps.get(key)
    if last is not None:
        last.changed = True
        case.superseded.append(last)
    run = StepRun(key=key, run=last.run + 1 if last else 1, state=state, opened_at=around.now)
    run.circle = case.definition.circle_of_step(key)
    case.steps[key] = run
    return run


def _team(case: CaseState, step: Step, around: Around) -> int | None:
    """Return the team a step falls to: the first it names, else the owner's; none if only a resident does it."""
    teams = [code for code in step.by if code not in {RESIDENT, AGENT}]
    if not teams and RESIDENT in step.by:
        return None
    return next((team for code in [*teams, case.definition.owner] if (team := around.team(code))), None)
