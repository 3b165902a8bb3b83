"""What the migrations make of an empty database is what the models say, on which all other tests run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from moothall.journal import immutable
from tests.config.houses import house

TOLD = """
import django, json
django.setup()
from django.db import connection
from moothall.councils import walls
from tests.config.test_migrations import made
with walls.as_owner():
    print(json.dumps(made(connection)))
"""


def made(connection: Any) -> dict[str, Any]:
    """Return every table with its columns, keys, indexes and checks, however they are ordered or named."""
    guarded = {*immutable.tables(connection)} - {*immutable.unprotected(connection)}
    found: dict[str, Any] = {"only grow": sorted(guarded)}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(
                "auth_"
            ):  # Django's own, unused: its migrations make wider keys than its models
                continue
            columns = sorted(
                [each.name, str(each.type_code), bool(each.null_ok), each.default]
                for each in connection.introspection.get_table_description(cursor, table)
            )
            rules = connection.introspection.get_constraints(cursor, table)
            if (
                connection.vendor == "sqlite"
            ):  # which tells the columns of a primary key as the table has them
                cursor.execute(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
                rules |= {"__primary__": [name for (name,) in cursor.fetchall()]}
            found[table] = [
                columns,
                sorted(json.dumps(rule, sort_keys=True, default=str) for rule in rules.values()),
            ]
    return found


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say(tmp_path: Path) -> None:
    with house(tmp_path / "home") as found:
        done = found.run("migrate", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        told = subprocess.run(
            [sys.executable, "-c", TOLD], env=found.environment, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        migrated = json.loads(told.stdout.splitlines()[-1])
    ours = json.loads(json.dumps(made(connection)))
    assert migrated.keys() == ours.keys()
    for table, parts in ours.items():
        assert migrated[table] == parts, table
