"""What had to be done again: steps that were done more than once in a case, and the outcomes that sent cases back."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.process.xray.asking import ask
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS


@dataclass(frozen=True, slots=True)
class StepAgain:
    """How often a step was done, and how often of these it had been done in the same case before."""

    step: str
    title: str
    done: int
    again: int


@dataclass(frozen=True, slots=True)
class SentBack:
    """An outcome that takes a case back to a step: how often it was chosen, of how often its step was done."""

    step: str
    title: str
    outcome: str
    outcome_title: str
    to: str
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Rework:
    """`cases` had anything done again, of `of` cases in which anything was done."""

    steps: Sequence[StepAgain]
    back: Sequence[SentBack]
    cases: int
    of: int


def rework(cohort: Cohort) -> Rework:
    """Return what was done again, in the order of the process."""
    statement, values = FACTS["outcomes"].statement(cohort)
    rows = ask(
        f"WITH facts AS MATERIALIZED ({statement})"  # noqa: S608
        " SELECT step, outcome, COUNT(*), SUM(CASE WHEN nth > 1 THEN 1 ELSE 0 END) FROM facts GROUP BY step, outcome"
        " UNION ALL SELECT NULL, NULL, COUNT(DISTINCT id), COUNT(DISTINCT CASE WHEN nth > 1 THEN id END) FROM facts",
        values,
    )
    of, cases = rows.pop()[2:]
    words = cohort.words
    done: dict[str, list[int]] = {}
    for step, _, times, again in rows:
        counted = done.setdefault(step, [0, 0])
        counted[0] += times
        counted[1] += again
    order = sorted(done, key=lambda key: (words.place(key), key))
    back = [
        SentBack(
            step,
            words.step(step),
            outcome,
            words.outcome(step, outcome),
            words.step(cohort.shown(words.backs[step, outcome])),
            times,
            done[step][0],
        )
        for step, outcome, times, _ in sorted(rows, key=lambda row: (words.place(row[0]), -row[2], row[1]))
        if (step, outcome) in words.backs
    ]
    return Rework([StepAgain(key, words.step(key), *done[key]) for key in order], back, cases, of)
