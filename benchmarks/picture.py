"""Measure drawing: a process of sixty steps as a picture and as BPMN, and the process files of the house."""

import argparse
from random import Random

from benchmarks.means.measuring import Verdicts, cpu_ms, heading, median

MOST_MS = 150.0
STEPS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()

    from pathlib import Path

    from moothall.process.bpmn.export import export
    from moothall.process.language import load
    from moothall.process.picture import outline, svg

    verdicts = Verdicts()
    heading("Pictures of processes")
    large = sixty()
    drawn = median([cpu_ms(lambda: svg(large), 1) for _ in range(given.rounds)])
    listed = median([cpu_ms(lambda: outline(large), 1) for _ in range(given.rounds)])
    exported = median([cpu_ms(lambda: export(large), 1) for _ in range(given.rounds)])
    print(f"{STEPS} random steps: picture {drawn:.1f} ms, list {listed:.1f} ms, BPMN {exported:.1f} ms")
    for file in sorted(Path("moothall/requests/processes").glob("*.yaml")):
        times = median([_drawing(svg, load(file)) for _ in range(given.rounds)])
        print(f"  {times:5.1f} ms  {file.stem}")
    verdicts.most(f"CPU of a picture of {STEPS} steps", drawn, MOST_MS, " ms")
    verdicts.leave()


def _drawing(svg, definition):
    """Return the CPU milliseconds of drawing a process once."""
    return cpu_ms(lambda: svg(definition), 3)


def sixty():
    """Return a process of sixty steps that go on, side by side, and back."""
    from moothall.process.definition import Definition, Outcome, Step

    dice = Random(1)
    keys = [f"s{number}" for number in range(STEPS)]
    steps = {}
    for number, key in enumerate(keys):
        names = [f"o{each}" for each in range(dice.randint(1, 4))]
        back = {name: dice.choice(keys[:number]) if number and dice.random() < 0.25 else "" for name in names}
        outcomes = {
            name: Outcome(key=name, title=f"Outcome {name} of {key}", back=back[name] if name != "o0" else "")
            for name in names
        }
        after = tuple(dice.sample(keys[max(0, number - 4) : number], min(number, dice.randint(1, 2))))
        steps[key] = Step(
            key=key, title=f"Step {key} with some words", by=("waste",), after=after, outcomes=outcomes
        )
    return Definition(key="large", title="Large", owner="waste", start=("waste",), steps=steps)


if __name__ == "__main__":
    main()
