"""Hold the register beside a plain model of it for 10,000 random sequences of merge, edit, add, move and undo.

It is `tests/persons/test_model.py`, in runs of some hundred sequences, each in a process of its own: after every
sequence all links are undone in random order, and the register must be what it would be without them.
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from benchmarks.means.measuring import ROOT, Verdicts, heading

AT_ONCE = 500
TEST = "tests/persons/test_model.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument(
        "--figures", type=Path, help="A folder with the figures of runs that were done already."
    )
    given = parser.parse_args()
    heading("The register beside a plain model of it")
    verdicts = Verdicts()
    if given.figures:
        print(f"run at commit {(given.figures / 'COMMIT').read_text('utf-8').strip()}")
        for on in ("sqlite", "postgresql"):
            files = sorted(given.figures.glob(f"figures-{on}-*.txt"))
            failed = [
                each for each in given.figures.glob(f"log-{on}-*.txt") if " failed" in each.read_text("utf-8")
            ]
            if files or failed:
                tell(
                    on,
                    sum((figures(each) for each in files), Counter()),
                    len(failed),
                    given.sequences,
                    verdicts,
                )
    else:
        counted, failed_runs = run(given.on, given.sequences)
        tell(given.on, counted, failed_runs, given.sequences, verdicts)
    verdicts.leave()


def run(on: str, sequences: int) -> tuple[Counter[str], int]:
    """Return what was done, and how many runs found a fault; their words go to standard error."""
    counted, failed = Counter(), 0
    kept = ROOT / f".figures-{os.getpid()}.txt"
    for begun in range(0, sequences, AT_ONCE):
        wanted = {"REGISTER_SEQUENCES": str(min(AT_ONCE, sequences - begun)), "REGISTER_FIGURES": str(kept)}
        where = {"MOOTHALL_TEST_DATABASE": "postgresql"} if on == "postgresql" else {}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", TEST, "-p", "no:cacheprovider"],
            cwd=ROOT,
            env=os.environ | wanted | where,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        failed += done.returncode != 0
        if done.returncode:
            print(done.stdout, file=sys.stderr)
        else:
            counted += figures(kept)
    kept.unlink(missing_ok=True)
    return counted, failed


def figures(path: Path) -> Counter[str]:
    """Return what one run did, as it wrote it down."""
    lines = (line.rpartition(": ") for line in path.read_text("utf-8").splitlines() if ": " in line)
    return Counter({said.strip(): int(number.replace(",", "")) for said, _, number in lines})


def tell(on: str, counted: Counter[str], failed: int, wanted: int, verdicts: Verdicts) -> None:
    print(f"\n{on}:")
    for said, number in counted.most_common():
        print(f"  {said}: {number:,}")
    if on == "sqlite":
        verdicts.least("sequences, sqlite", counted["sequences"], wanted)
    verdicts.exactly(f"runs in which anything was lost, crossed or not undone exactly, {on}", failed, 0)


if __name__ == "__main__":
    main()
