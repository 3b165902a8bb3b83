"""Measure the open work of one council, soonest due first: 10,000 cases in one list, and the same as pages.

40,000 cases of three councils lie there, laid down by bulk inserts. What is read is read as a supervisor of the council
reads it, through the gate and the circles; each database has a process of its own.
"""

import argparse
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.means import houses
from benchmarks.means.measuring import Verdicts, cpu_ms, heading, median

OPEN, CLOSED, OTHERS, LISTED, MOST_MS = 15_000, 10_000, 7_500, 10_000, 100.0
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
COLUMNS = ("id", "reference", "headline", "process", "due_at", "priority", "opened_at", "version_id")
PROCESS = (
    "process: listed\ntitle: Listed\nowner: desk\nstart: [agent]\nfields:\n  what: {ask: What is it?, type: text}\n"
    "steps:\n  first: {title: First, by: [agent, desk], ask: [what]}\n"
    "  then: {title: Then, by: desk, outcomes: {done: {title: Done, end: done}}}\n"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    if given.on == "both":
        words = ["--rounds", str(given.rounds)]
        ends = [
            subprocess.run([sys.executable, __file__, "--on", on, *words], check=False).returncode
            for on in ("sqlite", "postgresql")
        ]
        sys.exit(max(ends))
    heading(f"10,000 open cases of one council on {given.on}")
    verdicts = Verdicts()
    with houses.folder("listing") as home:
        database = f"moothall_bench_listing_{home.name[-8:].lower()}" if given.on == "postgresql" else ""
        try:
            houses.prepare(home / "house", database, build)
            measure(given.on, given.rounds, verdicts)
        finally:
            if database:
                houses.drop(database, home / "house")
    verdicts.leave()


def build() -> None:
    """Lay down the cases, each open one with a step that waits."""
    from moothall.councils import scope, walls
    from moothall.councils.rules import Viewer
    from moothall.process import actions
    from moothall.process.language import read
    from tests.makers import make_council, make_staff, make_team

    with scope.everything("a benchmark builds its house"), walls.as_owner():
        definition = read(PROCESS).definition
        assert definition is not None
        version = actions.publish(by=Viewer.system(), definition=definition, source=PROCESS, now=NOW)
        councils = [make_council() for _ in range(3)]
        supervisor = make_staff(council=councils[0], roles=("supervisor",))
        for council in councils:
            team = make_team(
                council=council, function="desk", members=(supervisor,) if council is councils[0] else ()
            )
            first = council is councils[0]
            lay(council, team, version, OPEN if first else OTHERS // 2, "open")
            lay(council, team, version, CLOSED if first else OTHERS // 2, "closed")
        from django.db import connection

        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")


def lay(council: Any, team: Any, version: Any, count: int, status: str) -> None:
    from moothall.process.models import Case, Step

    made = Case.objects.bulk_create(
        [
            Case(
                council=council, version=version, process="listed", reference=f"{council.pk}-{status}-{number}",
                headline=f"The lamp by door {number % 97} of Ash Grove does not light", status=status,
                data={"what": f"The lamp by door {number % 97}", "number": number}, seq=4,
                due_at=NOW + timedelta(minutes=(number * 7919) % 100_000), opened_at=NOW, changed_at=NOW,
                closed_at=NOW if status == "closed" else None,
            )
            for number in range(count)
        ],
        batch_size=1000,
    )  # fmt: skip
    if status == "open":
        Step.objects.bulk_create(
            [
                Step(council=council, case=case, key="then", team=team, opened_at=NOW, due_at=case.due_at)
                for case in made
            ],
            batch_size=1000,
        )


def measure(on: str, rounds: int, verdicts: Verdicts) -> None:
    from moothall.councils import gate, scope
    from moothall.councils.models import Staff
    from moothall.process import circles, queries
    from moothall.process.models import Case
    from moothall.process.permissions import Can
    from moothall.process.queries import WorkFilter
    from tests.makers import make_viewer

    staff = Staff.objects.get(teams__function="desk")
    viewer = make_viewer(staff)
    council = staff.council_id

    def listed() -> list[Any]:
        rows = circles.narrow(viewer, gate.narrow(viewer, Can.SEE, Case.objects.filter(council_id=council)))
        return list(rows.filter(status="open").order_by("due_at", "id").values_list(*COLUMNS)[:LISTED])

    def objects() -> list[Any]:
        rows = circles.narrow(viewer, gate.narrow(viewer, Can.SEE, Case.objects.filter(council_id=council)))
        return list(rows.filter(status="open").order_by("due_at", "id")[:LISTED])

    def page(after: str = "") -> Any:
        return queries.worklist(viewer, WorkFilter(whose="all", council_id=council), now=NOW, after=after)

    def pages() -> int:
        seen, after = 0, ""
        while seen < LISTED:
            found = page(after)
            seen, after = seen + len(found.rows), found.more
        return seen

    with scope.only([council]):
        assert [len(listed()), len(objects())] == [LISTED, LISTED]
        assert [row[4] for row in listed()] == sorted(row[4] for row in listed())
        assert pages() == LISTED
        print(f"\n{rounds} rounds, CPU of this process, median:")
        for name, work, times, target in (
            (f"{LISTED:,} cases, 8 columns", listed, 1, MOST_MS),
            (f"{LISTED:,} cases as Django's objects", objects, 1, 0.0),
            ("a page of 50 of the worklist", page, 20, 0.0),
            (f"{LISTED:,} lines of the worklist, page by page", pages, 1, 0.0),
        ):
            taken = [cpu_ms(work, times) for _ in range(rounds)]
            print(f"  {name:<46} {median(taken):7.2f} ms ({min(taken):.2f} to {max(taken):.2f})")
            if target:
                verdicts.most(f"{name}, {on}", median(taken), target, " ms")


if __name__ == "__main__":
    main()
