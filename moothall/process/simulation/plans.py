"""Each step of a process made ready for trying: what to answer, which ways it may go, and who may do it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.process import cel
from moothall.process.definition import Definition, Field, Outcome, Step
from moothall.process.kinds import KINDS
from moothall.process.simulation.plausible import pools

Closure = Callable[[Mapping[str, Any]], Any]
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the rule by which it is put, the answers to try, and how rules read one."""

    key: str
    when: Closure | None
    optional: bool
    pool: tuple[Any, ...]
    known_as: Callable[[Any], Any]

    def may_be_left(self, outcome: Outcome | None) -> bool:
        """Whether an outcome can do without it."""
        return (
            self.optional if outcome is None or outcome.answers is None else self.key not in outcome.answers
        )


@dataclass(frozen=True, slots=True)
class Way:
    """One outcome, with the rule by which it is offered."""

    outcome: Outcome
    when: Closure | None
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Watch:
    """A need that is about who did what, and nothing else: it can be asked before any answer is given."""

    rule: Closure
    say: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One step, ready for trying. `waivable` says by the number of a need who may go on without it."""

    step: Step
    questions: tuple[Question, ...]
    ways: tuple[Way, ...]
    watches: tuple[Watch, ...]
    waivable: Mapping[int, frozenset[str]]

    @property
    def key(self) -> str:
        return self.step.key

    @property
    def chooses(self) -> bool:
        """Whether answers decide which ways there are."""
        return any(way.when is not None for way in self.ways)


def plans(definition: Definition, now: datetime) -> dict[str, Plan]:
    """Return the plan of each step."""
    tried = pools(definition, now)
    return {key: _plan(definition, step, tried) for key, step in definition.steps.items()}


def _plan(definition: Definition, step: Step, tried: Mapping[str, tuple[Any, ...]]) -> Plan:
    return Plan(
        step=step,
        questions=tuple(_question(definition.fields[key], tried[key]) for key in step.ask),
        ways=tuple(Way(each, _closure(each.when), frozenset(each.by)) for each in step.outcomes.values()),
        watches=tuple(
            Watch(cel.rule(need.rule).value, need.say)
            for need in step.need
            if _about_people(need.rule) and not need.waive
        ),
        waivable={index: frozenset(need.waive) for index, need in enumerate(step.need) if need.waive},
    )


def _question(field: Field, pool: tuple[Any, ...]) -> Question:
    return Question(field.key, _closure(field.when), field.optional, pool, KINDS[field.type].rule_value)


def _closure(rule: str) -> Closure | None:
    return cel.rule(rule).value if rule else None


def _about_people(rule: str) -> bool:
    return all(path[-1] == "by" for path in cel.rule(rule).names)
