"""The teams that a process names, by what they do: which they are, and the process with others in their place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from moothall.process.definition.parts import AGENT, ANYBODY, RESIDENT, STAFF, TIME, Clock, Field, Step
from moothall.process.definition.whole import Definition

NO_TEAMS = frozenset({RESIDENT, "requester", AGENT, STAFF, TIME, ANYBODY, "team", "supervisor"})
"""Words that stand where a team may, and are none."""


def teams_of(definition: Definition) -> dict[str, str]:
    """Return every team that a process names, each with the place where it first does (`steps.check.by`)."""
    found: dict[str, str] = {}
    for place, names in _places(definition):
        for name in names:
            if name not in NO_TEAMS:
                found.setdefault(name, place)
    return found


def _places(definition: Definition) -> Iterator[tuple[str, Iterable[str]]]:
    yield "owner", (definition.owner,)
    yield "start", definition.start
    yield "private", definition.private
    for key, field in definition.fields.items():
        yield f"fields.{key}.private", field.circle
        yield f"fields.{key}.amend", field.amend
    for key, step in definition.steps.items():
        yield f"steps.{key}.by", step.by
        yield f"steps.{key}.private", step.circle
        if step.vote is not None:
            yield f"steps.{key}.vote.of", step.vote.of
            yield f"steps.{key}.vote.veto", step.vote.veto
        for number, need in enumerate(step.need):
            yield f"steps.{key}.need.{number}.waive", need.waive
        for outcome in step.outcomes.values():
            yield f"steps.{key}.outcomes.{outcome.key}.by", outcome.by
            yield f"steps.{key}.outcomes.{outcome.key}.tell", outcome.tell
    for key, clock in definition.clocks.items():
        yield f"clocks.{key}.late.tell", clock.late.tell


def with_teams(definition: Definition, others: Mapping[str, str]) -> Definition:
    """Return the process with other teams in the place of those named; nobody is named twice in one list."""
    if not others:
        return definition
    return replace(
        definition,
        owner=others.get(definition.owner, definition.owner),
        start=_named(definition.start, others),
        private=_named(definition.private, others),
        fields={key: _field(each, others) for key, each in definition.fields.items()},
        steps={key: _step(each, others) for key, each in definition.steps.items()},
        clocks={key: _clock(each, others) for key, each in definition.clocks.items()},
    )


def _named(names: tuple[str, ...], others: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(others.get(name, name) for name in names))


def _field(field: Field, others: Mapping[str, str]) -> Field:
    return replace(field, circle=_named(field.circle, others), amend=_named(field.amend, others))


def _step(step: Step, others: Mapping[str, str]) -> Step:
    vote = step.vote
    return replace(
        step,
        by=_named(step.by, others),
        circle=_named(step.circle, others),
        vote=vote and replace(vote, of=_named(vote.of, others), veto=_named(vote.veto, others)),
        need=tuple(replace(need, waive=_named(need.waive, others)) for need in step.need),
        outcomes={
            key: replace(each, by=_named(each.by, others), tell=_named(each.tell, others))
            for key, each in step.outcomes.items()
        },
    )


def _clock(clock: Clock, others: Mapping[str, str]) -> Clock:
    return replace(clock, late=replace(clock.late, tell=_named(clock.late.tell, others)))
