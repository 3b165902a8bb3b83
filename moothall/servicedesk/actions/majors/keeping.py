"""What every change of a major incident has in common: a line in its timeline, the record, and letters about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from moothall.councils.models import Staff, Team
from moothall.councils.queries import team_serving
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.messages.actions import send_email
from moothall.messages.models import Message
from moothall.servicedesk.models import Major, RoomEntry

HOUSE = "Moothall"


def keep_line(
    major: Major,
    text: str,
    *,
    by: str,
    at: datetime,
    now: datetime,
    kind: str = RoomEntry.Kind.FACT,
    corrects: RoomEntry | None = None,
) -> RoomEntry:
    """Write a line into the timeline. No line is ever changed: one that puts another right says so."""
    kept: RoomEntry = RoomEntry.objects.create(
        council_id=major.council_id,
        major=major,
        kind=kind,
        at=at,
        text=text,
        by=by[:150],
        written_at=now,
        corrects=corrects,
    )
    return kept


def record(by: Viewer, what: str, major: Major, now: datetime, **facts: Any) -> None:
    """Write into the record what was done about a major incident."""
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"major:{major.pk}",
        council_id=major.council_id,
        now=now,
        facts=facts,
    )


def address_of(major: Major, page: str = "") -> str:
    """Return the address of the room of a major incident, or of one of its pages."""
    return f"{settings.PUBLIC_URL}/work/desk/majors/{major.case.reference}/{page}"


def write_to(
    major: Major,
    addresses: Iterable[str],
    *,
    subject: str,
    body: str,
    key: str,
    now: datetime,
    council_id: int | None = None,
) -> int:
    """Send the same letter to some addresses, each once for a key; return how many were written to now."""
    number = 0
    for address in dict.fromkeys(each.strip().lower() for each in addresses):
        own = f"major:{major.pk}:{key}:{address}"[:180]
        if not address or Message.objects.filter(key=own).exists():
            continue
        send_email(
            council_id=council_id or major.council_id,
            about=f"major:{major.pk}",
            to=address,
            subject=subject,
            body=body,
            key=own,
            now=now,
        )
        number += 1
    return number


def addresses_of(function: str, council_id: int, *, employed_at: int | None = None) -> list[str]:
    """Return where a team that serves a council is written to: its own address, or its members'.

    With `employed_at`, only those of its members who work for that council.
    """
    team_id = team_serving(function, council_id)
    if team_id is None:
        return []
    team = Team.objects.get(pk=team_id)
    if team.email and employed_at is None:
        return [team.email]
    rows = Staff.objects.filter(memberships__team=team, ended_on=None, user__is_active=True)
    if employed_at is not None:
        rows = rows.filter(council_id=employed_at)
    return list(rows.order_by("pk").values_list("user__email", flat=True))
