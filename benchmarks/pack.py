"""Measure the performance pack of one month out of five years, at 500,000 calls, on both databases.

The town is that of `benchmarks.desk` (see `means/desk_town.py`), built once for each database. CPU of this process,
user and system, is told for working a month out and keeping it, for the page, for the calls behind a number, and for
each file; on SQLite that has the database in it.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.means import desk_town, houses
from benchmarks.means.measuring import Verdicts, heading, median, spread

CALLS, ROUNDS = 500_000, 5
WORK_OUT_S, FILES_S = 3.0, 10.0
MIDDLE, NEWEST = date(2024, 5, 1), date(2026, 10, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--calls", type=int, default=CALLS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--keep", action="store_true", help="keep the PostgreSQL database for the next time")
    parser.add_argument(
        "--profile", action="store_true", help="print where the time goes when a month is worked out"
    )
    given = parser.parse_args()
    if given.on != "both":
        one(given)
        return
    houses.each_by_itself(__file__)


def one(given: argparse.Namespace) -> None:
    """Measure one database."""
    name = desk_town.key(given.calls)
    heading(f"The performance pack of one month among {given.calls:,} calls on {given.on}")
    verdicts = Verdicts()
    with houses.lived_in(
        given.on, f"desk-{name}", f"desk_{name}", lambda: desk_town.build(given.calls), keep=given.keep
    ):
        measure(given, verdicts)
    verdicts.leave()


def measure(given: argparse.Namespace, verdicts: Verdicts) -> None:
    """Work out a month in the middle and the newest, then everything that is made of it."""
    from moothall.councils.rules import Viewer
    from moothall.servicedesk.rules.figures import Month

    system = Viewer.system()
    for first in (MIDDLE, NEWEST):
        month = Month(first)
        clear([month])
        working_out(given, month, system, verdicts)
    packs_of_a_year(Month(NEWEST), system)
    made_of_it(given, Month(NEWEST), system, verdicts)


def working_out(given: argparse.Namespace, month: Any, system: Any, verdicts: Verdicts) -> None:
    from moothall.servicedesk.actions import packs
    from moothall.servicedesk.models import Pack

    if given.profile:
        import cProfile
        import pstats

        profile = cProfile.Profile()
        profile.runcall(packs.work_out, by=system, month=month, now=desk_town.NOW)
        pstats.Stats(profile).sort_stats("cumulative").print_stats(30)
    taken = timed(given.rounds, lambda: packs.work_out(by=system, month=month, now=desk_town.NOW))
    figures = {(row.name, row.slice): row for row in Pack.objects.get(month=month.first).joint.all()}
    logged = sum(figures["logged", kind].n for kind in ("incident", "request"))
    print(f"{month.words}: {logged:,} calls logged, {figures['backlog', ''].n:,} open at its end")
    print(f"        difference in the backlog: {figures['backlog_difference', ''].value}")
    verdicts.most(f"work out {month.words}, seconds of CPU", median(taken) / 1e3, WORK_OUT_S, " s")
    print(f"        {spread(taken)}")


def packs_of_a_year(month: Any, system: Any) -> None:
    from moothall.servicedesk.actions import packs

    clear([month.back(number) for number in range(1, 13)])
    began = time.process_time()
    packs.work_out_before(by=system, month=month, now=desk_town.NOW)
    print(f"        the twelve months before, for the trends: {time.process_time() - began:.1f} s of CPU")


def made_of_it(given: argparse.Namespace, month: Any, system: Any, verdicts: Verdicts) -> None:
    """Measure the document, the page, the calls behind a number, and the files."""

    from moothall.councils import scope
    from moothall.servicedesk.documents import FORMATS
    from moothall.servicedesk.queries.packs import document
    from moothall.servicedesk.queries.packs.behind import Wanted, calls_behind
    from moothall.workplace.queries.desk import packs as pages

    with scope.everything("a benchmark reads a pack"):
        taken = timed(given.rounds, lambda: pages.shown(system, month.key, "", desk_town.NOW))
        print(f"        what the page shows, without its template: {spread(taken)}")
        wanted = Wanted("resolve_sla", "", "rest")
        taken = timed(given.rounds, lambda: calls_behind(system, month, "", wanted, desk_town.NOW))
        print(f"        the calls behind a number: {spread(taken)}")
        whole = 0.0
        for ending, each in FORMATS.items():
            taken = timed(min(given.rounds, 3), lambda each=each: each.make(document(system, month, "")))
            size = len(each.make(document(system, month, "")))
            whole += median(taken)
            print(f"        {ending}: {spread(taken)}, {size / 1024:,.0f} KiB")
    verdicts.most("all files together, seconds of CPU", whole / 1e3, FILES_S, " s")


def timed(rounds: int, work: Callable[[], object]) -> list[float]:
    """Return the CPU milliseconds of each round, after one to warm up."""
    work()
    found = []
    for _ in range(rounds):
        began = time.process_time_ns()
        work()
        found.append((time.process_time_ns() - began) / 1e6)
    return found


def clear(months: list[Any]) -> None:
    """Forget packs of an earlier run."""
    from moothall.councils import scope
    from moothall.servicedesk.models import Pack

    with scope.everything("a benchmark begins anew"):
        Pack.objects.filter(month__in=[each.first for each in months]).delete()


if __name__ == "__main__":
    main()
