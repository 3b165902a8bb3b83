"""How time is taken and told: CPU of this process, both sides in turn, the median of the rounds, honest verdicts."""

import gc
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def cpu_of(into: list[float]) -> Iterator[None]:
    """Add the CPU milliseconds (user and system, all threads) that the block took."""
    began = time.process_time_ns()
    yield
    into.append((time.process_time_ns() - began) / 1e6)


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """Return the CPU milliseconds of one call, over so many calls, with the collector of garbage quiet before."""
    gc.collect()
    began = time.process_time_ns()
    for _ in range(times):
        work()
    return (time.process_time_ns() - began) / 1e6 / times


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> str:
    """Return a median with the least and the most: what a noisy machine did to it."""
    return f"{statistics.median(values):.2f} ms (rounds {min(values):.2f} to {max(values):.2f})"


def heading(title: str) -> None:
    """Say what is measured, on what, and of which commit."""
    print(f"{title}\n{'-' * len(title)}")
    print(f"commit {commit()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d %H:%M')}")


def commit() -> str:
    """Return the commit that is checked out, and whether the house's own code differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "moothall", "benchmarks")
    return f"{head} with {len(changed.splitlines())} changed files" if changed else head


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or ("unknown" if done.returncode else "")


class Verdicts:
    """Collects what was aimed at and what came out; a missed target is said, and is the exit status."""

    def __init__(self) -> None:
        self._missed = 0

    def most(self, what: str, value: float, target: float, unit: str = "") -> None:
        self._say(what, f"at most {target:g}{unit}", f"{value:.3g}{unit}", met=value <= target)

    def least(self, what: str, value: float, target: float, unit: str = "") -> None:
        self._say(what, f"at least {target:g}{unit}", f"{value:.4g}{unit}", met=value >= target)

    def exactly(self, what: str, value: object, target: object) -> None:
        self._say(what, f"{target}", f"{value}", met=value == target)

    def _say(self, what: str, target: str, got: str, *, met: bool) -> None:
        self._missed += not met
        print(f"{'met:   ' if met else 'MISSED:'} {what}: target {target}, got {got}")

    def leave(self) -> None:
        sys.exit(1 if self._missed else 0)
