"""Test data of the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.journal.actions import write
from moothall.plain.actors import Actor

ADA = Actor(kind="staff", user_id=7, name="Ada Ashworth")


def make_entries(
    count: int,
    *,
    now: datetime,
    councils: tuple[int | None, ...] = (1,),
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write entries, council by council in turn."""
    with transaction.atomic():
        for number in range(count):
            write(
                by=ADA,
                what="case.noted",
                about=f"case:{number % 50}",
                council_id=councils[number % len(councils)],
                now=now,
                facts={"note": f"number {number}"} | dict(facts or {}),
            )
