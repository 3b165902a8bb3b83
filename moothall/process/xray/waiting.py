"""Where cases wait: for each step, how long nobody had it, how long somebody had it, and what is open now."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.process.xray.asking import NO_SPREAD, Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS


@dataclass(frozen=True, slots=True)
class StepTimes:
    """One step. `queued` is from its opening until it was taken, or done by whoever did not take it first.

    `held` is from then on until it was done; of the times it was taken only. A step that `waits_for` whoever asked, for
    time or for another case is in no queue: there, `queued` is how long it waited for that. `open` steps wait now,
    `free` of them for somebody to take them; `oldest` is for how many seconds the longest has been open. `total` is all
    seconds together, of steps that are done.
    """

    step: str
    title: str
    waits_for: str
    queued: Spread
    held: Spread
    total: float
    share: float
    open: int = 0
    free: int = 0
    oldest: int = 0


def waiting(cohort: Cohort) -> list[StepTimes]:
    """Return the times of every step, in the order of the process."""
    found = spreads(*FACTS["runs"].statement(cohort), ("step",), ("queued", "held"))
    statement, values = FACTS["open"].statement(cohort)
    now = {
        step: (count, free, oldest)
        for step, count, free, oldest in ask(
            "SELECT step, COUNT(*), SUM(CASE WHEN taken = 0 THEN 1 ELSE 0 END), MAX(whole)"  # noqa: S608
            f" FROM ({statement}) facts GROUP BY step",
            values,
        )
    }
    totals = {step: sum(each.mean * each.times for each in held.values()) for (step,), held in found.items()}
    every = sum(totals.values())
    rows = []
    for step in sorted({*totals, *now}, key=lambda key: (cohort.words.place(key), key)):
        held = found.get((step,), {})
        total = totals.get(step, 0.0)
        rows.append(
            StepTimes(
                step,
                cohort.words.step(step),
                cohort.words.waits_for.get(step, ""),
                held.get("queued", NO_SPREAD),
                held.get("held", NO_SPREAD),
                total,
                total / every if every else 0.0,
                *now.get(step, ()),
            )
        )
    return rows


def longest(rows: Sequence[StepTimes]) -> StepTimes | None:
    """Return the step in which cases spent most time, if any spent time at all."""
    return max((each for each in rows if each.total), key=lambda each: each.total, default=None)
