"""Measure the X-ray of one process with 100,000 cases and a million events: CPU of each page, and of the cases behind.

The histories (see `means/histories.py`) are laid down once and kept under the system's temporary folder, and on
PostgreSQL in a database of its own, which is dropped afterwards unless `--keep`. A page is what an auditor of all three
councils gets: the gate, the SQL, the sentences, charts and tables. The target is for SQLite; on PostgreSQL the server's
own CPU is not counted here, so only the time that passed says something there.
"""

import argparse
import time

from benchmarks.means import histories, houses
from benchmarks.means.measuring import Verdicts, heading, median

CASES, MOST_SECONDS = 100_000, 2.0
DAYS = {"since": "2024-11-01", "until": "2026-11-20"}
BEHIND = {
    "a step": {"figure": "runs", "step": "check"},
    "a hand-over": {"figure": "handed"},
    "a pair of steps": {"figure": "follows", "step": "report", "following": "check"},
    "a way": {"figure": "routes", "like": "1"},
    "a promise": {"figure": "promises", "clock": "repaired", "state": "met"},
    "open at the end of a month": {"figure": "open-after", "month": "2026-06-01"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    """Measure on one database."""
    name = histories.key(given.cases)
    heading(f"X-ray of {given.cases:,} cases on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(
        given.on, f"histories-{name}", f"x_{name}", lambda: histories.build(given.cases), keep=given.keep
    ):
        measure(given, verdicts)
    verdicts.leave()


def measure(given: argparse.Namespace, verdicts: Verdicts) -> None:
    from django.db import connection

    from benchmarks.means.visitors import hush, signed_in
    from moothall.councils import scope
    from moothall.councils.models import Staff
    from moothall.workplace.queries.xray import PLATES

    hush()
    with scope.everything("a benchmark counts its rows"), connection.cursor() as cursor:
        counted = []
        for table in ("case", "event", "step"):
            cursor.execute(f"SELECT COUNT(*) FROM process_{table}")
            counted.append(cursor.fetchone()[0])
    print("{:,} cases, {:,} events, {:,} runs of steps".format(*counted))
    print(f"{given.rounds} rounds, CPU of this process for each page, median (and seconds that passed):")
    who = signed_in(Staff.objects.get(user__name="George Penn").user)
    base = f"/work/x-ray/{histories.PROCESS}/"
    pages = [
        (title, base if word == "summary" else f"{base}{word}/", {}) for word, (title, _) in PLATES.items()
    ]
    pages += [(f"cases behind {what}", f"{base}cases/", asked) for what, asked in BEHIND.items()]
    for title, address, asked in pages:
        took, passed = [], []
        for _ in range(given.rounds):
            began, clock = time.process_time(), time.perf_counter()
            answer = who.get(address, DAYS | asked)
            took.append(time.process_time() - began)
            passed.append(time.perf_counter() - clock)
            assert answer.status_code == 200, answer.content[-500:]
        span = f"{min(took):.2f} to {max(took):.2f}"
        print(f"  {title:<44} {median(took):5.2f} s ({span}), {median(passed):5.2f} s passed")
        if given.on == "sqlite":
            verdicts.most(f"{title}, {given.on}", median(took), MOST_SECONDS, " s")


if __name__ == "__main__":
    main()
