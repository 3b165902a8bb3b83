"""What a hand-over to another process may get wrong: what is passed, who accepts, and whether the other one exists."""

from collections.abc import Mapping

from moothall.process.definition import Definition, Pass, Step
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import Mistake, Report, did_you_mean

_BOTH = 2
Processes = Mapping[str, Definition]
_WORDS = {"text", "paragraph"}
"""Types of which each takes what the other has."""


def held_against(definition: Definition, processes: Processes, *, publishing: bool) -> tuple[Mistake, ...]:
    """Return what is wrong with what a process hands over, held against the processes that there are.

    One that is missing is a mistake when `publishing`, and advice otherwise. The lines are those of no file.
    """
    desk = Desk(definition, Report(""))
    for step in definition.steps.values():
        _compared(desk, step, processes, publishing=publishing)
    return tuple(desk.report.mistakes)


def _compared(desk: Desk, step: Step, processes: Processes, *, publishing: bool) -> None:
    path = f"steps.{step.key}"
    if step.case:
        _other(desk, f"{path}.case", step.passes, _known(desk, step.case, processes), publishing=publishing)
        if step.case in processes and step.by_other_case:
            _endings(desk, step, processes[step.case])
    for outcome in step.outcomes.values():
        if outcome.open:
            where = f"{path}.outcomes.{outcome.key}.open"
            found = _known(desk, outcome.open, processes)
            _other(desk, where, outcome.passes, found, publishing=publishing)


def _known(desk: Desk, key: str, processes: Processes) -> Definition | str:
    """Return another process, or its name if there is none; the one under examination may name itself."""
    return desk.definition if key == desk.definition.key else processes.get(key, key)


def check_case(desk: Desk, step: Step, processes: Processes | None, *, publishing: bool) -> None:
    """Note what is wrong with a step that hands work over, and with outcomes that open another case."""
    path = f"steps.{step.key}"
    if step.case:
        _hand_over(desk, step, path)
        known = desk.known_before(step) if step.by_other_case else desk.known_after(step)
        _passed(desk, path, step.passes, known, step)
    elif step.passes:
        wrong = "There is no other case that it could be passed to."
        desk.report.wrong(f"{path}.pass", wrong, "Write “case: the-process” too, or take “pass” out.")
    for outcome in step.outcomes.values():
        where = f"{path}.outcomes.{outcome.key}"
        if outcome.open:
            _passed(desk, where, outcome.passes, desk.known_after(step), step)
        elif outcome.passes:
            wrong = "It opens no case that this could be passed to."
            desk.report.wrong(f"{where}.pass", wrong, "Write “open: the-process” too, or take “pass” out.")
    if processes is not None:
        _compared(desk, step, processes, publishing=publishing)


def _hand_over(desk: Desk, step: Step, path: str) -> None:
    wrong = desk.report.wrong
    if step is desk.definition.first:
        wrong(f"{path}.case", "The first step starts this case.", "Hand it over in a later step.")
    if not step.by_other_case:
        _hand_shake(desk, step, path)
        return
    for key, there in (("by", step.by), ("ask", step.ask), ("need", step.need)):
        if there:
            instead = f"Take “{key}” out, or write “until: accepted”."
            wrong(
                f"{path}.{key}", "It is done when the other case is closed, and nobody does it here.", instead
            )


def _hand_shake(desk: Desk, step: Step, path: str) -> None:
    """Note what is wrong with a step that another team accepts or refuses."""
    chosen = [key for key in step.outcomes if step.wait is None or key != step.wait.then]
    if len(chosen) != _BOTH:
        wrong = "Whoever gets it accepts or refuses it: that takes two outcomes, in this order."
        desk.report.wrong(f"{path}.case", wrong, "Write “outcomes: {accepted: {…}, refused: {back: …}}”.")
        return
    accepted, refused = (step.outcomes[key] for key in chosen)
    if accepted.back:
        wrong = f"“{accepted.key}” is the first outcome, by which the other team takes it over; it cannot go back."
        desk.report.wrong(f"{path}.outcomes.{accepted.key}.back", wrong, "Put the refusal second.")
    if not any(clock.until == step.key for clock in desk.definition.clocks.values()):
        wrong = "No clock ends with it, so a hand-over may fall between two teams."
        instead = f"Add a clock with “until: {step.key}”."
        desk.report.advise(f"{path}.case", wrong, instead)
    if not (refused.back or refused.end or refused.go or desk.definition.followers[step.key]):
        wrong = f"If they refuse (“{refused.key}”), nothing comes after it."
        desk.report.advise(
            f"{path}.outcomes.{refused.key}", wrong, "Write “back: …” to the step that decided."
        )


def _passed(desk: Desk, path: str, passes: tuple[Pass, ...], known: set[str], step: Step) -> None:
    fields = desk.definition.fields
    names: set[str] = set()
    for number, each in enumerate(passes):
        where = next(
            (
                place
                for place in (f"{path}.pass.{each.field}", f"{path}.pass.{number}")
                if place in desk.report.lines
            ),
            f"{path}.pass",
        )
        if each.field not in fields:
            desk.report.wrong(where, f"There is no field “{each.field}”.", did_you_mean(each.field, fields))
        elif each.field not in known:
            wrong = f"“{each.field}” is passed on here, but nothing before “{step.key}” asks it."
            desk.report.wrong(where, wrong, "Ask it earlier, or take it out here.")
        if each.to in names:
            desk.report.wrong(where, f"“{each.to}” is passed on twice.", "Give each its own name over there.")
        names.add(each.to)


def _other(
    desk: Desk, where: str, passes: tuple[Pass, ...], other: Definition | str, *, publishing: bool
) -> None:
    """Hold what is passed on against the fields of the other process."""
    if isinstance(other, str):
        note = desk.report.wrong if publishing else desk.report.advise
        wrong = (
            f"No process “{other}” is published." if publishing else f"There is no process “{other}” here."
        )
        note(where, wrong, f"Publish “{other}” first, or take it out here.")
        return
    path = where.rpartition(".")[0]
    for each in passes:
        here, there = desk.definition.fields.get(each.field), other.fields.get(each.to)
        if there is None:
            wrong = f"“{other.title}” has no field “{each.to}”, so the answer would be lost."
            near = did_you_mean(each.to, other.fields) or "Hand over what it asks."
            desk.report.wrong(f"{path}.pass", wrong, near)
        elif here is not None and here.type != there.type and {here.type, there.type} != _WORDS:
            wrong = (
                f"“{each.field}” is a {here.type} here, and “{each.to}” of “{other.title}” is a {there.type}."
            )
            desk.report.wrong(f"{path}.pass", wrong, "Give both the same type.")
        elif here is not None and here.circle and not (there.circle or other.private):
            wrong = f"“{each.field}” is private here, and everybody reads “{each.to}” of “{other.title}”."
            desk.report.advise(f"{path}.pass", wrong, "Do not pass it on, or make it private there.")


def _endings(desk: Desk, step: Step, other: Definition) -> None:
    """Compare the outcomes of a step that waits for another case with the ways in which that may end."""
    endings = {outcome.end for each in other.steps.values() for outcome in each.outcomes.values()} - {""}
    plain = [outcome for outcome in step.outcomes.values() if not outcome.when]
    if len(step.outcomes) == 1 and plain:
        return
    for key in step.outcomes:
        if key not in endings:
            wrong = f"“{other.title}” never ends with “{key}”."
            desk.report.advise(f"steps.{step.key}.outcomes.{key}", wrong, did_you_mean(key, sorted(endings)))
