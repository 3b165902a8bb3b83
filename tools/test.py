"""Run the suite on every leg this machine can: SQLite, PostgreSQL, and the journeys in a real browser.

The SQLite leg is everything; that on PostgreSQL leaves out what touches neither Django nor the database, and what no
database answers otherwise (`tests/legs.py`).
A leg that cannot run here is named with its reason. Words after the command go to pytest.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS = 5
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Leg:
    name: str
    words: Sequence[str]
    surroundings: dict[str, str] = field(default_factory=dict)
    why_not: Callable[[], str] = lambda: ""


def no_postgresql() -> str:
    """Return why the PostgreSQL leg cannot run, or nothing."""
    try:
        psycopg.connect("dbname=postgres", connect_timeout=5).close()
    except psycopg.Error as error:
        return f"no PostgreSQL answered ({str(error).strip().splitlines()[0]})"
    return ""


def no_browser() -> str:
    """Return why the journeys cannot run, or nothing."""
    return "" if any(map(shutil.which, BROWSERS)) else "no Chromium (on Debian: apt-get install chromium)"


ON_POSTGRESQL = {"MOOTHALL_TEST_DATABASE": "postgresql"}
ON_EACH = {"PYTHONDONTWRITEBYTECODE": ""}
"""To compile Django anew costs each of some hundred processes as much as what it is there for."""
AT_ONCE = ["-n", "auto", "--dist", "worksteal"]
LEGS = (
    Leg("SQLite", [*AT_ONCE, "-m", "not journey"]),
    Leg("PostgreSQL", [*AT_ONCE, "-m", "django and not journey"], ON_POSTGRESQL, no_postgresql),
    Leg("journeys", ["-n", "auto", "--dist", "loadscope", "-m", "journey", "tests/journeys"], {}, no_browser),
)


def main(words: Sequence[str]) -> int:
    """Run the legs in order; the status is 0 only if none failed."""
    told, failed = [], False
    for leg in LEGS:
        if reason := leg.why_not():
            told.append(f"{leg.name}: skipped, {reason}")
            continue
        print(f"\n== {leg.name}", flush=True)
        started = time.monotonic()
        status = subprocess.run(
            [sys.executable, "-m", "pytest", *leg.words, *words],
            cwd=ROOT,
            env={**os.environ, **ON_EACH, **leg.surroundings},
            check=False,
        ).returncode
        failed = failed or status not in {0, NO_TESTS}
        outcome = {0: "passed", NO_TESTS: "has no test"}.get(status, f"FAILED with status {status}")
        told.append(f"{leg.name}: {outcome} in {time.monotonic() - started:.0f} s")
    print("\n" + "\n".join(told), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
