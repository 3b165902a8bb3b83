"""Opening and closing a service at one council."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.requests import queries
from moothall.requests.models import CouncilService
from moothall.requests.permissions import Can


@transaction.atomic
def switch_service(
    *, by: Viewer, council: Council, service: str, is_open: bool, now: datetime, words: str = ""
) -> CouncilService:
    """Open a service, or close it and say why. Drafts under way are kept, and can be sent when it is open again."""
    gate.allow(by, Can.SWITCH, council.pk)
    queries.offer(by, council, service)
    row: CouncilService
    row, _ = CouncilService.objects.update_or_create(
        council=council, service=service, defaults={"is_open": is_open, "words": words.strip()[:500]}
    )
    journal.write(
        by=by.actor,
        what="service.opened" if is_open else "service.closed",
        about=f"service:{service}",
        council_id=council.pk,
        now=now,
        facts={"words": row.words},
    )
    return row
