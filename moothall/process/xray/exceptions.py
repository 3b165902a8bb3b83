"""What was out of the ordinary: rules set aside with a reason, votes, what time did by itself, and how cases ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moothall.process.rules import ENDINGS
from moothall.process.xray.asking import Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS


@dataclass(frozen=True, slots=True)
class Waived:
    """How often a rule was set aside, of how often its step was done."""

    step: str
    title: str
    rule: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Voted:
    """A step that is decided by a vote: how many votes were cast, and how often it was decided which way."""

    step: str
    title: str
    votes: int
    outcomes: Sequence[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class ByTime:
    """What happened to a step without anybody doing it, and how often."""

    step: str
    title: str
    kind: str
    times: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How often cases ended in one way, and how long they were open. `early` is before their process was done."""

    ending: str
    title: str
    early: bool
    time: Spread


@dataclass(frozen=True, slots=True)
class Exceptions:
    waived: Sequence[Waived]
    votes: Sequence[Voted]
    by_time: Sequence[ByTime]


def exceptions(cohort: Cohort) -> Exceptions:
    """Return rules set aside, votes, and what time did."""
    waived = _by_two(cohort, "waived", "rule")
    acts = _by_two(cohort, "time", "kind")
    votes = cohort.words.votes
    done = _done(cohort) if waived or votes else {}
    words = cohort.words
    return Exceptions(
        [
            Waived(step, words.step(step), rule, times, sum(done.get(step, {}).values()))
            for (step, rule), times in waived.items()
        ],
        [
            Voted(
                step,
                words.step(step),
                acts.get((step, "voted"), 0),
                [
                    (key, words.outcome(step, key), times)
                    for key, times in sorted(done.get(step, {}).items(), key=lambda each: -each[1])
                ],
            )
            for step in sorted(votes, key=words.place)
            if step in done or (step, "voted") in acts
        ],
        [
            ByTime(step, words.step(step), kind, times)
            for (step, kind), times in acts.items()
            if kind != "voted"
        ],
    )


def endings(cohort: Cohort) -> list[Ended]:
    """Return how closed cases ended, the most frequent first."""
    found = spreads(*FACTS["endings"].statement(cohort), ("ending",), ("whole",))
    titles = {
        outcome.end: outcome.title
        for step in cohort.words.definition.steps.values()
        for outcome in step.outcomes.values()
        if outcome.end and cohort.shown(step.key) == step.key
    }
    return [
        Ended(
            key,
            ENDINGS.get(key) or titles.get(key) or key.replace("-", " ").capitalize(),
            key in ENDINGS,
            spread["whole"],
        )
        for (key,), spread in sorted(found.items(), key=lambda each: (-each[1]["whole"].times, each[0]))
    ]


def _by_two(cohort: Cohort, name: str, second: str) -> dict[tuple[str, str], int]:
    statement, values = FACTS[name].statement(cohort)
    rows = ask(
        f"SELECT step, {second}, COUNT(*) FROM ({statement}) facts GROUP BY step, {second}",  # noqa: S608
        values,
    )
    rows.sort(key=lambda row: (-row[2], cohort.words.place(row[0]), row[1]))
    return {(step, key): times for step, key, times in rows}


def _done(cohort: Cohort) -> Mapping[str, Mapping[str, int]]:
    """Return how often each step was done with each outcome."""
    statement, values = FACTS["done"].statement(cohort)
    found: dict[str, dict[str, int]] = {}
    for step, outcome, times in ask(
        f"SELECT step, outcome, COUNT(*) FROM ({statement}) facts GROUP BY step, outcome",  # noqa: S608
        values,
    ):
        found.setdefault(step, {})[outcome] = times
    return found
