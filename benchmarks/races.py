"""Let eight processes want the same cases at once, on both databases: nothing lost, nothing done twice.

Each process loads a case, and then takes its step, finishes it, votes or moves it to another version, saying which
state it saw. The one field of the case counts up by one with each finished step, so a lost update shows as a sum that
is too small. Two processes at a time vote as the same person.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

from benchmarks.means import houses
from benchmarks.means.measuring import Verdicts, heading

PROCESSES, CASES = 8, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=10_000)
    given = parser.parse_args()
    verdicts = Verdicts()
    heading(f"{PROCESSES} processes after the same {CASES} cases, {given.tries:,} tries on each database")
    for on in ("sqlite", "postgresql"):
        database = f"moothall_bench_races_{os.getpid()}" if on == "postgresql" else ""
        with houses.folder("races") as home:
            try:
                houses.found_server(database)
                race(on, given.tries, houses.a_house(home, database), verdicts)
            finally:
                houses.drop_server(database)
    verdicts.leave()


def race(on: str, tries: int, house: Any, verdicts: Verdicts) -> None:
    from tests.faults.harness import done_twice, nest, select, totals

    subprocess.run(
        [sys.executable, "-m", "moothall", "migrate", "-v", "0"], env=house.environment, check=True
    )
    with nest(house.environment, house.home / "errors") as inside:
        inside.ask("settle", until="settled")
        ids = json.loads(" ".join(inside.ask("cases", CASES, until="cases")[-1][1:]))
        began = time.monotonic()
        heard = inside.ask("race", PROCESSES, tries // PROCESSES, json.dumps(ids))
        seconds = time.monotonic() - began
        told = totals(heard)
        print(
            f"  {on}: {told['acted']} steps done, {told['taken']} taken, {told['voted']} votes cast or changed, "
            f"{told['migrated']} moved, {told['refused']} refused in {seconds:.0f} s"
        )
        data = select(house, "SELECT data FROM process_case")
        counts = [(json.loads(row) if isinstance(row, str) else row).get("count", 0) for (row,) in data]
        verdicts.exactly(f"tries without an answer, {on}", tries - sum(told.values()), 0)
        verdicts.exactly(f"updates lost, {on}", told["acted"] - sum(counts), 0)
        verdicts.exactly(f"steps done twice, {on}", done_twice(heard), 0)
        kinds: dict[str, int] = dict(select(house, "SELECT kind, COUNT(*) FROM process_event GROUP BY kind"))
        votes = select(house, "SELECT step_id, staff_id, seat, COUNT(*) FROM process_vote GROUP BY 1, 2, 3")
        people = {(step, staff) for step, staff, _, _ in votes}, {(step, seat) for step, _, seat, _ in votes}
        cast = sum(count for _, _, _, count in votes)
        verdicts.exactly(f"votes lost, {on}", told["voted"] - kinds.get("voted", 0), 0)
        verdicts.exactly(f"double votes, {on}", sum(cast - len(each) for each in people), 0)
        verdicts.exactly(f"moves lost, {on}", told["migrated"] - kinds.get("migrated", 0), 0)
        verdicts.exactly(f"processes that ended badly, {on}", sum(code != "0" for code in heard[-1][1:]), 0)


if __name__ == "__main__":
    main()
