"""The other end of the nest: gives the word, reads what was kept, kills, and looks at what is left."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.config.houses import House

ROOT = Path(__file__).parents[2]


class Nest:
    """One nest in a house; `environment` says in which."""

    def __init__(self, environment: dict[str, str], errors: Path) -> None:
        self._errors = errors
        self._words = errors.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nest"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
        )

    def tell(self, *words: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def hear(self, *until: str) -> list[list[str]]:
        """Return what is said, up to the first line that begins with one of these words."""
        heard = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            heard.append(line.split())
            if heard[-1] and heard[-1][0] in until:
                return heard
        raise AssertionError(f"The nest fell silent:\n{self._errors.read_text()[-2000:]}")

    def ask(self, *words: object, until: str = "ended") -> list[list[str]]:
        self.tell(*words)
        return self.hear(until)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._words.close()


@contextmanager
def nest(environment: dict[str, str], errors: Path) -> Iterator[Nest]:
    found = Nest(environment, errors)
    try:
        yield found
    finally:
        found.close()


@dataclass(frozen=True)
class Trial:
    """One killing: how many cases had been acknowledged, and what was found afterwards."""

    kept: int
    lost: int
    torn: int
    sound: bool


def kill_while_writing(
    found: Nest, seconds: float, writers: int = 3, workers: int = 1, least: int = 1
) -> dict[int, int]:
    """Let writers loose, kill them all with -9 some time after so many acknowledgements; return what was kept."""
    found.tell("write", writers, workers)
    heard = found.hear("pids")
    pids = [int(pid) for pid in heard[-1][1:]]
    while sum(words[0] == "kept" for words in heard) < least:
        heard += found.hear("kept")
    time.sleep(seconds)
    random.shuffle(pids)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    heard += found.hear("ended")
    kept: dict[int, int] = {}
    for words in heard:
        if words[0] == "kept" and len(words) == 3:
            kept[int(words[1])] = max(kept.get(int(words[1]), 0), int(words[2]))
    return kept


def select(house: House, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database of a house, past everything of ours."""
    if house.address:
        with psycopg.connect(house.address) as server:
            return server.execute(sql).fetchall()
    with closing(sqlite3.connect(house.home / "moothall.sqlite3")) as file:
        return file.execute(sql).fetchall()


_CASES = """
SELECT c.id, c.seq, COUNT(e.id), COALESCE(MAX(e.seq), 0) FROM process_case c
LEFT JOIN process_event e ON e.case_id = c.id GROUP BY c.id, c.seq
"""


def look(house: House, kept: dict[int, int]) -> Trial:
    """Say what became of acknowledged events, and whether anything was half-written."""
    cases = {row[0]: row[1:] for row in select(house, _CASES)}
    lost = sum(case_id not in cases or cases[case_id][0] < seq for case_id, seq in kept.items())
    torn = sum(not seq == events == last for seq, events, last in cases.values())
    without = "SELECT COUNT(*) FROM process_case c WHERE NOT EXISTS "
    about = "(SELECT 1 FROM journal_entry j WHERE j.about = 'case:' || c.id)"
    torn += select(house, without + about)[0][0]
    request = "(SELECT 1 FROM requests_request r WHERE r.case_id = c.id)"
    torn += select(house, f"{without}{request} AND c.process = 'missed-bin'")[0][0]
    sound = bool(house.address) or select(house, "PRAGMA integrity_check") == [("ok",)]
    return Trial(len(kept), lost, torn, sound=sound)


def done_twice(heard: Sequence[Sequence[str]]) -> int:
    """Count runs of a step that more than one process says it has done."""
    runs = Counter((words[1], words[2]) for words in heard if words[0] == "acted")
    return sum(count - 1 for count in runs.values())


def totals(heard: Sequence[Sequence[str]]) -> Counter[str]:
    """Add up what the racing processes say they did."""
    found: Counter[str] = Counter()
    for words in heard:
        if words[0] == "raced":
            found.update(json.loads(" ".join(words[1:])))
    return found
