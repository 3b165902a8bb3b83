"""Measure one step of a case: Moothall's engine beside SpiffWorkflow, each with its state in SQLite at every step.

Moothall does here all it does in earnest: the gate, the rules, the rows of case, step and event, the search words, the
record of it, in one transaction on its own SQLite backend (WAL, synchronous=FULL). Both sides take turns in one run.
"""

import argparse
import gc
from pathlib import Path

from benchmarks.means import eight_steps, houses
from benchmarks.means.measuring import Verdicts, cpu_of, heading, median, spread
from benchmarks.means.spiff import Spiff
from benchmarks.means.walkers import EngineAlone, Moothall, OrmAlone

MOST_SHARE, MOST_MS, MOST_GROWTH, ENDS = 1 / 3, 1.0, 1.25, 30


def walk_ours(house: Moothall | EngineAlone, into: list[float]) -> None:
    case = house.start("eight-steps")
    for step in range(1, eight_steps.STEPS + 1):
        with cpu_of(into):
            case = house.act(case, f"step_{step}", eight_steps.given(step))
    assert case.status == "closed"
    assert case.ending == "completed"


def walk_theirs(spiff: Spiff, into: list[float]) -> None:
    case = spiff.start()
    for step in range(1, eight_steps.STEPS + 1):
        answers = eight_steps.typed(eight_steps.given(step))
        with cpu_of(into):
            done = spiff.act(case, answers)
        assert done == f"step_{step}"
    assert spiff.finished(case)


def steps(house: Moothall, home: Path, rounds: int, cases: int, verdicts: Verdicts) -> None:
    """Eight steps and a choice, case after case, the two sides in turn."""
    spiff = Spiff(home / "spiff.sqlite3", eight_steps.bpmn(), "eight_steps")
    alone, plain = EngineAlone(house), OrmAlone(house)
    walk_ours(house, [])
    walk_theirs(spiff, [])
    walk_ours(alone, [])
    walk_ours(plain, [])
    gc.collect()
    gc.freeze()  # as `moothall serve` does once the house is loaded; both sides have the good of it
    ours: list[float] = []
    bare: list[float] = []
    theirs: list[float] = []
    orm: list[float] = []
    for _ in range(rounds):
        taken: dict[int, list[float]] = {1: [], 2: [], 3: [], 4: []}
        for _ in range(cases):
            walk_ours(house, taken[1])
        for _ in range(cases):
            walk_theirs(spiff, taken[2])
        for _ in range(cases):
            walk_ours(alone, taken[3])
        for _ in range(cases):
            walk_ours(plain, taken[4])
        for means, values in zip((ours, theirs, bare, orm), taken.values(), strict=True):
            means.append(sum(values) / len(values))
    print(f"\n8 steps by people, 6 answers each, one choice; {rounds} rounds of {cases} cases, CPU per step:")
    print(f"  Moothall, the whole act          {spread(ours)}")
    print(f"  Moothall, its engine and rows    {spread(bare)}")
    print(f"  its engine, rows by Django's ORM {spread(orm)}")
    print(f"  SpiffWorkflow and its rows       {spread(theirs)}")
    share = median([mine / other for mine, other in zip(bare, orm, strict=True)])
    print(f"  engine and rows take {share:.2f} of what they take with the ORM")
    for name, means in (("the whole act", ours), ("engine and rows", bare)):
        share = median([mine / other for mine, other in zip(means, theirs, strict=True)])
        verdicts.most(f"CPU per step as a share of SpiffWorkflow's, {name}", share, MOST_SHARE)


def visits(house: Moothall, home: Path, number: int, spiff_number: int, verdicts: Verdicts) -> None:
    """One case that comes round again and again."""
    case = house.act(house.start("visits"), "begin", {})
    ours: list[float] = []
    for round_ in range(number):
        outcome = "again" if round_ < number - 1 else "enough"
        with cpu_of(ours):
            case = house.act(case, "visit", eight_steps.given(1, round_), outcome)
    assert case.status == "closed"
    spiff = Spiff(home / "spiff.sqlite3", eight_steps.bpmn_of_visits(), "visits")
    theirs: list[float] = []
    other = spiff.start()
    for round_ in range(spiff_number):
        answers = eight_steps.typed(eight_steps.given(1, round_)) | {"outcome": "again"}
        with cpu_of(theirs):
            spiff.act(other, answers)
    print(f"\nOne case of {number} visits (SpiffWorkflow: {spiff_number}), CPU per step, median:")
    for name, values in (("Moothall", ours), ("SpiffWorkflow", theirs)):
        first, last = median(values[:ENDS]), median(values[-ENDS:])
        print(
            f"  {name:<14} first {ENDS} {first:.2f} ms, last {ENDS} {last:.2f} ms: {last / first:.2f} times"
        )
    print(f"  SpiffWorkflow writes {spiff.size(other) / 1e6:.2f} MB at its last step")
    verdicts.most(f"CPU per step in a case of {number} visits", median(ours), MOST_MS, " ms")
    verdicts.most(
        "growth from the first to the last visits", median(ours[-ENDS:]) / median(ours[:ENDS]), MOST_GROWTH
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--spiff-visits", type=int, default=300)
    given = parser.parse_args()
    verdicts = Verdicts()
    heading("One step of a case")
    with houses.own_house("engine") as home:
        from moothall.councils import scope

        with scope.everything("a benchmark of the engine"):
            house = Moothall()
            steps(house, home, given.rounds, given.cases, verdicts)
            visits(house, home, given.visits, given.spiff_visits, verdicts)
    verdicts.leave()


if __name__ == "__main__":
    main()
