"""Trying a process with made-up cases, and counting what became of them."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TypeVar

from moothall.process.definition import Definition
from moothall.process.engine.state import CaseState, Pulled
from moothall.process.kinds import words
from moothall.process.kinds.colleagues import as_given
from moothall.process.simulation.crew import Roster
from moothall.process.simulation.people import People, enough
from moothall.process.simulation.plans import Plan, plans
from moothall.process.simulation.plausible import pulled
from moothall.process.simulation.report import Block, Ended, Endless, Report, Variant
from moothall.process.simulation.walking import Blocked, Walk

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""When every made-up case begins, unless it is said: a Monday morning."""
_FOUND = 0.85
Key = TypeVar("Key", bound=Hashable)
_LONGEST = 60
_OPENING = frozenset({"opened", "repeated"})


@as_given()
def simulate(
    definition: Definition,
    cases: int = 1000,
    seed: int = 0,
    people: People | None = None,
    now: datetime = START,
) -> Report:
    """Return what becomes of so many made-up cases of a process; the same seed gives the same report.

    Nothing is read or written. Without `people` there are as many as the process needs. Clocks are left out: they say
    when, never how a case goes.
    """
    if cases < 1:
        raise ValueError("at least one case is needed")
    dice = Random(seed)  # noqa: S311 - a simulation must be repeatable
    crew = people or enough(definition)
    sources = pulled(definition, now)

    def pull(_case: CaseState, source: str) -> Pulled | None:
        pool = sources.get(source)
        if not pool or dice.random() > _FOUND:
            return None
        return Pulled(pool[int(dice.random() * len(pool))], "made up", now)

    tried = replace(definition, clocks={})
    ready, roster = plans(tried, now), Roster(crew, now, pull)
    tally = Tally(tried, ready)
    for _ in range(cases):
        walk = Walk(tried, ready, roster, dice)
        walk.go()
        tally.add(walk)
    return tally.report(cases=cases, seed=seed, people=crew.words)


class Tally:
    """What became of the cases so far."""

    def __init__(self, definition: Definition, ready: Mapping[str, Plan]) -> None:
        self._definition, self._ready = definition, ready
        self._done = 0
        self._endings: Counter[str] = Counter()
        self._variants: Counter[tuple[tuple[str, ...], str]] = Counter()
        self._opened: set[str] = set()
        self._chosen: set[tuple[str, str]] = set()
        self._blocks: dict[tuple[str, bool], Counter[tuple[str, ...]]] = {}
        self._examples: dict[tuple[str, bool], Mapping[str, str]] = {}
        self._who: dict[str, str] = {}
        self._endless: Counter[tuple[str, ...]] = Counter()

    def add(self, walk: Walk) -> None:
        """Count one case."""
        case = walk.case
        path: list[str] = []
        for number, each in enumerate(case.happened):
            if each.kind == "done" and number < walk.happened:
                path.append(each.step)
                self._chosen.add((each.step, each.outcome))
            elif each.kind in _OPENING:
                self._opened.add(each.step)
        self._done += len(path)
        ending = case.ending if case.status == "closed" and not walk.blocked else ""
        self._variants[tuple(path), ending] += 1
        if ending:
            self._endings[ending] += 1
        elif walk.blocked:
            for key, blocked in walk.blocked.items():
                self._block(walk, key, blocked)
        else:
            self._endless[_round(path)] += 1

    def _block(self, walk: Walk, step: str, blocked: Blocked) -> None:
        case, place = walk.case, (step, blocked.staffing)
        self._who[step] = walk.who(step)
        self._blocks.setdefault(place, Counter())[blocked.reasons] += 1
        if place not in self._examples:
            self._examples[place] = {
                field.name: words(field, value)[:_LONGEST]
                for key, value in case.data.items()
                if (field := self._definition.fields.get(key)) is not None and field.name
            }

    def report(self, *, cases: int, seed: int, people: str) -> Report:
        """Return the report."""
        titles = {key: step.title for key, step in self._definition.steps.items()}
        outcomes = [
            (step.key, each.key, each.title)
            for step in self._definition.steps.values()
            for each in step.outcomes.values()
            if step.key in self._opened and (step.key, each.key) not in self._chosen
        ]
        blocks = [
            Block(
                step=step,
                title=titles[step],
                reasons=found.most_common(1)[0][0],
                cases=found.total(),
                staffing=staffing,
                who=self._who[step],
                example=self._examples[step, staffing],
            )
            for (step, staffing), found in self._blocks.items()
        ]
        return Report(
            process=self._definition.key,
            title=self._definition.title,
            cases=cases,
            seed=seed,
            people=people,
            done=self._done,
            endings=tuple(Ended(key, count) for key, count in _most(self._endings)),
            variants=tuple(Variant(path, end, count) for (path, end), count in _most(self._variants)),
            steps=titles,
            unreached_steps=tuple(key for key in titles if key not in self._opened),
            unreached_outcomes=tuple(outcomes),
            blocks=tuple(sorted(blocks, key=lambda block: (-block.cases, block.step))),
            endless=tuple(Endless(path, count) for path, count in _most(self._endless)),
        )


def _most(counted: Counter[Key]) -> list[tuple[Key, int]]:
    """Return what was counted, the most frequent first; of equals, in the order of their names."""
    return sorted(counted.items(), key=lambda each: (-each[1], str(each[0])))


def _round(path: list[str]) -> tuple[str, ...]:
    """Return the steps by which a long case went round, in the order of the last turn."""
    last = path[-1]
    since = [number for number, step in enumerate(path[:-1]) if step == last]
    return tuple(path[since[-1] + 1 :]) if since else (last,)
