"""A shared service desk that lives in a house: half a million calls of three councils over five years.

One quarter (25,000 calls) is brought in as calls of another system are, through the engine; each earlier quarter is a
copy of it by SQL, 13 weeks back, so that weekdays stay what they were. Only the newest quarter has open calls. A copy
has its own numbers, times and reference, and the same words; copies have no entries in the journal, which none of the
pages reads.
"""

import hashlib
import io
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

QUARTER, WEEKS, SEED, OPEN_SHARE = 25_000, 13, 1066, 0.12
NOW = datetime(2026, 11, 30, 10, 20, tzinfo=UTC)
HERE = Path(__file__)
SOUNDS = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "me", "nu", "pa", "re", "si", "to", "vu", "wa")


def key(calls: int) -> str:
    """Return what changes when the town would come out differently."""
    rooms = HERE.parents[2] / "moothall"
    files = [
        HERE,
        *sorted(rooms.glob("*/migrations/*.py")),
        *sorted(rooms.glob("servicedesk/processes/*.yaml")),
    ]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files) + str(calls).encode())
    return digest.hexdigest()[:10]


def asset(number: int) -> str:
    """Return a made-up word of which there is one for some twenty calls: what a search looks for."""
    return "".join(SOUNDS[(number >> shift) & 15] for shift in (0, 4, 8, 12)) + "x"


def build(calls: int) -> None:
    """Fill the migrated, empty house this process lives in."""
    from django.db import connection, transaction

    from moothall.config.demo import cast
    from moothall.councils import scope, walls

    _publish()
    company = cast.found(NOW)
    _bring_a_quarter(company, min(calls, QUARTER))
    with scope.everything("a benchmark builds its desk"), walls.as_owner(), transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # what a copy points to is copied too: nothing to check again
                cursor.execute("SET LOCAL session_replication_role = replica")
        for back in range(1, calls // QUARTER):
            _Copy(back).make()
        _after()
    with walls.as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _publish() -> None:
    from django.core.management import call_command

    call_command("process", "publish", verbosity=0, stdout=io.StringIO())


def _bring_a_quarter(company: Any, count: int) -> None:
    from moothall.config.demo.desk import calls as played
    from moothall.config.demo.desk.faults import FAULTS
    from moothall.councils import scope
    from moothall.councils.rules import Viewer
    from moothall.estate.models import Item
    from moothall.servicedesk.actions.importing import bring_in

    for code in sorted({fault.item for fault in FAULTS}):
        Item.objects.get_or_create(
            code=code, defaults={"name": code.replace("-", " ").title(), "kind": "application"}
        )
    chance = random.Random(SEED)
    since = NOW - timedelta(weeks=WEEKS)
    with scope.everything("a benchmark builds its desk"):
        known = played.company_of(company)
        for council, share in zip(company.councils.values(), (0.5, 0.3, 0.2), strict=True):
            rows = played.history(chance, known, council, int(count * share), since, NOW)
            bring_in(_lively(chance, rows), by=Viewer.system(), council=council, now=NOW, source="bench")


def _lively(chance: random.Random, rows: Iterator[Any]) -> Iterator[Any]:
    """Give each call a word that few others have, and leave some of them open."""
    for number, row in enumerate(rows):
        told = replace(
            row, detail=f"{row.detail} Asset {asset(chance.randrange(65536))}, room {number % 400}."
        )
        if chance.random() < OPEN_SHARE and row.state != "open":
            told = replace(told, state="open", resolved_at=None, closed_at=None, reopened=0)
        yield told


class _Copy:
    """One earlier quarter: every closed call of the newest, so many times thirteen weeks before."""

    def __init__(self, back: int) -> None:
        from django.db import connection

        self._connection = connection
        self._back = back
        self._days = back * WEEKS * 7

    def make(self) -> None:
        from moothall.process.models import Case, Clock, Event, Step
        from moothall.servicedesk.models import Call

        highest = self._number("SELECT MAX(id) FROM process_case WHERE id < 1000000000")
        base = self._base(highest)
        offset = base * self._back
        self._references(offset)
        closed = "c.status = 'closed'" + f" AND c.id <= {base}"
        self._copy(Case, f"process_case c JOIN bench_reference b ON b.id = c.id + {offset}", closed, offset,
                   id=f"c.id + {offset}", reference="b.reference")  # fmt: skip
        of_closed = f"x.case_id IN (SELECT c.id FROM process_case c WHERE {closed})"
        for model in (Step, Clock, Event):
            self._copy(
                model,
                f"{model._meta.db_table} x",
                of_closed,
                offset,
                id=None,
                case_id=f"x.case_id + {offset}",
            )
        self._copy(
            Call,
            f"servicedesk_call x JOIN bench_reference b ON b.id = x.case_id + {offset}",
            of_closed,
            offset,
            id=None,
            case_id=f"x.case_id + {offset}",
            reference="b.reference",
            submission="NULL",
        )
        self._sql(
            "INSERT INTO process_searchword (word, council_id, case_id) SELECT x.word, x.council_id,"
            f" x.case_id + {offset} FROM process_searchword x WHERE {of_closed} ORDER BY 1, 2, 3"
        )
        self._sql("DROP TABLE bench_reference")

    def _base(self, highest: int) -> int:
        """Return the highest number of the newest quarter; the first copy writes it down."""
        if self._back == 1:
            self._sql("CREATE TABLE bench_base (highest bigint)")
            self._sql(f"INSERT INTO bench_base VALUES ({highest})")
        return self._number("SELECT highest FROM bench_base")

    def _references(self, offset: int) -> None:
        """Give each copy a reference that nothing else has: among so many, two are drawn alike every other time."""
        from moothall.plain.references import new_reference

        self._sql("CREATE TABLE bench_reference (id bigint PRIMARY KEY, reference text)")
        base = self._number("SELECT highest FROM bench_base")
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, substr(reference, 1, 3) FROM process_case WHERE status = 'closed' AND id <= %s",
                [base],
            )
            wanted = cursor.fetchall()
            cursor.execute("SELECT reference FROM process_case")
            taken, rows = {reference for (reference,) in cursor.fetchall()}, []
            for number, prefix in wanted:
                reference = new_reference(prefix)
                while reference in taken:
                    reference = new_reference(prefix)
                taken.add(reference)
                rows.append((number + offset, reference))
            cursor.executemany("INSERT INTO bench_reference VALUES (%s, %s)", rows)

    def _copy(self, model: Any, source: str, where: str, offset: int, **changed: str | None) -> None:
        """Copy the rows of a table; `changed` says what a copy has instead, None what the database gives it."""
        del offset
        alias = "c" if source.startswith("process_case c") else "x"
        columns, values = [], []
        for field in model._meta.concrete_fields:
            if field.column in changed and changed[field.column] is None:
                continue
            columns.append(f'"{field.column}"')
            value = changed.get(field.column) or f'{alias}."{field.column}"'
            values.append(self._earlier(value) if field.get_internal_type() == "DateTimeField" else value)
        self._sql(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {source} WHERE {where}"
        )

    def _earlier(self, value: str) -> str:
        if self._connection.vendor == "postgresql":
            return f"CASE WHEN {value} > '9000-01-01' THEN {value} ELSE {value} - interval '{self._days} days' END"
        moved = f"strftime('%Y-%m-%d %H:%M:%f000', {value}, '-{self._days} days')"
        return f"CASE WHEN {value} > '9000-01-01' THEN {value} ELSE {moved} END"

    def _number(self, statement: str) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.fetchone()[0])

    def _sql(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)


def _after() -> None:
    """Let new cases go on after the copies, and forget what only the copying needed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_base")
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('process_case', 'id'), (SELECT MAX(id) FROM process_case))"
            )
