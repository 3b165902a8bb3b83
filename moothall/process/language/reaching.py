"""Whether everything in a process can be reached, and whether it comes to an end."""

from collections.abc import Mapping
from typing import Any

from moothall.process.definition import Definition, Outcome, Step
from moothall.process.kinds import words
from moothall.process.language.checking import Desk
from moothall.process.language.deciding import Ground, never, without_outcome


def check_endings(desk: Desk) -> None:
    """Note steps after which nothing comes, and steps that nothing leads to."""
    steps = desk.definition.steps
    if not any(outcome.end for step in steps.values() for outcome in step.outcomes.values()):
        wrong = "No outcome of any step ends the case."
        desk.report.wrong("steps", wrong, "Give the last step an outcome with “end: …”.")
        return
    called = {outcome.go for step in steps.values() for outcome in step.outcomes.values()}
    for key, step in steps.items():
        for outcome in step.outcomes.values():
            if not _leads_on(desk.definition, step, outcome):
                wrong = f"Nothing comes after “{outcome.key}”, and it does not end the case."
                desk.report.wrong(f"steps.{key}", wrong, "Give the outcome “end: …” or “back: …”.")
        if step.on_demand and key not in called:
            wrong = "No outcome goes to it, so it can never open."
            desk.report.wrong(f"steps.{key}", wrong, f"Write “go: {key}” in an outcome, or take it out.")
        shut = [one for one in step.after if one in steps and not desk.order.goes_on(one)]
        if shut:
            wrong = f"It can never open: “{shut[0]}” always ends the case or goes back."
            desk.report.wrong(f"steps.{key}", wrong, "Give the step before it an outcome that goes on.")


def _leads_on(definition: Definition, step: Step, outcome: Outcome) -> bool:
    """Say whether something comes after an outcome; a step that is repeated for ever keeps the case open.

    Not if that step has called this one: to go to another ends its repetition.
    """
    if definition.followers[step.key] or step.every or outcome.end or outcome.back or outcome.go:
        return True
    callers = _callers(definition, step) if step.on_demand else set()
    return any(
        each.every and not each.until and each.key not in callers for each in definition.steps.values()
    )


def _callers(definition: Definition, step: Step) -> set[str]:
    """Return the steps that go to a step on demand, also by way of others on demand."""
    found: set[str] = set()
    waiting = [step.key]
    while waiting:
        target = waiting.pop()
        for each in definition.steps.values():
            if each.key not in found and any(outcome.go == target for outcome in each.outcomes.values()):
                found.add(each.key)
                waiting += [each.key] if each.on_demand else []
    return found


def check_reach(desk: Desk) -> None:
    """Note steps, questions and outcomes that no answers lead to, and answers that lead nowhere."""
    definition, ground = desk.definition, Ground(desk.definition, desk.order)
    for field in definition.fields.values():
        if never(ground, None, field.when):
            wrong = "Its rule never holds, so it is never asked."
            desk.report.wrong(f"fields.{field.key}.when", wrong, "Change the rule, or take the question out.")
    for step in definition.steps.values():
        path = f"steps.{step.key}"
        if never(ground, None, step.when):
            wrong = "Its rule never holds, so it never opens."
            desk.report.wrong(f"{path}.when", wrong, "Change the rule, or take the step out.")
            continue
        for number, need in enumerate(step.need):
            if never(ground, step, need.rule):
                wrong = "This rule never holds, so nobody can finish the step."
                desk.report.wrong(f"{path}.need.{number}.rule", wrong, "Change the rule.")
        _outcomes(desk, ground, step, path)


def _outcomes(desk: Desk, ground: Ground, step: Step, path: str) -> None:
    offered: dict[tuple[str, ...], str] = {}
    for key, outcome in step.outcomes.items():
        where = f"{path}.outcomes.{key}"
        if never(ground, step, outcome.when):
            wrong = "Its rule never holds, so it is never offered."
            desk.report.wrong(f"{where}.when", wrong, "Change the rule, or take the outcome out.")
        same = (outcome.when, outcome.end, outcome.back, outcome.go, outcome.open, *outcome.by)
        _needs(desk, ground, step, outcome)
        if outcome.when and offered.setdefault(same, key) != key:
            wrong = f"It is offered whenever “{offered[same]}” is, and does the same."
            desk.report.advise(where, wrong, "Change its rule, or what it does.")
    if step.wait is None and not step.vote and (answers := without_outcome(ground, step)):
        wrong = f"No outcome is offered if {_said(desk.definition, answers)}."
        note = desk.report.wrong if set(_inputs(desk, answers)) <= set(step.ask) else desk.report.advise
        note(f"{path}.outcomes", wrong, "Give one of the outcomes a rule that holds then, or none.")


def _needs(desk: Desk, ground: Ground, step: Step, outcome: Outcome) -> None:
    """Advise where an outcome asks fewer questions, and a need waits for one that is then not answered."""
    if outcome.answers is None:
        return
    left_out = frozenset(step.ask) - frozenset(outcome.answers) - desk.known_before(step)
    for need in step.need:
        if never(ground, step, need.rule, left_out):
            wrong = f"It may be chosen without all answers, but then “{need.say}” is in its way."
            instead = "Begin that rule with “!has(…) ||”, or add to “answers” what it reads."
            desk.report.advise(f"steps.{step.key}.outcomes.{outcome.key}.answers", wrong, instead)


def _inputs(desk: Desk, answers: Mapping[str, Any]) -> list[str]:
    """Return what would have to be answered here for the answers to be this step's own."""
    return [
        key for key in answers if key in desk.definition.steps or not desk.definition.fields[key].worked_out
    ]


def _said(definition: Definition, answers: Mapping[str, Any]) -> str:
    found = []
    for key, value in answers.items():
        if key in definition.steps:
            found.append(f"“{key}” turned out as “{value['outcome']}”")
            continue
        field = definition.fields[key]
        read = "missing" if value is None else f"“{words(field, value)}”" if field.of else _plain(value)
        found.append(f"“{field.name}” is {read}")
    return " and ".join(found)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "something else" if value == "\N{SNOWMAN}" else f"“{value}”"
