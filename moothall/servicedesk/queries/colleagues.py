"""For whom somebody may ask: people of their own council, and, with the permission, those whose calls they log."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.servicedesk.errors.calls import NoSuchColleague
from moothall.servicedesk.permissions import Can

MOST_FOUND = 12
_SHORTEST, _MOST_WORDS, _LONGEST = 2, 4, 100


def working_at(councils: Iterable[int], now: datetime) -> "QuerySet[Staff]":
    """Return who works for some councils now, and has an account that is open."""
    return working(sorted(councils), timezone.localdate(now))


def working(councils: Any, today: Any) -> "QuerySet[Staff]":
    """Return who works for some councils on a day, and has an account that is open; both may be slots (`prepared`)."""
    rows = Staff.objects.filter(Staff.here_on(today), council_id__in=councils, user__is_active=True)
    found: QuerySet[Staff] = rows.select_related("user", "council")
    return found


def named(rows: "QuerySet[Staff]", words: str) -> list[Staff]:
    """Return the first of some staff who have all the words in their name or email address; nobody for no words."""
    found = " ".join(words.split())[:_LONGEST].split()[:_MOST_WORDS]
    for word in found:
        rows = rows.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return list(rows.order_by("user__name", "pk")[:MOST_FOUND]) if found else []


def there_for(viewer: Viewer, now: datetime) -> "QuerySet[Staff]":
    """Return the staff for whom the viewer may ask; of people elsewhere nothing is known, not even that they exist."""
    own = {viewer.council_id} if viewer.is_staff and viewer.council_id is not None else set()
    return working_at(gate.councils(viewer, Can.LOG) | own, now)


def find(viewer: Viewer, words: str, now: datetime) -> list[Staff]:
    """Return who of them it may be, by all words of their name or email address; nobody by a single letter."""
    if len(words.strip()) < _SHORTEST:
        return []
    return named(there_for(viewer, now).exclude(user_id=viewer.actor.user_id or 0), words)


def colleague(viewer: Viewer, number: int | None, now: datetime) -> Staff:
    """Return one of them by their number; refuses anybody else, as though they did not exist."""
    found: Staff | None = there_for(viewer, now).filter(pk=number).first() if number else None
    if found is None:
        raise NoSuchColleague
    return found


def works_at(user_id: int | None, council_id: int, now: datetime) -> bool:
    """Say whether an account is that of somebody who works for a council now."""
    return working_at([council_id], now).filter(user_id=user_id or 0).exists()
