"""A register of a million people with five million contacts: three councils that share it, laid down in bulk.

The people are those of the tests (`tests/persons/population.py`): whole households. What a council holds of each is
written as the register itself would: facts, the record in short, keys and vocabulary. Nothing of it is in the journal,
which nothing reads that is measured here. Everything goes in by primary key in order, by COPY on PostgreSQL.
"""

import ast
import hashlib
import json
import random
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HERE = Path(__file__)
CHUNK = 20_000
AT = "2026-06-01 09:00:00"
ROOMS = ("councils", "process", "persons", "contacts")
HOLDERS = ("ash", "elm", "oak")
TABLES = {
    "persons_person": ("id", "reference", "created_at"),
    "persons_record": (
        "id", "council_id", "person_id", "origin_id", "state", "name", "born", "address", "traits", "source",
        "created_at", "created_by", "changed_at", "seq",
    ),
    "persons_fact": (
        "council_id", "record_id", "kind", "body", "circle", "source", "source_at", "recorded_at", "recorded_by",
        "ended_by", "ended_why",
    ),
    "persons_findkey": ("key", "council_id", "record_id"),
    "persons_spelling": ("variant", "council_id", "word"),
    "contacts_contact": (
        "council_id", "record_id", "channel", "direction", "at", "seconds", "address", "given_name", "about", "summary",
        "outcome", "resolved", "avoidable", "by", "submission", "created_at",
    ),
}  # fmt: skip


def key(people: int, contacts: int) -> str:
    """Return what changes when the register would come out differently."""
    house = HERE.parents[2]
    files = [
        HERE,
        house / "moothall/persons/rules/keys.py",
        house / "moothall/persons/rules/known.py",
        *(file for room in ROOMS for file in sorted((house / f"moothall/{room}/migrations").glob("*.py"))),
        *sorted((house / "tests/persons").glob("population*.py")),
    ]
    meant = "".join(
        ast.dump(ast.parse(file.read_text(encoding="utf-8"))) for file in files
    )  # not how it is laid out
    return hashlib.sha256(f"{meant} {people} {contacts}".encode()).hexdigest()[:10]


def build(people: int, contacts: int) -> None:
    """Fill the migrated, empty house this process lives in."""
    from django.db import connection, transaction

    from moothall.councils import scope, walls

    with scope.everything("a benchmark builds its register"), walls.as_owner():
        councils = found()
        with transaction.atomic():
            fill("contacts_contact", contact_rows(contacts, lay(people, councils)))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                for table in ("persons_person", "persons_record"):
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT MAX(id) FROM {table}))"
                    )
                cursor.execute("VACUUM ANALYZE")
            else:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute("ANALYZE")


def found() -> list[int]:
    """Make three councils that share their registers, and an adviser at the first who works for all three."""
    from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team

    councils = [make_council(code=code, name=f"{code.title()} District Council") for code in HOLDERS]
    agreement = make_agreement(councils=tuple(councils), kinds=("persons", "contacts", "requests", "process"))
    staff = make_staff(council=councils[0], roles=("adviser",))
    for council in councils[1:]:
        make_grant(staff=staff, role="adviser", council=council, agreement=agreement)
    make_team(council=councils[0], function="contact-centre", serves=tuple(councils), members=(staff,))
    return [council.pk for council in councils]


def council_of(household: int, councils: Sequence[int]) -> int:
    """Return the council of a household: one town after another."""
    from tests.persons.population_homes import HOMES, UNITS

    return councils[household // (HOMES * UNITS * 3) % len(councils)]


def lay(people: int, councils: Sequence[int]) -> list[tuple[int, str]]:
    """Lay down people, records, facts, keys and the vocabulary; return each one's council and phone."""
    import numpy as np

    from moothall.persons.rules import keys
    from tests.persons.population import register

    numbers, owners, held_by = array("q"), array("q"), array("q", [0])
    names: dict[int, set[str]] = {council: set() for council in councils}
    given: set[str] = set()
    reached: list[tuple[int, str]] = []
    held = enumerate(register(people), start=1)
    for some in chunks(held, CHUNK):
        lines: dict[str, list[tuple[Any, ...]]] = {name: [] for name in list(TABLES)[:3]}
        for number, (person, known) in some:
            council = council_of(person.household, councils)
            lines["persons_person"].append((number, reference(given), AT))
            for_one(lines, number, council, known)
            held_by.append(council)
            reached.append((council, person.phone))
            mine = keys.every(known)
            numbers.extend(mine)
            owners.extend([number] * len(mine))
            names[council] |= keys.names(known)
        for table, rows in lines.items():
            fill(table, rows)
    values, ids = np.frombuffer(numbers, dtype="q"), np.frombuffer(owners, dtype="q")
    councils_of = np.frombuffer(held_by, dtype="q")[ids]
    order = np.lexsort((ids, councils_of, values))
    for first in range(0, len(order), CHUNK * 10):
        part = order[first : first + CHUNK * 10]
        fill(
            "persons_findkey",
            zip(values[part].tolist(), councils_of[part].tolist(), ids[part].tolist(), strict=True),
        )
    vocabulary = sorted(
        (variant, council, word)
        for council, words in names.items()
        for word in words
        for variant in keys.spellings(word)
    )
    fill("persons_spelling", vocabulary)
    return reached


def reference(given: set[str]) -> str:
    """Return a reference that nobody has: among a million random ones, some dozen pairs are alike."""
    from moothall.plain.references import new_reference

    while (new := new_reference("PSN")) in given:
        pass
    given.add(new)
    return new


def for_one(lines: dict[str, list[tuple[Any, ...]]], number: int, council: int, known: Any) -> None:
    """Write down one person: the record in short, and the facts."""
    facts = facts_of(known)
    name = next((f"{body['given']} {body['family']}" for kind, body in facts if kind == "name"), "")
    place = next((body["place"] for kind, body in facts if kind == "address"), None)
    address = f"{place['line1']}, {place['town']}, {place['postcode']}" if place else ""
    born = known.born.isoformat() if known.born else None
    traits = json.dumps(known.traits)
    lines["persons_record"].append(
        (
            number,
            council,
            number,
            number,
            "active",
            name,
            born,
            address,
            traits,
            "import:bench",
            AT,
            "Import",
            AT,
            1,
        )
    )
    lines["persons_fact"] += [
        (council, number, kind, json.dumps(body), "", "import:bench", AT, AT, "Import", "", "")
        for kind, body in facts
    ]


def facts_of(known: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return what is known as facts: the other way round than the register goes."""
    found: list[tuple[str, dict[str, Any]]] = []
    for place, name in enumerate(known.names):
        use = "usual" if not place else "former" if name.given == known.names[0].given else "known-as"
        parts = {"given": name.given, "middle": name.middle, "family": name.family}
        found.append(
            (
                "name",
                {part: text.title() for part, text in parts.items() if text or part != "middle"}
                | {"use": use},
            )
        )
    if known.born:
        found.append(("birth", {"precision": "exact", "date": known.born.isoformat()}))
    for home in known.places:
        postcode = f"{home.postcode[:-3]} {home.postcode[-3:]}".upper()
        written = {"line1": home.line.title(), "town": "Alderbridge", "postcode": postcode}
        found.append(
            (
                "address",
                {"place": written | ({"uprn": home.uprn.zfill(12)} if home.uprn else {}), "use": "home"},
            )
        )
    found += [("phone", {"number": phone, "use": "mobile"}) for phone in known.phones]
    found += [("email", {"address": email}) for email in known.emails]
    for scheme, values in known.identifiers.items():
        found += [("identifier", {"scheme": scheme, "value": value.upper()}) for value in values]
    return found


def contact_rows(contacts: int, reached: Sequence[tuple[int, str]]) -> Iterator[tuple[Any, ...]]:
    """Give contacts, some people's many and most people's few, each person's one after the other."""
    rng = random.Random(1066)
    made, people = 0, len(reached)
    for number, (council, phone) in enumerate(reached, start=1):
        wanted = round(contacts * number / people) - made if rng.random() < 0.5 else 0
        wanted = wanted if number < people else contacts - made
        for _ in range(max(0, wanted)):
            made += 1
            at = f"{NOW - timedelta(minutes=int(rng.random() * 2_600_000)):%Y-%m-%d %H:%M:%S}"
            yield (
                council, number, ("phone", "phone", "e-mail", "web", "face-to-face")[made % 5], "in", at, made % 900,
                phone, "", "missed-bin", "Asked when the bin will be emptied, and was told.",
                ("answered", "request", "call-back")[made % 3], made % 3 == 0, "progress" if made % 7 == 0 else "",
                "An adviser", f"bench-{made:09}", at,
            )  # fmt: skip


def chunks(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def fill(table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Put rows into a table as fast as the database takes them."""
    from django.db import connection

    more = others(table)
    columns, extra = ", ".join((*TABLES[table], *more)), tuple(more.values())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row((*row, *extra))
            return
        places = ", ".join(["%s"] * (len(TABLES[table]) + len(extra)))
        for some in chunks(rows, CHUNK):
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({places})", [(*row, *extra) for row in some]
            )


def others(table: str) -> dict[str, Any]:
    """Return the columns that a row must have and are not told here, with what the house itself would put there."""
    from django.apps import apps

    model = next(each for each in apps.get_models() if each._meta.db_table == table)
    return {
        field.column: field.get_default()
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key) and field.column not in TABLES[table]
    }


def adviser() -> Any:
    """Return the member of staff who looks."""
    from moothall.councils.models import Staff

    return Staff.objects.get(teams__function="contact-centre")
