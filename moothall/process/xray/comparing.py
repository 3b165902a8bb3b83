"""The first figures of a process, and the councils beside one another, on the steps they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from moothall.process.xray.asking import NO_SPREAD, Spread, ask, spreads
from moothall.process.xray.cohort import Cohort
from moothall.process.xray.facts import FACTS


@dataclass(frozen=True, slots=True)
class Overview:
    """How many cases, how many are closed, how long these took; how many promises can be judged, and were late."""

    cases: int
    closed: int
    time: Spread
    judged: int
    late: int

    @property
    def open(self) -> int:
        return self.cases - self.closed


@dataclass(frozen=True, slots=True)
class First:
    """The first figures of all councils together, and of each."""

    every: Overview
    councils: Sequence[tuple[int, str, Overview]]


@dataclass(frozen=True, slots=True)
class StepByCouncil:
    """One step, and by council how long it took there, from its opening until it was done."""

    step: str
    title: str
    councils: Mapping[int, Spread]


def overview(cohort: Cohort) -> First:
    """Return the first figures."""
    found = _overviews(cohort)
    each = list(found.values())
    statement, values = FACTS["cases"].statement(cohort)
    closed = spreads(statement, values, ("status",), ("whole",)).get(("closed",), {})
    return First(
        Overview(
            sum(one.cases for one in each),
            sum(one.closed for one in each),
            closed.get("whole", NO_SPREAD),
            sum(one.judged for one in each),
            sum(one.late for one in each),
        ),
        [(number, name, found[number]) for number, name in cohort.councils.items() if number in found],
    )


def compared(cohort: Cohort) -> list[StepByCouncil]:
    """Return how long each step took at each council, in the order of the process."""
    found = spreads(*FACTS["council-steps"].statement(cohort), ("at_council", "step"), ("whole",))
    times: dict[str, dict[int, Spread]] = {}
    for (council, step), spread in found.items():
        times.setdefault(step, {})[council] = spread["whole"]
    return [
        StepByCouncil(key, cohort.words.step(key), times[key])
        for key in sorted(times, key=lambda key: (cohort.words.place(key), key))
    ]


def _overviews(cohort: Cohort) -> dict[int, Overview]:
    statement, values = FACTS["cases"].statement(cohort)
    cases: dict[int, dict[str, int]] = {}
    for council, status, times in ask(
        f"SELECT at_council, status, COUNT(*) FROM ({statement}) facts GROUP BY at_council, status",  # noqa: S608
        values,
    ):
        cases.setdefault(council, {})[status] = times
    closed = spreads(
        f"SELECT at_council, whole FROM ({statement}) facts WHERE status = 'closed'",  # noqa: S608
        values,
        ("at_council",),
        ("whole",),
    )
    statement, values = FACTS["promises"].statement(cohort)
    kept: dict[int, dict[str, int]] = {}
    for council, state, times in ask(
        f"SELECT council_id, state, COUNT(*) FROM ({statement}) facts GROUP BY council_id, state",  # noqa: S608
        values,
    ):
        kept.setdefault(council, {})[state] = times
    return {
        council: Overview(
            sum(counted.values()),
            counted.get("closed", 0),
            closed.get((council,), {}).get("whole", NO_SPREAD),
            sum(kept.get(council, {}).get(state, 0) for state in ("met", "missed", "overdue")),
            sum(kept.get(council, {}).get(state, 0) for state in ("missed", "overdue")),
        )
        for council, counted in cases.items()
    }
