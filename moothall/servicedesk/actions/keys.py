"""Keys by which other systems log and read calls: made, shown once, counted while they are used, and ended."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.servicedesk.errors.channels import KeyMayNot, KeyNotKnown, KeyRefused, TooOften
from moothall.servicedesk.models import ApiKey
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.keys import PREFIX_LENGTH, SCOPES, START, digest, key_to_set_up

A_MINUTE = 600
"""How often one key may ask in a minute."""
_USE = (
    "UPDATE servicedesk_apikey SET asked = CASE WHEN minute = %s THEN asked + 1 ELSE 1 END, minute = %s, used_at = %s"
    " WHERE id = %s AND ended_at IS NULL RETURNING asked"
)


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key, and the secret itself, said this once."""

    key: ApiKey
    secret: str


@transaction.atomic
def make_key(*, by: Viewer, council: Council, name: str, may: Iterable[str], now: datetime) -> MadeKey:
    """Make a key for another system, at one council."""
    gate.allow(by, Can.SET_UP, council.pk)
    name, scopes = name.strip()[:100], sorted(set(may))
    wrong = {}
    if not name:
        wrong["name"] = ["Enter which system the key is for."]
    if not scopes or not SCOPES.keys() >= set(scopes):
        wrong["may"] = ["Select what the key may do."]
    if wrong:
        raise KeyRefused(wrong, why=" ".join(each[0] for each in wrong.values()))
    secret = START + secrets.token_urlsafe(32)
    key: ApiKey = ApiKey.objects.create(
        council=council,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        sha256=digest(secret),
        may=scopes,
        made_at=now,
        made_by=by.actor.name[:150],
    )
    _tell(by, "servicedesk.key_made", key, now, {"may": scopes})
    return MadeKey(key, secret)


@transaction.atomic
def end_key(*, by: Viewer, key_id: int, now: datetime) -> ApiKey:
    """End a key: from now on nobody gets in by it."""
    key = key_to_set_up(by, key_id)
    if key.ended_at is not None:
        raise KeyRefused(why="This key was ended already.")
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    _tell(by, "servicedesk.key_ended", key, now)
    return key


def use(key: ApiKey, now: datetime) -> None:
    """Count a use of a key; refuses when it asks too often, or was ended meanwhile."""
    minute = int(now.timestamp()) // 60
    with connection.cursor() as cursor:
        cursor.execute(_USE, [minute, minute, connection.ops.adapt_datetimefield_value(now), key.pk])
        row = cursor.fetchone()
    if row is None:
        raise KeyNotKnown
    if row[0] > A_MINUTE:
        raise TooOften(limit=A_MINUTE)


def check(key: ApiKey, scope: str) -> None:
    """Refuse what a key may not do."""
    if scope not in key.may:
        raise KeyMayNot(act=SCOPES[scope])


def _tell(by: Viewer, what: str, key: ApiKey, now: datetime, facts: dict[str, Any] | None = None) -> None:
    journal.write(
        by=by.actor, what=what, about=f"key:{key.pk}", council_id=key.council_id, now=now, facts=facts
    )
