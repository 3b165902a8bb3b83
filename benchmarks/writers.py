"""Measure how many steps a second one, two and four writers get done, on SQLite and on PostgreSQL.

Four sides in turns, each writer a process of its own with its own cases: the house as a page calls it; its engine with
its rows; the same with the rows by Django's ORM; SpiffWorkflow with its state in the same kind of database. A second is
one on the wall here, so the machine's other work shows; CPU of the writers stands beside it.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.means import eight_steps, houses, spiff_postgresql
from benchmarks.means.measuring import heading, median
from benchmarks.means.spiff import Spiff

SIDES = {
    "house": "Moothall, the whole act",
    "engine": "Moothall, its engine and rows",
    "orm": "its engine, rows by Django's ORM",
    "spiff": "SpiffWorkflow and its rows",
}
WRITERS, READY = (1, 2, 4), 100
HELD = ExitStack()
"""What a writer holds until its process ends."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--write", nargs=3, metavar=("SIDE", "HOME", "DATABASE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(*given.write, given.seconds)
        return
    heading("Steps a second with one, two and four writers")
    for on in ("sqlite", "postgresql") if given.on == "both" else (given.on,):
        measure(on, given.rounds, given.seconds)


def measure(on: str, rounds: int, seconds: float) -> None:
    """Found a house in a process of its own, then let the writers loose on it."""
    with houses.folder("writers") as home:
        database = f"moothall_bench_writers_{home.name[-8:].lower()}" if on == "postgresql" else ""
        try:
            subprocess.run([sys.executable, "-c", FOUND, str(home / "house"), database], check=True)
            taken: dict[tuple[str, int], list[tuple[float, float]]] = {}
            with crowds(home, database, seconds) as waiting:
                for _ in range(rounds):
                    for writers in WRITERS:
                        for side in SIDES:
                            taken.setdefault((side, writers), []).append(together(waiting[side][:writers]))
            tell(on, rounds, seconds, taken)
        finally:
            houses.drop_server(database)


FOUND = """
import sys
from pathlib import Path
from benchmarks.means import houses, spiff_postgresql
home, database = Path(sys.argv[1]), sys.argv[2]
def build():
    from benchmarks.means import walkers
    from moothall.councils import scope
    with scope.everything("a benchmark of writers"):
        walkers.found()
    if database:
        spiff_postgresql.make_tables(f"postgresql://{houses.SERVER}/{database}")
houses.prepare(home, database, build)
"""


@contextmanager
def crowds(home: Path, database: str, seconds: float) -> Iterator[dict[str, list[Any]]]:
    """Lend the writers of each side, ready to begin; they are the same in each round."""
    found: dict[str, list[Any]] = {}
    try:
        for side in SIDES:
            words = [
                sys.executable,
                __file__,
                "--seconds",
                str(seconds),
                "--write",
                side,
                str(home),
                database,
            ]
            found[side] = [
                subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                for _ in range(max(WRITERS))
            ]
            for one in found[side]:
                assert one.stdout.readline() == "ready\n", "a writer could not begin"
        yield found
    finally:
        for one in (one for crowd in found.values() for one in crowd):
            one.stdin.close()
            one.wait()


def together(crowd: list[Any]) -> tuple[float, float]:
    """Let these write at once; return steps a second of all, and CPU milliseconds of a step."""
    for word in ("make ready", "go"):
        for one in crowd:
            one.stdin.write(f"{word}\n")
            one.stdin.flush()
        told = [json.loads(one.stdout.readline()) for one in crowd]
    steps = sum(each["steps"] for each in told)
    return steps / max(each["seconds"] for each in told), 1000 * sum(each["cpu"] for each in told) / steps


def write(side: str, home: str, database: str, seconds: float) -> None:
    """Start cases when told to make ready; when told to go, walk them until the time is up, and tell of it."""
    start, act = _spiff(home, database) if side == "spiff" else _ours(side, home, database)
    print("ready", flush=True)
    cases: list[Any] = []
    for word in sys.stdin:
        if word.startswith("make"):
            cases = [start() for _ in range(READY)]
            print("{}", flush=True)
            continue
        began, used, steps = time.perf_counter(), time.process_time(), 0
        for case in cases:
            now = case
            for step in range(1, eight_steps.STEPS + 1):
                now, steps = act(now, step), steps + 1
                if time.perf_counter() - began > seconds:
                    break
            else:
                continue
            break
        took, cpu = time.perf_counter() - began, time.process_time() - used
        print(json.dumps({"steps": steps, "seconds": took, "cpu": cpu}), flush=True)


def _ours(side: str, home: str, database: str) -> tuple[Any, Any]:
    houses.enter(Path(home) / "house", database)
    import gc
    import logging

    from benchmarks.means.walkers import EngineAlone, Moothall, OrmAlone
    from moothall.councils import scope

    logging.disable(logging.WARNING)
    HELD.enter_context(scope.everything("a benchmark of writers"))
    house = Moothall()
    walker = {"house": lambda: house, "engine": lambda: EngineAlone(house), "orm": lambda: OrmAlone(house)}[
        side
    ]()
    gc.freeze()

    def act(case: Any, step: int) -> Any:
        return walker.act(case, f"step_{step}", eight_steps.given(step))

    return lambda: walker.start("eight-steps"), act


def _spiff(home: str, database: str) -> tuple[Any, Any]:
    bpmn = eight_steps.bpmn()
    if database:
        address = f"postgresql://{houses.SERVER}/{database}"
        spiff: Any = spiff_postgresql.SpiffOnPostgresql(address, bpmn, "eight_steps")
    else:
        spiff = Spiff(Path(home) / "spiff.sqlite3", bpmn, "eight_steps")

    def act(case: Any, step: int) -> Any:
        spiff.act(case, eight_steps.typed(eight_steps.given(step)))
        return case

    return spiff.start, act


def tell(
    on: str,
    rounds: int,
    seconds: float,
    taken: dict[tuple[str, int], list[tuple[float, float]]],
) -> None:
    print(
        f"\non {on}, {rounds} rounds of {seconds:g} seconds; steps a second (least to most), CPU ms of a step:"
    )
    for writers in WRITERS:
        for side, name in SIDES.items():
            rates, cpus = zip(*taken[side, writers], strict=True)
            print(
                f"  {writers} writer{'s' if writers > 1 else ' '}  {name:<33} {median(rates):6,.0f}"
                f" ({min(rates):,.0f} to {max(rates):,.0f})  {median(cpus):.2f} ms"
            )
        for other in ("orm", "spiff"):
            ratios = [
                mine[0] / theirs[0]
                for mine, theirs in zip(taken["engine", writers], taken[other, writers], strict=True)
            ]
            print(
                f"             engine and rows / {SIDES[other]}: {median(ratios):.2f} times as many"
                f" ({min(ratios):.2f} to {max(ratios):.2f})"
            )


if __name__ == "__main__":
    main()
