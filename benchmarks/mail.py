"""Hand ten thousand hostile letters to a council, on both databases: none lost, none crashing, each accounted for.

The letters are made by a seed (`tests/messages/hostile.py`): nested, in broken encodings, with huge headers, in loops,
with zip bombs, without boundaries, from junk. The rooms above are played by a function that takes most, leaves some to
people, and fails over a few. Milliseconds are CPU of the process.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.means import houses
from benchmarks.means.measuring import Verdicts, heading

LETTERS, SLOWEST_MS = 10_000, 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--on", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    verdicts = Verdicts()
    heading(f"{given.letters:,} hostile letters, kept and read")
    for on in given.on or ["sqlite", "postgresql"]:
        database = f"moothall_bench_mail_{os.getpid()}" if on == "postgresql" else ""
        with houses.folder("mail") as home:
            try:
                houses.found_server(database)
                said = subprocess.run(
                    [sys.executable, "-m", "benchmarks.means.letters", str(given.letters)],
                    env=houses.environment(home, database),
                    stdout=subprocess.PIPE,
                    check=True,
                ).stdout
                report(on, json.loads(said.splitlines()[-1]), verdicts)
            finally:
                houses.drop_server(database)
    verdicts.leave()


def report(on: str, told: dict[str, Any], verdicts: Verdicts) -> None:
    states = told["states"]
    filed, waiting, aside = (states.get(state, 0) for state in ("filed", "waiting", "set-aside"))
    print(
        f"  {on}: {told['sent']:,} letters, {told['size']} MiB, the largest {told['largest']} MiB: filed {filed:,}, "
        f"waiting {waiting:,}, set aside {aside:,}\n"
        f"    {', '.join(f'{kind} {number:,}' for kind, number in told['kinds'].items())}\n"
        f"    keeping {told['keeping']:.1f} ms CPU each; reading {told['reading']:.1f} ms, "
        f"median {told['median']:.1f}, p99 {told['p99']:.0f}, slowest {told['slowest']:.0f}; "
        f"memory at most {told['memory']} MiB"
    )
    verdicts.exactly(f"letters not accounted for, {on}", told["sent"] - filed - waiting - aside, 0)
    verdicts.exactly(f"letters lost, {on}", told["lost"], 0)
    verdicts.exactly(f"letters given back otherwise than they came, {on}", told["changed"], 0)
    verdicts.exactly(f"letters that wait without a reason, {on}", told["silent"], 0)
    verdicts.most(f"the slowest letter, read, {on}", told["slowest"], SLOWEST_MS, " ms")
    verdicts.exactly(f"jobs that did not end, {on}", told["undone"], 0)


if __name__ == "__main__":
    main()
