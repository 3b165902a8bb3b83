"""Measure made-up cases: how many a CPU second takes through the engine, for the processes of the house.

Beside them the eight steps and the choice of `means/eight_steps.py`, which SpiffWorkflow walks as well, in memory and
with nothing saved; there both sides take turns in one run.
"""

import argparse
import gc
import random
from pathlib import Path
from typing import Any

from benchmarks.means import eight_steps, houses
from benchmarks.means.measuring import ROOT, Verdicts, cpu_ms, heading, median
from benchmarks.means.spiff import BpmnWorkflow, TaskState, spec_of

LEAST, ORDINARY = 2_000, ("missed-bin", "mash")
FOLDERS = ("moothall/requests/processes", "moothall/process/examples")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--cases", type=int, default=1_000)
    given = parser.parse_args()
    verdicts = Verdicts()
    heading("Made-up cases")
    with houses.folder("simulation") as home:
        houses.enter(home)
        files = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.yaml"))]
        print(f"\n{given.rounds} rounds of {given.cases:,} cases each, median:")
        for file in files:
            measure(file, given.rounds, given.cases, verdicts)
        beside_spiff(given.rounds, given.cases // 5)
    verdicts.leave()


def definition(source: str) -> Any:
    from moothall.process.language import read

    found = read(source)
    assert found.definition is not None, [str(each) for each in found.mistakes]
    return found.definition


def measure(file: Path, rounds: int, cases: int, verdicts: Verdicts) -> None:
    from moothall.process.simulation import simulate

    process = definition(file.read_text(encoding="utf-8"))
    report = simulate(process, cases)
    gc.freeze()
    taken = [cpu_ms(lambda: simulate(process, cases), 1) for _ in range(rounds)]
    each = median(taken) / cases
    print(
        f"  {process.key:<20} {1000 / each:7,.0f} cases per CPU second"
        f" ({1000 * cases / max(taken):,.0f} to {1000 * cases / min(taken):,.0f}),"
        f" {report.done / cases:4.1f} steps a case, {1000 * each * cases / report.done:3.0f} µs a step"
    )
    if process.key in ORDINARY:
        verdicts.least(f"cases of {process.key} per CPU second", 1000 / each, LEAST)


def beside_spiff(rounds: int, cases: int) -> None:
    """The same eight steps and the choice, with made-up answers; SpiffWorkflow's come made up already."""
    from moothall.process.simulation import simulate

    process = definition(eight_steps.yaml())
    spec = spec_of(eight_steps.bpmn(), "eight_steps")
    dice = random.Random(0)
    answers = [eight_steps.given(step) for step in range(1, eight_steps.STEPS + 1)]

    def walk() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        step = 0
        while (task := workflow.get_next_task(state=TaskState.READY, manual=True)) is not None:
            task.data.update(answers[step])
            task.data[f"choice_{step + 1}"] = dice.choice(["north", "south"])
            task.run()
            workflow.do_engine_steps()
            step += 1
        assert workflow.is_completed()

    walk()
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(cpu_ms(lambda: simulate(process, cases), 1) / cases)
        theirs.append(cpu_ms(walk, cases))
    ratio = median([other / mine for mine, other in zip(ours, theirs, strict=True)])
    print("\nEight steps and a choice, half of the cases end at the fourth; CPU of a case, median:")
    print(f"  Moothall, answers made up and cleaned, rules, report  {median(ours):6.3f} ms")
    print(f"  SpiffWorkflow in memory, nothing cleaned or counted   {median(theirs):6.3f} ms")
    print(f"  SpiffWorkflow takes {ratio:.2f} times as long as Moothall")


if __name__ == "__main__":
    main()
