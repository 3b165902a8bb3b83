"""A whole house of its own, worked on from outside as an operator does: by commands, in processes of their own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).parents[2]
LIVE_IN = """
import django
django.setup()
from datetime import date
from django.db import transaction
from django.utils import timezone
from moothall.councils.models import Council, Partnership
from moothall.journal import actions as journal
from moothall.plain.actors import SYSTEM
Partnership.objects.create(name="A partnership")
ash = Council.objects.create(code="ashby", name="Ashby", kind="district", reference_prefix="ASH")
for number in range(20):
    with transaction.atomic():
        journal.write(by=SYSTEM, what="test.lived", about=f"day:{number}", council_id=ash.pk, now=timezone.now())
"""


@dataclass
class House:
    home: Path
    address: str = ""
    surroundings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MOOTHALL_HOME": str(self.home),
            "MOOTHALL_DATABASE_URL": self.address,
            "MOOTHALL_DATABASE_ROLE": "",
            "MOOTHALL_SECRET_KEY": "",
            "DJANGO_SETTINGS_MODULE": "moothall.config.settings",
            **self.surroundings,
        }

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run `moothall …` in this house."""
        command = [sys.executable, "-m", "moothall", *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def settle(self) -> None:
        """Make its tables, quicker than by its migrations."""
        words = "import django; django.setup(); from tests.tables import make_tables; make_tables()"
        command = [sys.executable, "-c", words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def live_in(self) -> None:
        """Make it a house that holds data: a council, and a record."""
        command = [sys.executable, "-c", LIVE_IN]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)
        files = self.home / "files" / "1"
        files.mkdir(parents=True)
        (files / "bin.jpg").write_bytes(b"a picture of a bin")

    def councils(self) -> list[str]:
        """Return the names of its councils."""
        words = "import django; django.setup(); from moothall.councils.models import Council; "
        words += "print(*Council.objects.values_list('name', flat=True), sep='|')"
        done = subprocess.run(
            [sys.executable, "-c", words], env=self.environment, check=True, capture_output=True, text=True
        )
        return [name for name in done.stdout.strip().split("|") if name]


@contextmanager
def house(home: Path) -> Iterator[House]:
    """Lend an empty house on the database of this run: a file, or a database on the same server."""
    home.mkdir(parents=True, exist_ok=True)
    if connection.vendor != "postgresql":
        yield House(home)
        return
    told = connection.settings_dict
    name = f"test_house_{secrets.token_hex(4)}"
    where = f"host={told['HOST']} port={told['PORT'] or 5432} user={told['USER']} dbname=postgres"
    with psycopg.connect(where, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield House(home, f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT'] or 5432}/{name}")
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
