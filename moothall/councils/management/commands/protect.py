"""`moothall protect`: put up again what guards the tables, and say what stands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from moothall.councils import walls
from moothall.councils.errors import NotTheOwner
from moothall.journal import immutable


class Command(BaseCommand):
    help = (
        "Put up the triggers of tables that only grow and, on PostgreSQL, row-level security on every "
        "council-owned table; let the runtime role in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--role", default="", help="Runtime role; made if there is none. Default: the option's."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        role = options["role"] or connection.settings_dict.get("MOOTHALL_ROLE", "")
        self._put_triggers_back()
        if connection.vendor != "postgresql":
            self.stdout.write(
                "The embedded database has no second wall; use PostgreSQL for several live councils."
            )
            return
        try:
            tables = walls.build(role)
        except NotTheOwner as error:
            raise CommandError(f"{error.sentence} {error.advice}") from error
        self.stdout.write(f"{len(tables)} tables are walled: {', '.join(tables)}.")
        if not role:
            self.stdout.write("No runtime role is named (MOOTHALL_DATABASE_ROLE), so none was given rights.")
        elif walls.bypassed():
            self.stdout.write(self.style.ERROR("Work is done as a role that bypasses the walls."))

    def _put_triggers_back(self) -> None:
        with walls.as_owner():
            for table in immutable.unprotected(connection):
                immutable.protect(connection, table)
                self.stdout.write(f"{table} had lost the triggers that let it only grow; they are back.")
