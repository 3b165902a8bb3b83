"""Logging a call: the case that it is worked on as, and where it goes. The same submission twice is one call."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council, Staff
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.journal import actions as journal
from moothall.process import actions as process
from moothall.process.errors import NoSuchProcess
from moothall.servicedesk import hooks
from moothall.servicedesk.actions.routing_to import again, send_to
from moothall.servicedesk.errors.calls import CallRefused, NotSetUp
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.colleagues import works_at
from moothall.servicedesk.rules import kinds

_FOR_ONESELF = frozenset({Kind.INCIDENT, Kind.REQUEST})


@transaction.atomic
def log_call(
    *,
    by: Viewer,
    council: Council,
    kind: str,
    answers: Mapping[str, Any],
    now: datetime,
    submission: str,
    channel: str = Channel.PORTAL,
    requester_id: int | None = None,
    asked_by_id: int | None = None,
    caller_name: str = "",
    caller_email: str = "",
    item_id: int | None = None,
    automatic: bool = False,
    logged_at: datetime | None = None,
) -> Call:
    """Log a call at the council of its user, and send it where the rules of the desk say.

    Anybody of the staff may log an incident or a request of their own at their own council, and ask there on behalf of
    a colleague (`asked_by_id` is they, `requester_id` the colleague). For others, and for other kinds, it takes the
    permission at that council. `answers` are those of the first step of the process. Sent twice
    (the same `submission`), the first call is the answer.
    """
    if not _is_own(by, council, kind, requester_id, asked_by_id, now):
        gate.allow(by, Can.LOG, council.pk)
    if (already := logged_as(council.pk, submission)) is not None:
        return already
    key = _key_of(council.pk, submission)
    item = _item(item_id)
    name, email = _caller(requester_id, caller_name, caller_email)
    told = {
        "submission": key,
        "channel": Channel(channel),
        "asked_by_id": asked_by_id,
        "caller_name": name[:150],
        "caller_email": email[:320],
        "item_id": item.pk if item else None,
        "automatic": automatic,
        **({"logged_at": logged_at} if logged_at else {}),
    }
    given = {**answers, **({"system": item.name} if item and not answers.get("system") else {})}
    call = _begin(by, council, kind, given, told, now, requester_id)
    sent = _send_on(call, now)
    journal.write(
        by=by.actor,
        what="servicedesk.call_logged",
        about=f"call:{call.pk}",
        council_id=council.pk,
        now=now,
        facts={"kind": kind, "channel": channel},
    )
    return again(call) if sent else call


def logged_as(council_id: int, submission: str) -> Call | None:
    """Return the call that a submission has made at a council, if it has made one."""
    found: Call | None = _sent_as.first(key=_key_of(council_id, submission))
    return found


def _key_of(council_id: int, submission: str) -> str:
    return f"{council_id}:{submission}"[:120]


@prepared
def _sent_as(key: Slot) -> Any:
    return Call.objects.filter(submission=key)


@prepared
def _accounts(user_id: Slot) -> Any:
    return Staff.objects.filter(user_id=user_id).order_by("id").values_list("user__name", "user__email")


def _is_own(
    by: Viewer,
    council: Council,
    kind: str,
    requester_id: int | None,
    asked_by_id: int | None,
    now: datetime,
) -> bool:
    """Say whether somebody logs what is their own, or asks at their own council on behalf of a colleague there."""
    me = by.actor.user_id
    if not by.is_staff or me is None or by.council_id != council.pk:
        return False
    if requester_id == me:
        return asked_by_id in {None, me} and kind in _FOR_ONESELF
    return kind == Kind.REQUEST and asked_by_id == me and works_at(requester_id, council.pk, now)


def _item(item_id: int | None) -> Item | None:
    if item_id is None:
        return None
    found = Item.objects.filter(pk=item_id).first()
    if found is None:
        why = "Choose a system from the list, or leave it out."
        raise CallRefused({"item": [why]}, why=why)
    return found


def _caller(requester_id: int | None, name: str, email: str) -> tuple[str, str]:
    """Return how the user is called and written to: an account's own, where there is one."""
    if requester_id is None:
        return name.strip(), email.strip().lower()
    row = _accounts.first(user_id=requester_id)
    return (row[0], row[1].lower()) if row else (name.strip(), email.strip().lower())


def _begin(  # noqa: PLR0917 - each is one thing that was said
    by: Viewer,
    council: Council,
    kind: str,
    answers: Mapping[str, Any],
    told: Mapping[str, Any],
    now: datetime,
    requester_id: int | None,
) -> Call:
    logging = hooks.BeingLogged(told)
    holding = hooks.being_logged.set(logging)
    try:
        process.start_case(
            by=by,
            council=council,
            process=kinds.PROCESS[kind],
            now=now,
            answers=answers,
            requester_id=requester_id,
            words=(told["caller_name"], told["caller_email"]),
        )
    except NoSuchProcess:
        raise NotSetUp(process=kinds.PROCESS[kind]) from None
    finally:
        hooks.being_logged.reset(holding)
    assert logging.call is not None
    return logging.call


def _send_on(call: Call, now: datetime) -> bool:
    """Ask the rules of the desk where a call goes, and say whether it was sent there; the first answer counts.

    Whose a change is, its process says.
    """
    if call.kind == Kind.CHANGE:
        return False
    for finder in hooks.routes:
        if (to := finder(call, now)) is not None:
            send_to(call=call, team_id=to.team_id, person_id=to.person_id, why=to.rule, now=now)
            return True
    return False
