"""Promises kept and broken: each clock of the process, by how much it was late, where it ran out, when it paused."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.process.xray.asking import NO_SPREAD, Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS


@dataclass(frozen=True, slots=True)
class Promise:
    """One clock. `late` counts what was missed and what is overdue now; `late_by` says by how much these are late.

    `standing` ones are paused now; `paused` says how long the pauses took that are over.
    """

    clock: str
    title: str
    within: str
    met: int
    missed: int
    overdue: int
    running: int
    standing: int
    stopped: int
    late_by: Spread
    paused: Spread

    @property
    def late(self) -> int:
        return self.missed + self.overdue

    @property
    def judged(self) -> int:
        """Of how many it can be said whether they were kept."""
        return self.met + self.late


@dataclass(frozen=True, slots=True)
class RanOut:
    """How often a step was open at the moment at which a clock ran out."""

    clock: str
    step: str
    title: str
    step_title: str
    times: int


@dataclass(frozen=True, slots=True)
class Promises:
    clocks: Sequence[Promise]
    where: Sequence[RanOut]


def promises(cohort: Cohort) -> Promises:
    """Return how every clock of the process was kept."""
    clocks = promises_kept(cohort)
    statement, values = FACTS["ran-out"].statement(cohort)
    rows = ask(
        f"SELECT clock, step, COUNT(*) FROM ({statement}) facts GROUP BY clock, step",  # noqa: S608
        values,
    )
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    words = cohort.words
    where = [RanOut(clock, step, words.clock(clock), words.step(step), times) for clock, step, times in rows]
    return Promises(clocks, where)


def promises_kept(cohort: Cohort) -> list[Promise]:
    """Return the clocks alone."""
    statement, values = FACTS["promises"].statement(cohort)
    states: dict[str, dict[str, int]] = {}
    for clock, state, times in ask(
        f"SELECT clock, state, COUNT(*) FROM ({statement}) facts GROUP BY clock, state",  # noqa: S608
        values,
    ):
        states.setdefault(clock, {})[state] = times
    late = spreads(statement, values, ("clock",), ("whole",)) if states else {}
    paused = spreads(*FACTS["paused"].statement(cohort), ("clock",), ("whole",)) if states else {}
    known = cohort.words.definition.clocks
    order = [*known, *sorted(states.keys() - known.keys())]
    return [
        Promise(
            clock=key,
            title=cohort.words.clock(key),
            within=known[key].promised if key in known else "",
            met=count.get("met", 0),
            missed=count.get("missed", 0),
            overdue=count.get("overdue", 0),
            running=count.get("running", 0),
            standing=count.get("paused", 0),
            stopped=count.get("stopped", 0),
            late_by=late.get((key,), {}).get("whole", NO_SPREAD),
            paused=paused.get((key,), {}).get("whole", NO_SPREAD),
        )
        for key in order
        if (count := states.get(key, {})) or key in known
    ]
