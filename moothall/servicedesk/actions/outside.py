"""What other systems do with calls, by a key: log one, once; add what its user says, a note, or word to the user."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.plain.actors import Actor
from moothall.plain.canonical import canonical
from moothall.servicedesk.actions import calls, saying, working
from moothall.servicedesk.errors.channels import KeyOfItsOwn, NoIdempotencyKey
from moothall.servicedesk.models import ApiCall, ApiKey, Call
from moothall.servicedesk.models.calls import Channel
from moothall.servicedesk.queries.calls import call_seen, call_to_work
from moothall.servicedesk.queries.keys import viewer_of
from moothall.servicedesk.rules import kinds

_LONGEST = 100
USER, DESK, NOTE = "user", "desk", "note"


@dataclass(frozen=True, slots=True)
class Logged:
    """A call that another system logged; `is_new` is false if it had logged it before."""

    call: Call
    is_new: bool


@transaction.atomic
def log(
    *,
    key: ApiKey,
    idempotency: str,
    kind: str,
    answers: Mapping[str, Any],
    caller_name: str,
    caller_email: str,
    system: str,
    now: datetime,
) -> Logged:
    """Log a call of the key's council. The same idempotency key is the same call; for another one it is refused."""
    idempotency = idempotency.strip()
    if not 0 < len(idempotency) <= _LONGEST:
        raise NoIdempotencyKey
    asked = [kind, dict(answers), caller_name, caller_email, system]
    sha256 = hashlib.sha256(canonical(asked)).hexdigest()
    before: ApiCall | None = (
        ApiCall.objects.select_related("call").filter(key=key, idempotency=idempotency).first()
    )
    if before is not None:
        if before.sha256 != sha256:
            raise KeyOfItsOwn(key=idempotency)
        return Logged(before.call, is_new=False)
    call = _log(key, idempotency, kind, answers, caller_name, caller_email, system, now)
    ApiCall.objects.create(
        council_id=key.council_id, key=key, idempotency=idempotency, sha256=sha256, call=call, at=now
    )
    return Logged(call, is_new=True)


def _log(  # noqa: PLR0917 - each is one thing that was said
    key: ApiKey,
    idempotency: str,
    kind: str,
    answers: Mapping[str, Any],
    caller_name: str,
    caller_email: str,
    system: str,
    now: datetime,
) -> Call:
    staff = _staff(key.council_id, caller_email)
    used = estate.items_of(key.council_id, timezone.localdate(now))
    item = estate.item_named(system, used) if system else None
    given = dict(answers)
    if kind == kinds.REQUEST:
        given = {name: value for name, value in given.items() if name != "impact"} | {"approval": "none"}
    if system and item is None:
        given["system"] = system
    return calls.log_call(
        by=viewer_of(key),
        council=key.council,
        kind=kind,
        answers=given,
        now=now,
        submission=f"api:{key.pk}:{idempotency}",
        channel=Channel.API,
        requester_id=staff.user_id if staff is not None else None,
        caller_name=caller_name,
        caller_email=caller_email,
        item_id=item.pk if item is not None else None,
    )


def _staff(council_id: int, email: str) -> Staff | None:
    """Return the member of staff of this council who has an address."""
    if not email:
        return None
    rows = Staff.objects.filter(council_id=council_id, user__email__iexact=email, user__is_active=True)
    return rows.filter(ended_on=None).order_by("id").first()


@transaction.atomic
def add(*, key: ApiKey, reference: str, kind: str, text: str, by_name: str, now: datetime) -> Call:
    """Add to a call what its user says, a note, or word to the user; return the call in which that stands.

    What the user says is heard as a letter of theirs is: it answers a question, takes up again what was resolved, goes
    to the call that a merged one goes on as, and makes a new call of what is closed.
    """
    viewer = viewer_of(key)
    call = call_to_work(viewer, call_seen(viewer, reference).pk)
    if kind == DESK:
        return working.reply(by=viewer, call_id=call.pk, text=text, now=now)
    if kind == NOTE:
        return working.note(by=viewer, call_id=call.pk, text=text, now=now)
    user = Viewer(Actor("resident", None, (by_name or call.caller_name or viewer.actor.name)[:150]))
    heard = saying.hear(by=user, call=call, text=text, channel=Channel.API, now=now)
    return call_seen(viewer, heard.reference)
