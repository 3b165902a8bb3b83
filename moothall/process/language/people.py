"""Who is named in a process: who does a step, who is told, who may waive, and who may choose an outcome."""

import difflib
from collections.abc import Iterable, Iterator

from moothall.process.cel import RuleError, rule
from moothall.process.definition import AGENT, ANYBODY, RESIDENT, STAFF, TIME, Step
from moothall.process.definition.teams import NO_TEAMS, teams_of
from moothall.process.language.checking import Desk
from moothall.process.language.mistakes import did_you_mean

_SUPERVISOR, _TEAM = "supervisor", "team"
_NEAR = 0.8


def check_people(desk: Desk) -> None:
    """Note names that stand where they mean nothing, and names that look like a slip."""
    definition = desk.definition
    for step in definition.steps.values():
        _doers(desk, step)
        _choosers(desk, step)
        _waivers(desk, step)
        _person(desk, step)
        _asked_of_residents(desk, step)
    for where, names in _told(desk):
        for name in names:
            if name in (AGENT, STAFF, TIME, ANYBODY):
                wrong = f"“{name}” is nobody in particular, so nobody can be told."
                desk.report.wrong(where, wrong, "Name a team, or “requester”.")
    _slips(desk)


def _told(desk: Desk) -> Iterator[tuple[str, tuple[str, ...]]]:
    for key, step in desk.definition.steps.items():
        for outcome in step.outcomes.values():
            yield f"steps.{key}.outcomes.{outcome.key}.tell", outcome.tell
    for key, clock in desk.definition.clocks.items():
        yield f"clocks.{key}.late.tell", clock.late.tell


def _doers(desk: Desk, step: Step) -> None:
    first = step is desk.definition.first
    for name in step.by:
        if name in (TIME, ANYBODY, _SUPERVISOR) or (name == STAFF and not first and not step.person):
            wrong = (
                f"“{name}” cannot do a step."
                if name != STAFF
                else "A step falls to a team, not to all staff."
            )
            desk.report.wrong(f"steps.{step.key}.by", wrong, "Name a team, “requester” or “agent”.")


def _person(desk: Desk, step: Step) -> None:
    """Note where a step cannot fall to a person whom an answer names."""
    if not step.person:
        return
    where = f"steps.{step.key}.person"
    fields = desk.definition.fields
    field = fields.get(step.person)
    if step is desk.definition.first or step.vote or step.by_time or step.case or RESIDENT in step.by:
        wrong = "This step does not fall to one member of staff."
        desk.report.wrong(where, wrong, "Take “person” out, or let teams or “staff” do it.")
    if field is None or field.type != "staff":
        known = [key for key, each in fields.items() if each.type == "staff"]
        wrong = f"“{step.person}” is no question that is answered with a member of staff."
        desk.report.wrong(
            where, wrong, did_you_mean(step.person, known) or "Ask one of type staff before it."
        )
    elif field.key not in desk.known_before(step):
        wrong = f"“{field.key}” is not known yet when this step opens."
        desk.report.wrong(where, wrong, "Ask it in a step before this one.")


def _asked_of_residents(desk: Desk, step: Step) -> None:
    """Note where residents would be asked for a member of staff: whoever guesses a name learns who works there."""
    if desk.definition.service is None or RESIDENT not in step.by:
        return
    for number, key in enumerate(step.ask):
        field = desk.definition.fields.get(key)
        if field is not None and field.type == "staff":
            wrong = f"Residents are asked for “{key}”, and do not know who works for a council."
            desk.report.wrong(f"steps.{step.key}.ask.{number}", wrong, "Ask it in a step that staff do.")


def _choosers(desk: Desk, step: Step) -> None:
    """Note who may choose an outcome without doing the step; time may, where the step waits."""
    then = step.wait.then if step.wait else ""
    for key, outcome in step.outcomes.items():
        others = [who for who in outcome.by if who not in step.by]
        if others == [TIME] and key == then:
            continue
        if TIME in others:
            wrong = "Time takes an outcome only when a wait says so."
            instead = f"Write “wait: {{at most: 5 days, then: {key}}}”."
        elif others and (step.by or not step.case):
            wrong, instead = f"“{others[0]}” does not do this step.", did_you_mean(others[0], step.by)
        else:
            continue
        desk.report.wrong(f"steps.{step.key}.outcomes.{key}.by", wrong, instead)


def _waivers(desk: Desk, step: Step) -> None:
    for number, need in enumerate(step.need):
        if not need.waive:
            continue
        where = f"steps.{step.key}.need.{number}.waive"
        if any(name in (RESIDENT, STAFF, TIME, ANYBODY) for name in need.waive):
            wrong = "Only staff who answer for it may waive a rule."
            desk.report.wrong(where, wrong, "Name a team, “agent” or “supervisor”.")
        try:
            read = rule(need.rule).names
        except RuleError:
            continue
        if any(path[0] in desk.definition.steps and path[1:] == ("by",) for path in read):
            wrong = "This rule says who may do it: four eyes are never waived."
            desk.report.wrong(
                where, wrong, "Take “waive” out, or put the rule about “.by” into a need of its own."
            )


def _slips(desk: Desk) -> None:
    """Advise on a team that is named once, where one that does something has nearly the same name."""
    doing = {name for step in desk.definition.steps.values() for name in step.by} | {desk.definition.owner}
    known = {*doing, RESIDENT, "requester"} - {STAFF}
    for name, place in teams_of(desk.definition).items():
        if name not in known and (near := _near(name, known)):
            desk.report.advise(place, f"No step is done by “{name}”.", f"Did you mean “{near}”?")


def _near(name: str, known: Iterable[str]) -> str:
    plain = [each for each in known if not (each.startswith(f"{name}-") or name.startswith(f"{each}-"))]
    found = difflib.get_close_matches(name, plain, 1, _NEAR)
    return found[0] if found and name not in NO_TEAMS else ""
