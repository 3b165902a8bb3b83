"""For whom somebody may ask: people of their own council, and, with the permission, those whose calls they log."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.servicedesk.errors.calls import NoSuchColleague
from moothall.servicedesk.permissions import Can

MOST_FOUND = 12
_SHORTEST, _MOST_WORDS, _LONGEST = 2, 4, 100


def there_for(viewer: Viewer, now: datetime) -> "QuerySet[Staff]":
    """Return the staff for whom the viewer may ask; of people elsewhere nothing is known, not even that they exist."""
    councils = set(gate.councils(viewer, Can.LOG))
    if viewer.is_staff and viewer.council_id is not None:
        councils.add(viewer.council_id)
    working = Q(ended_on=None) | Q(ended_on__gte=timezone.localdate(now))
    rows: QuerySet[Staff] = Staff.objects.filter(
        working, council_id__in=sorted(councils), user__is_active=True
    )
    found: QuerySet[Staff] = rows.select_related("user", "council")
    return found


def find(viewer: Viewer, words: str, now: datetime) -> list[Staff]:
    """Return who of them it may be, by all words of their name or email address; nobody by a single letter."""
    text = " ".join(words.split())[:_LONGEST]
    if len(text) < _SHORTEST:
        return []
    rows = there_for(viewer, now).exclude(user_id=viewer.actor.user_id or 0)
    for word in text.split()[:_MOST_WORDS]:
        rows = rows.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return list(rows.order_by("user__name", "pk")[:MOST_FOUND])


def colleague(viewer: Viewer, number: int | None, now: datetime) -> Staff:
    """Return one of them by their number; refuses anybody else, as though they did not exist."""
    found: Staff | None = there_for(viewer, now).filter(pk=number).first() if number else None
    if found is None:
        raise NoSuchColleague
    return found


def works_at(user_id: int | None, council_id: int, now: datetime) -> bool:
    """Say whether an account is that of somebody who works for a council now."""
    working = Q(ended_on=None) | Q(ended_on__gte=timezone.localdate(now))
    return Staff.objects.filter(
        working, user_id=user_id or 0, council_id=council_id, user__is_active=True
    ).exists()
