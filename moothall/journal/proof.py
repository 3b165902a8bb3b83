"""The proof: recompute every chain, every checkpoint and every witness, and name what does not hold."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from moothall.journal import checkpoints, hooks, keys, rules, sealing
from moothall.journal.models import Seal

BATCH = 5000
GRACE = 2.0  # seconds in which a sealer takes in what PostgreSQL committed out of order

Wanted = dict[int, dict[int, list[tuple[str, str]]]]  # council -> link number -> (checkpoint, hash)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold, and where."""

    kind: str
    words: str
    council_id: int | None = None
    seq: int | None = None
    entry_id: int | None = None

    def __str__(self) -> str:
        where = [
            f"{name} {value}"
            for name, value in (("council", self.council_id), ("link", self.seq), ("entry", self.entry_id))
            if value is not None
        ]
        return f"{self.kind.upper()} {', '.join(where) or 'journal'}: {self.words}"


@dataclass(slots=True)
class Report:
    """What was checked, and what does not hold."""

    chains: int = 0
    links: int = 0
    witnessed: int = 0
    checkpoints: int = 0
    late: int = 0
    unsealed: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)


def verify(home: Path, files: Sequence[Path] = ()) -> Report:
    """Check everything, streaming. `files` are checkpoints that were kept elsewhere."""
    with hooks.whole_house("journal.verify"):
        return _verify(home, files)


def _verify(home: Path, files: Sequence[Path]) -> Report:
    began, report = time.perf_counter(), Report()
    wanted = _claims(home, files, report)
    ends = {council_id: seq for council_id, (seq, _) in checkpoints.heads().items()}
    for council_id in sorted(ends.keys() | wanted.keys()):
        report.chains += council_id in ends
        fault = _Chain(council_id, wanted.get(council_id, {}), report).check()
        if fault:
            report.faults.append(fault)
    for name, witness in hooks.witnesses.items():
        for words in witness.strays() if witness.strays else ():
            report.faults.append(Fault("stray", f"{name}: {words}"))
    _look_for_unsealed(report)
    report.seconds = time.perf_counter() - began
    return report


def _claims(home: Path, files: Sequence[Path], report: Report) -> Wanted:
    known = keys.known(home)
    own = sorted((home / "checkpoints").glob("*.json"))
    claims = checkpoints.claims_of_rows(known)
    claims += [checkpoints.claim_of_file(path, known) for path in (*own, *files)]
    wanted: Wanted = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        report.checkpoints += 1
        if claim.fault:
            report.faults.append(Fault("checkpoint", f"{claim.name}: {claim.fault}"))
        for council_id, (seq, head) in claim.heads.items():
            wanted[council_id][seq].append((claim.name, head))
    return wanted


class _Chain:
    """One council's chain, walked from its first link to its first fault."""

    def __init__(self, council_id: int, wanted: Mapping[int, list[tuple[str, str]]], report: Report) -> None:
        self.council_id = council_id
        self.wanted = wanted
        self.report = report
        self.seq, self.head, self.highest = 0, rules.GENESIS, 0

    def check(self) -> Fault | None:
        for rows in self._batches():
            fault, sound = None, 0
            for row in rows:
                if fault := self._link(row):
                    break
                sound += 1
            self.report.links += sound
            if lie := self._ask_witnesses(rows[:sound]):
                return lie
            if fault:
                return fault
        return self._cut_off()

    def _batches(self) -> Iterator[list[sealing.Row]]:
        connection = connections[DEFAULT_DB_ALIAS]
        sql = (
            f"SELECT {sealing.columns(connection)}, s.seq, s.entry_id, s.previous, s.hash"  # noqa: S608  (our words)
            " FROM journal_seal s LEFT JOIN journal_entry e ON e.id = s.entry_id"
            " WHERE s.council_id = %s AND s.seq > %s ORDER BY s.seq LIMIT %s"
        )
        after = -(2**62)
        while True:
            with connection.cursor() as cursor:
                cursor.execute(sql, [self.council_id, after, BATCH])
                rows = cursor.fetchall()
            if not rows:
                return
            yield rows
            after = rows[-1][sealing.WIDTH]

    def _link(self, row: sealing.Row) -> Fault | None:
        seq, entry_id, _, stored = row[sealing.WIDTH :]
        if seq != self.seq + 1:
            words = f"the chain goes from link {self.seq} to link {seq}"
            return self._fault("missing", words, self.seq + 1, None)
        if wrong := self._wrong(row):
            return self._fault(*wrong, seq, entry_id)
        for name, head in self.wanted.get(seq, ()):
            if head != stored:
                words = f"the chain is not the one that {name} signed"
                return self._fault("rewritten", words, seq, entry_id)
        self.report.late += entry_id < self.highest
        self.seq, self.head, self.highest = seq, stored, max(entry_id, self.highest)
        return None

    def _wrong(self, row: sealing.Row) -> tuple[str, str] | None:
        previous, stored = row[sealing.WIDTH + 2 :]
        if row[0] is None:
            return "missing", "the entry is gone, its seal is still here"
        if previous != self.head:
            return "out of order", "the link does not follow the one before it"
        if (row[sealing.COUNCIL] or Seal.PARTNERSHIP) != self.council_id:
            return "altered", "the entry is another council's now"
        if rules.link(previous, row[: sealing.WIDTH]) != stored:
            return "altered", "the entry or its seal is not what was sealed"
        return None

    def _cut_off(self) -> Fault | None:
        beyond = [(seq, name) for seq, signed in self.wanted.items() for name, _ in signed if seq > self.seq]
        if not beyond:
            return None
        seq, name = max(beyond)
        words = f"the chain ends at link {self.seq}, but {name} signed link {seq}"
        return self._fault("truncated", words, self.seq + 1, None)

    def _ask_witnesses(self, rows: Iterable[sealing.Row]) -> Fault | None:
        said: dict[str, list[hooks.Testimony]] = defaultdict(list)
        for row in rows:
            if '"witness":' in row[8] and isinstance(facts := json.loads(row[8]), dict):
                said[str(facts.get("witness"))].append(hooks.Testimony(row[0], row[5], row[6], row[7], facts))
        for name, testimonies in said.items():
            if name not in hooks.witnesses:
                return self._fault(
                    "witness", f"nobody here can witness {name}", None, testimonies[0].entry_id
                )
            found = hooks.witnesses[name].digests(testimonies)
            self.report.witnessed += len(testimonies)
            for told in testimonies:
                if (now := found.get(told.entry_id)) != told.facts.get("digest"):
                    words = f"the rows of {told.about} are " + (
                        "gone" if now is None else "not what they were"
                    )
                    return self._fault("witness", words, None, told.entry_id)
        return None

    def _fault(self, kind: str, words: str, seq: int | None, entry_id: int | None) -> Fault:
        return Fault(kind, words, self.council_id, seq, entry_id)


def _look_for_unsealed(report: Report) -> None:
    """Count what is not sealed yet. One below the last sealed entry that no sealer takes in was put there."""
    deadline = time.monotonic() + (GRACE if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else 0.0)
    while True:
        report.unsealed, first, highest = _unsealed()
        if first is None or first > highest:
            return
        if time.monotonic() >= deadline:
            words = "the entry is not sealed, though later ones are"
            report.faults.append(Fault("inserted", words, entry_id=first))
            return
        time.sleep(GRACE / 10)


def _unsealed() -> tuple[Any, Any, Any]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), MIN(e.id), (SELECT COALESCE(MAX(entry_id), 0) FROM journal_seal)"
            " FROM journal_entry e LEFT JOIN journal_seal s ON s.entry_id = e.id WHERE s.entry_id IS NULL"
        )
        count, first, highest = cursor.fetchone()
        return count, first, highest
