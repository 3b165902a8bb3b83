"""The sealer: within a second, every entry becomes a link in the chain of its council."""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from moothall.journal import rules
from moothall.journal.models import Seal

BATCH = 5000
LOOK_BACK = 20_000  # numbers below the highest in which a new sealer looks for holes
HOLE_KEPT = 3600.0  # seconds; what takes longer to be committed is found by the next checkpoint

_HEAD = "SELECT seq, hash FROM journal_seal WHERE council_id = %s ORDER BY seq DESC LIMIT 1"
_INSERT = "INSERT INTO journal_seal (entry_id, council_id, seq, previous, hash)"
_UNNEST = " SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[])"

Row = tuple[Any, ...]
COUNCIL, WIDTH = 7, 10


def columns(connection: BaseDatabaseWrapper) -> str:
    """Return the columns of an entry that are hashed; the time as text, the same on both databases."""
    at = "to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
    if connection.vendor == "sqlite":
        at = "e.at || CASE WHEN instr(e.at, '.') THEN '' ELSE '.000000' END"
    rest = ("actor_kind", "user_id", "actor_name", "what", "about", "council_id", "facts", "request_id")
    return f"e.id, {at}, " + ", ".join(f"e.{name}" for name in rest)


class Sealer:
    """Seals what is new, and what was given a number earlier but was committed later.

    On PostgreSQL an entry may be committed after one with a higher number. So numbers that were passed over
    are kept as holes and looked at again; a new sealer, and every checkpoint, looks at everything once.
    Two sealers cannot fork a chain: a council's link number exists once, and the second one begins again.
    """

    def __init__(self) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._caught_up = False
        self._seen = 0
        self._holes: dict[int, float] = {}

    def seal(self, limit: int = BATCH) -> int:
        """Seal the next helping; return how many entries were sealed."""
        if not self._caught_up:
            return self._catch_up(limit)
        rows = self._select("e.id > %s", [self._seen], limit)
        fresh = [row for row in rows if row[WIDTH] is None]
        late = self._late()
        if not rows and not late:
            return 0
        sealed = self._link([*late, *fresh])
        if sealed < 0:
            return 0
        for row in late:
            del self._holes[row[0]]
        self._note_holes({row[0] for row in rows}, rows[-1][0] if rows else self._seen)
        return sealed

    def _catch_up(self, limit: int) -> int:
        rows = self._select("s.entry_id IS NULL AND e.id > %s", [self._seen], limit)
        sealed = self._link(rows)
        if sealed < 0:
            return 0
        if len(rows) == limit:
            self._seen = rows[-1][0]
            return sealed
        with self._connection.cursor() as cursor:
            cursor.execute("SELECT COALESCE(MAX(entry_id), 0) FROM journal_seal")
            highest = cursor.fetchone()[0]
            self._seen = max(highest - LOOK_BACK, 0)
            cursor.execute("SELECT id FROM journal_entry WHERE id > %s AND id <= %s", [self._seen, highest])
            self._note_holes({number for (number,) in cursor.fetchall()}, highest)
        self._caught_up = True
        return sealed

    def _note_holes(self, found: set[int], highest: int) -> None:
        now = time.monotonic()
        if self._connection.vendor == "postgresql" and len(found) < highest - self._seen:
            missing = set(range(max(self._seen, highest - LOOK_BACK) + 1, highest + 1)) - found
            self._holes.update(dict.fromkeys(missing, now))
            self._holes = {number: since for number, since in self._holes.items() if since > now - HOLE_KEPT}
        self._seen = highest

    def _late(self) -> list[Row]:
        if not self._holes:
            return []
        numbers = sorted(self._holes)[:LOOK_BACK]
        return self._select("s.entry_id IS NULL AND e.id = ANY(%s)", [numbers], len(numbers))

    def _select(self, where: str, values: Sequence[Any], limit: int) -> list[Row]:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {columns(self._connection)}, s.entry_id FROM journal_entry e"  # noqa: S608  (our words)
                f" LEFT JOIN journal_seal s ON s.entry_id = e.id WHERE {where} ORDER BY e.id LIMIT %s",
                [*values, limit],
            )
            return list(cursor.fetchall())

    def _link(self, rows: Sequence[Row]) -> int:
        """Add links; -1 if another sealer was quicker, and nothing was added."""
        if not rows:
            return 0
        links: list[Row] = []
        chains: dict[int, list[Row]] = defaultdict(list)
        for row in rows:
            chains[row[COUNCIL] or Seal.PARTNERSHIP].append(row)
        for council_id, entries in chains.items():
            seq, head = self._head(council_id)
            for seq, row in enumerate(entries, seq + 1):  # noqa: B020  (it goes on from the head)
                previous, head = head, rules.link(head, row[:WIDTH])
                links.append((row[0], council_id, seq, previous, head))
        try:
            with transaction.atomic():
                self._insert(links)
        except IntegrityError:
            return -1
        return len(links)

    def _head(self, council_id: int) -> tuple[int, str]:
        with self._connection.cursor() as cursor:
            cursor.execute(_HEAD, [council_id])
            return cursor.fetchone() or (0, rules.GENESIS)

    def _insert(self, links: Sequence[Row]) -> None:
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                cursor.execute(_INSERT + _UNNEST, [list(column) for column in zip(*links, strict=True)])
            else:
                cursor.executemany(f"{_INSERT} VALUES (%s, %s, %s, %s, %s)", links)


def seal_everything() -> int:
    """Look at the whole record once, and seal what is not sealed."""
    sealer, sealed = Sealer(), 0
    while helping := sealer.seal():
        sealed += helping
    return sealed
