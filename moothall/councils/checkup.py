"""What `moothall doctor` asks about the councils; the walls are asked about at the roof."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection

from moothall.councils.models import Council, Grant
from moothall.councils.roles import ADMINISTRATOR
from moothall.plain.checkup import Finding, advice, problem


def check(_: datetime) -> Iterator[Finding]:
    """Ask whether the database fits, and whether somebody looks after the partnership."""
    number = Council.objects.count()
    if connection.vendor == "sqlite" and number > 1:
        yield advice(
            "Several councils share the embedded database, which has only one wall between them.",
            "Move to PostgreSQL before they work with residents' real data: see MOOTHALL_DATABASE_URL.",
        )
    if not number:
        yield advice("There is no council yet.", "Add one: moothall council add --help.")
    elif not Grant.objects.filter(
        role=ADMINISTRATOR, staff__ended_on=None, staff__user__is_active=True
    ).exists():
        yield problem(
            "Nobody is a partnership administrator, so nobody can give the roles that reach furthest.",
            f"Add one: moothall staff add --role {ADMINISTRATOR} …",
        )
