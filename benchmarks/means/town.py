"""A town that lives in a house: 100,000 cases, half of them open, over three councils.

Some hundreds of cases are played through the real actions (the demonstration's year); then each is copied by SQL until
there are enough, row for row: steps, clocks, events, search words, requests, messages. A copy has its own reference,
its own times, and of the words that few cases have (names, streets, postcodes) its own variant, so that what is common
stays common and what is rare stays rare. Copies have no entries in the journal, which none of the pages reads.
"""

import hashlib
import io
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SEEDS, SEED, VARIANTS, RARE = 800, 1066, 20, 3
NOW = datetime(2026, 11, 20, 15, 40, tzinfo=UTC)
HERE = Path(__file__)


def key(cases: int) -> str:
    """Return what changes when the town would come out differently."""
    rooms = HERE.parents[2] / "moothall"
    files = [HERE, *sorted(rooms.glob("*/migrations/*.py")), *sorted(rooms.glob("requests/processes/*.yaml"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + str(cases).encode()).hexdigest()[
        :10
    ]


def build(cases: int) -> None:
    """Fill the migrated, empty house this process lives in."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from moothall.config.demo import cast, year
    from moothall.councils import scope, walls

    now = NOW
    company = cast.found(now)
    call_command("process", "publish", verbosity=0, stdout=io.StringIO())
    year.play(company, min(SEEDS, cases // 4), now, lambda _number: None)
    with scope.everything("a benchmark builds its town"), walls.as_owner(), transaction.atomic():
        _Copies(cases).make()
    with walls.as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Copies:
    """Who is copied how often, as a table; then one statement for each table of a case."""

    def __init__(self, cases: int) -> None:
        from django.db import connection

        self._connection = connection
        self._cases = cases
        self._random = random.Random(SEED)

    def make(self) -> None:
        from moothall.messages.models import Message
        from moothall.process.models import Case, Clock, Event, Step
        from moothall.requests.models import Request

        self._list()
        self._copy(Case, "c.id", id="b.id", reference="b.reference", requester_id="NULL")
        for model in (Step, Clock, Event):
            self._copy(model, "c.case_id", id=None, case_id="b.id")
        secret = "substr(c.{0}, 1, {1}) || '-' || b.id"
        own = {name: secret.format(name, 24) for name in ("submission", "token_digest")}
        self._copy(Request, "c.case_id", id=None, case_id="b.id", requester_id="NULL", **own)
        about = {"about": "'case:' || b.id", "key": secret.format("key", 160)}
        self._copy(Message, "CAST(substr(c.about, 6) AS integer)", id=None, **about)
        self._words()
        self._sql("DROP TABLE bench_copy")
        self._sql("DROP TABLE bench_rare")
        if self._connection.vendor == "postgresql":
            self._sql(
                "SELECT setval(pg_get_serial_sequence('process_case', 'id'), (SELECT MAX(id) FROM process_case))"
            )

    def _list(self) -> None:
        """Write down each copy: of which case, its number and its reference."""
        from moothall.councils.models import Council
        from moothall.plain.references import new_reference
        from moothall.process.models import Case

        prefixes = dict(Council.objects.values_list("id", "reference_prefix"))
        found = list(Case.objects.values_list("id", "status", "council_id"))
        highest = max(number for number, _, _ in found)
        rows: list[tuple[Any, ...]] = []
        for status in ("open", "closed"):
            kind = [(number, council) for number, state, council in found if state == status]
            for _ in range(self._cases // 2 - len(kind)):
                old, council = self._random.choice(kind)
                reference = new_reference(prefixes[council])
                number = highest + len(rows) + 1
                rows.append(
                    (number, old, self._random.randrange(VARIANTS), self._random.randrange(2000), reference)
                )
        self._sql(
            "CREATE TABLE bench_copy (id bigint PRIMARY KEY, old bigint, variant integer, hours integer,"
            " reference text)"
        )
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_copy VALUES (%s, %s, %s, %s, %s)", rows)
        self._sql("CREATE INDEX bench_copy_old ON bench_copy (old)")

    def _copy(self, model: Any, of: str, **changed: str | None) -> None:
        """Copy the rows of a table; `changed` says what a copy has instead, None what the database gives it."""
        columns, values = [], []
        for field in model._meta.concrete_fields:
            if field.column in changed and changed[field.column] is None:
                continue
            columns.append(field.column)
            value = changed.get(field.column) or f"c.{field.column}"
            values.append(self._earlier(value) if field.get_internal_type() == "DateTimeField" else value)
        names = ", ".join(f'"{column}"' for column in columns)
        chosen = ", ".join(values).replace("c.to,", 'c."to",').replace("c.key", 'c."key"')
        table = model._meta.db_table
        self._sql(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} c JOIN bench_copy b ON b.old = {of}"
        )

    def _earlier(self, value: str) -> str:
        """Return a time some hours earlier; what is never due stays so."""
        if self._connection.vendor == "postgresql":
            return f"CASE WHEN {value} > '9000-01-01' THEN {value} ELSE {value} - b.hours * interval '1 hour' END"
        moved = f"strftime('%Y-%m-%d %H:%M:%f000', {value}, '-' || b.hours || ' hours')"
        return f"CASE WHEN {value} > '9000-01-01' THEN {value} ELSE {moved} END"

    def _words(self) -> None:
        word = "process_searchword"
        self._sql(
            f"CREATE TABLE bench_rare AS SELECT word FROM {word} GROUP BY word HAVING COUNT(DISTINCT case_id) <= {RARE}"
        )
        self._sql("CREATE INDEX bench_rare_word ON bench_rare (word)")
        letter = "chr(97 + b.variant)" if self._connection.vendor == "postgresql" else "char(97 + b.variant)"
        own = f"CASE WHEN b.variant = 0 OR r.word IS NULL THEN c.word ELSE substr(c.word, 1, 39) || {letter} END"
        self._sql(
            f"INSERT INTO {word} (word, council_id, case_id) SELECT DISTINCT {own}, c.council_id, b.id FROM {word} c"
            " JOIN bench_copy b ON b.old = c.case_id LEFT JOIN bench_rare r ON r.word = c.word"
            " ORDER BY 1, 2, 3"
        )
        for first, length in ((1, 3), (5, 4), (10, 4)):
            self._sql(
                f"INSERT INTO {word} (word, council_id, case_id)"
                f" SELECT lower(substr(b.reference, {first}, {length})), c.council_id, b.id"
                " FROM bench_copy b JOIN process_case c ON c.id = b.id WHERE true ON CONFLICT DO NOTHING"
            )

    def _sql(self, statement: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(statement)
