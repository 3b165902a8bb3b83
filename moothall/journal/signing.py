"""What the identity room announces, written into the record: who signed in, and what changed about how they do."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from moothall.identity import actions as identity
from moothall.identity import hooks
from moothall.identity.models import User
from moothall.journal import actions
from moothall.journal.hooks import every
from moothall.plain.actors import SYSTEM, Actor


@every(3600, "identity.forget_sessions")
def forget_sessions(now: datetime) -> int:
    """Forget sessions that ended by their age: the room below has nobody who does work from time to time."""
    return identity.forget_sessions(now=now)


def keep(what: str, user: User | None, facts: Mapping[str, hooks.Fact]) -> None:
    """Write one entry about an account, by its owner as far as we know; nobody known stands under the house's name."""
    by, about = SYSTEM, "user:unknown"
    if user is not None and user.pk:
        by = Actor(kind="staff" if hooks.is_staff(user) else "resident", user_id=user.pk, name=str(user))
        about = f"user:{user.pk}"
    with transaction.atomic():
        actions.write(
            by=by,
            what=f"identity.{what}",
            about=about,
            council_id=None,
            now=timezone.now(),
            facts=dict(facts),
        )
