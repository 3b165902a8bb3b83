"""Moving one case to another version of its process: whether it can be, what must be decided first, and the move.

A case can be moved as it is if every step that was done or waits is still there, every outcome that was chosen too, and
every answer has a question of the same type that still takes it. What is not so is a trouble; somebody chooses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from moothall.process.definition import NOTHING, RESIDENT, Clock, Definition, Field, Step
from moothall.process.engine import clocks
from moothall.process.engine.answering import keep, recall
from moothall.process.engine.moving import NOBODY, advance, refresh, team_of
from moothall.process.engine.spans import with_stretch
from moothall.process.engine.state import Around, CaseState, Happening, StepRun
from moothall.process.engine.targets import aim, calendar_of, target_of
from moothall.process.engine.waiting import set_wakes

ASIDE = "-"
"""As what something may become: nothing. A step that has run is set aside, an answer is kept in the history only."""

Kind = Literal["step", "outcome", "question", "answer", "ends", "waits", "opens"]
Choices = Mapping[str, str]
_RAN = frozenset({"open", "done"})
_CHOSEN_FROM = frozenset({"choice", "choices"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a case cannot be moved as it is. A choice is made about `key`: a step, `step.outcome`, or a question.

    It may become one of `options`, or be set aside if `may_drop`; without either, the case stays on its version.
    """

    kind: Kind
    key: str
    say: str
    options: tuple[str, ...] = ()
    may_drop: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """The version a case is moved to: its definition, its number in the database, and how people call it."""

    definition: Definition
    id: int
    number: int


def migrate(
    case: CaseState,
    target: Target,
    choices: Choices,
    around: Around,
    *,
    number: int,
    older: Mapping[str, StepRun] = NOTHING,
) -> list[Trouble]:
    """Move a case to another version, or return what is in the way; the state must then be thrown away.

    `number` is how people call the version it leaves, `older` are earlier runs of steps that become others. Clocks that
    run keep their due time; one that is new, and would be late already, counts from now. An open step stays with
    whoever has it, unless the process names another team.
    """
    if found := list(troubles(case, target.definition, choices)):
        return found
    old, new = case.definition, target.definition
    used = {key: to for key, to in choices.items() if _concerns(case, key)}
    body: dict[str, Any] = {"from": number, "to": target.number}
    body |= {"from_version": case.version_id, "to_version": target.id}
    gone = _answers(case, new, choices)
    was, meant = _steps(case, new, choices, older)
    case.definition, case.version_id, case.circle = new, target.id, new.circle
    _fit_clocks(case, old, around)
    case.happened.append(Happening("migrated", body=body))
    for key, run in case.steps.items():
        _fit(case, old, was.get(key, key), run, around)
    renamed = {to: case.data[to] for key, to in used.items() if key in old.fields and to in case.data}
    changed = keep(case, recall(case, around))
    body |= {"map": used} if used else {}
    body |= _said(renamed | changed.get("answers", {}), [*gone, *changed.get("dropped", ())])
    set_wakes(case, around)  # what no longer waits for a time holds nothing up
    advance(case, around, NOBODY)
    refresh(case, around)
    _not_late_at_once(case, around)
    if case.status == "closed" and not meant:
        return [
            Trouble("ends", "", "Nothing would be left to do, so the case would end at once.", may_drop=False)
        ]
    return []


def _said(answers: Mapping[str, Any], dropped: list[str]) -> dict[str, Any]:
    """Return what the history says of the answers, so that whoever reads it from its beginning comes to them."""
    found: dict[str, Any] = {"answers": dict(answers)} if answers else {}
    gone = sorted(set(dropped) - answers.keys())
    return found | ({"dropped": gone} if gone else {})


def troubles(case: CaseState, new: Definition, choices: Choices = NOTHING) -> Iterator[Trouble]:
    """Say what stands between a case and another version, where the choices do not settle it."""
    taken: dict[str, str] = {}
    for run in case.steps.values():
        if run.state in _RAN:
            yield from _of_step(case, new, run, choices, taken)
    for key, value in case.data.items():
        field = case.definition.fields.get(key)
        if field is not None and not _unasked(field):
            yield from _of_answer(case, new, field, value, choices)


def _of_step(
    case: CaseState, new: Definition, run: StepRun, choices: Choices, taken: dict[str, str]
) -> Iterator[Trouble]:
    old = case.definition.steps[run.key]
    target = choices.get(run.key, run.key)
    if target == ASIDE:
        return
    if target not in new.steps:
        options = tuple(key for key in new.steps if key not in case.definition.steps)
        yield Trouble("step", run.key, f"The step “{old.title}” is gone.", options)
        return
    if target in taken:
        said = f"“{old.title}” and “{taken[target]}” would become one step, and both have run."
        yield Trouble("step", run.key, said)
    taken[target] = old.title
    step = new.steps[target]
    if run.state == "open" and step.by_other_case and not old.by_other_case:
        said = f"“{old.title}” is open and would wait for another case, which was never opened."
        yield Trouble("waits", run.key, said)
    if run.state == "open" and run.votes and step.vote != old.vote:
        said = f"“{old.title}” is being voted on, and the new version votes on it in another way."
        yield Trouble("waits", run.key, said)
    outcome = choices.get(f"{run.key}.{run.outcome}", run.outcome)
    if run.state == "done" and outcome not in step.outcomes:
        titles = old.outcomes[run.outcome].title if run.outcome in old.outcomes else run.outcome
        said = f"“{step.title}” turned out as “{titles}”, and that outcome is gone."
        yield Trouble("outcome", f"{run.key}.{run.outcome}", said, tuple(step.outcomes), may_drop=False)


def _unasked(field: Field) -> bool:
    """Whether nobody has given the answer: it is worked out or looked up again, in whatever version."""
    return field.worked_out or bool(field.source)


def _of_answer(
    case: CaseState, new: Definition, old: Field, value: Any, choices: Choices
) -> Iterator[Trouble]:
    target = choices.get(old.key, old.key)
    if target == ASIDE:
        return
    field = new.fields.get(target)
    if field is None or (field.type != old.type and not _unasked(field)):
        gone = "is gone" if field is None else f"now takes another kind of answer ({field.type})"
        fitting = tuple(
            key for key, each in new.fields.items() if each.type == old.type and key not in case.data
        )
        yield Trouble("question", old.key, f"The question “{old.name}” {gone}, and it was answered.", fitting)
    elif target != old.key and case.data.get(target) is not None:
        yield Trouble("question", old.key, f"“{old.name}” and “{field.name}” are both answered.")
    elif field.type in _CHOSEN_FROM and not _unasked(field):
        known = {each.key for each in field.of}
        if lost := [each for each in (value if isinstance(value, list) else [value]) if each not in known]:
            words = next((each.words for each in old.of if each.key == lost[0]), lost[0])
            secret = old.secret or field.secret or case.circle
            which = "what" if secret else f"“{words}”, which"
            said = f"“{old.name}” was answered with {which} can no longer be chosen."
            yield Trouble("answer", old.key, said)


def _concerns(case: CaseState, key: str) -> bool:
    """Say whether a choice is about something that this case has."""
    step, _, outcome = key.partition(".")
    run = case.steps.get(step)
    if run is not None and run.state in _RAN:
        return not outcome or run.outcome == outcome
    return not outcome and key in case.definition.fields and case.data.get(key) is not None


def _answers(case: CaseState, new: Definition, choices: Choices) -> list[str]:
    """Take answers to their new questions; return the names under which there is none any more."""
    data: dict[str, Any] = {}
    origins: dict[str, Any] = {}
    gone: list[str] = []
    for key, value in case.data.items():
        old = case.definition.fields.get(key)
        target = choices.get(key, key) if old is not None else key
        field = new.fields.get(target)
        if target != key or field is None:
            gone.append(key)
        if field is not None and (old is None or field.type == old.type):
            data[target] = value
            if key in case.origins:
                origins[target] = case.origins[key]
        elif target == key:
            gone.append(key)
    case.data, case.origins = data, origins
    return gone


def _steps(
    case: CaseState, new: Definition, choices: Choices, older: Mapping[str, StepRun]
) -> tuple[dict[str, str], bool]:
    """Take the runs to the steps they become; return which key each had, and whether open work was set aside.

    A run that becomes another step's is counted on from the runs that step has had. A step that is still there, but
    whose run was set aside or has become another's, will be done anew.
    """
    moving: list[tuple[str, StepRun]] = []
    meant = False
    for key, run in list(case.steps.items()):
        target = choices.get(key, key) if run.state in _RAN else key
        if run.state == "done" and target in new.steps:
            outcome = choices.get(f"{key}.{run.outcome}", run.outcome)
            run.changed, run.outcome = run.changed or outcome != run.outcome, outcome
        if target == key and key in new.steps:
            continue
        del case.steps[key]
        if target in new.steps:
            moving.append((target, run))
            continue
        meant = meant or run.state == "open"
        run.state = "cancelled" if run.state == "open" else "reset"
        run.wake_at, run.changed = None, True
        if key in new.steps:
            case.steps[key] = run
        else:
            case.superseded.append(run)
    for _, run in moving:
        if run.key in new.steps and run.key in older:
            case.steps[run.key] = older[run.key]
    was: dict[str, str] = {}
    for target, run in moving:
        before = case.steps.get(target)
        if before is not None:
            before.changed = True
            case.superseded.append(before)
        was[target] = run.key
        run.key, run.run, run.changed = target, before.run + 1 if before else 1, True
        case.steps[target] = run
    return was, meant


def _fit(case: CaseState, old: Definition, key: str, run: StepRun, around: Around) -> None:
    """Let a run be as the new version has its step: who sees it, what time does, and whose it is while it is open."""
    circle = case.definition.circle_of_step(run.key)
    if run.circle != circle:
        run.circle, run.changed = circle, True
    step, before = case.definition.steps[run.key], old.steps.get(key)
    if run.wake_at is not None and step.wait is None and step.every is None:
        run.wake_at, run.changed = None, True
    if run.state != "open" or before is None or _whose(old, before) == _whose(case.definition, step):
        return
    asks, team_id = RESIDENT in step.by, team_of(case, step, around)
    was_theirs = run.team_id in {None, team_of(replace(case, definition=old), before, around)}
    run.asks_requester, run.changed = asks, True
    if team_id != run.team_id and (was_theirs or team_id is None):
        run.team_id, run.person_id = team_id, None


def _whose(definition: Definition, step: Step) -> tuple[Any, ...]:
    return step.by, definition.owner, step.by_time, step.by_other_case, step.case


def _fit_clocks(case: CaseState, old: Definition, around: Around) -> None:
    """End the clocks that the new version does not have; the others keep their time, whatever table it is by now."""
    for key, run in case.clocks.items():
        clock, before = case.definition.clocks.get(key), old.clocks.get(key)
        if not run.going or before is None:
            continue
        if clock is None:
            clocks.end(run, around, calendar_of(before, run, around), "")
        elif _table(clock) != _table(before) and (target := target_of(case, clock)) is not None:
            run.target, run.changed = target.choice, True


def _table(clock: Clock) -> str:
    return clock.targets.by if clock.targets else ""


def _not_late_at_once(case: CaseState, around: Around) -> None:
    """Let promises that begin with the move count from now where they would have been broken before they were made."""
    for run in case.clocks.values():
        if run.id is not None or run.state != "running" or run.due_at > around.now:
            continue
        clock = case.definition.clocks[run.key]
        if (target := target_of(case, clock)) is not None:
            started_at, run.started_at = run.started_at, around.now
            aim(clock, run, target, around)
            run.started_at, run.stood = started_at, with_stretch("", started_at, around.now)
    clocks.refresh(case, around)
