"""`moothall migrate`: Django's, run as the owner of the tables, and followed by the walls between councils."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from moothall.councils import scope, walls
from moothall.councils.errors import NotTheOwner


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            walls.check_owner()
        except NotTheOwner as error:
            raise CommandError(f"{error.sentence} {error.advice}") from error
        with walls.as_owner(), scope.everything("migrations look after every council's rows"):
            super().handle(*args, **options)
            walls.build(connection.settings_dict.get("MOOTHALL_ROLE", ""))
