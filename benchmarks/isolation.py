"""Try the whole isolation matrix on both databases and print the figures: cells tried, leaks, mutants found.

The matrix itself is `tests/isolation`; there, cells provably equal to another are left out, here none is.

    python -m benchmarks.isolation                 # SQLite, and PostgreSQL where the tests find a server
    python -m benchmarks.isolation sqlite
"""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIGURES = re.compile(r"isolation: (\w+), (.*)")
DATABASES = ("sqlite", "postgresql")
OF_TESTS = ROOT / ".venv/bin/python"  # `make bench` has an environment of its own, without what tests need


def run(database: str) -> bool:
    """Run every test of the matrix on one database; say what it found, and whether all is well."""
    options = {
        "MOOTHALL_TEST_DATABASE": database,
        "MOOTHALL_TEST_DB": "test_isolation_whole",
        "MOOTHALL_TEST_ISOLATION": "whole",
    }
    python = str(OF_TESTS) if OF_TESTS.exists() else sys.executable
    words = [python, "-m", "pytest", "tests/isolation", "-q", "-s", "--tb=line", "-p", "no:cacheprovider"]
    started = time.perf_counter()
    found = subprocess.run(
        words, cwd=ROOT, env=os.environ | options, text=True, capture_output=True, check=False
    )
    mutants = 0
    print(f"\n{database}")
    for line in FIGURES.findall(found.stdout):
        if line[1].startswith("mutant"):
            mutants += "NOT FOUND" not in line[1]
        else:
            print(f"  {line[1].rpartition(', ')[0]}")
    print(f"  {mutants} mutants found; {time.perf_counter() - started:.0f} s in all")
    if found.returncode:
        print(found.stdout[-2000:])
    return found.returncode == 0


def answers(database: str) -> bool:
    """Say whether there is a server to test on; SQLite needs none."""
    server = os.environ.get("MOOTHALL_TEST_SERVER", "root@127.0.0.1:5432").rpartition("@")[2]
    host, _, port = server.partition(":")
    try:
        with socket.create_connection((host, int(port or 5432)), timeout=2):
            return True
    except OSError:
        return database == "sqlite"


def main(databases: list[str]) -> int:
    well = [run(database) for database in databases or DATABASES if answers(database)]
    return 0 if all(well) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
