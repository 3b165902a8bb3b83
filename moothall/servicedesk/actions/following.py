"""What concerns more people than whoever called: an outage that one has too, and those who hear of a call beside."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.joining import put_under
from moothall.servicedesk.actions.routing_to import again
from moothall.servicedesk.errors.following import NotToFollow
from moothall.servicedesk.models import Call, Follower, Outage
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.queries.calls import call_to_work

_ANSWERS = {"category": "other", "impact": "one-person", "urgency": "no"}


@transaction.atomic
def have_it_too(*, by: Viewer, outage_id: int, now: datetime) -> Call:
    """Let somebody of the staff say that they have an outage of their council too; said twice, it is one call.

    The call is their own, and hangs under the one by which the outage is worked on, wherever that is: they hear what
    everybody hears who has it, and nothing else of that call.
    """
    going_on = Q(ended_at=None) | Q(ended_at__gt=now)
    rows = Outage.objects.filter(going_on, pk=outage_id, council_id=by.council_id, planned=False)
    outage: Outage | None = rows.select_related("item").first() if by.is_staff else None
    if outage is None:
        raise NotToFollow
    call = log_call(
        by=by,
        council=Council.objects.get(pk=outage.council_id),
        kind=Kind.INCIDENT,
        answers={
            "summary": f"{outage.item.name}: {'working badly' if outage.degraded else 'not working'}",
            **_ANSWERS,
        },
        now=now,
        submission=f"outage:{outage.pk}:{by.actor.user_id}",
        requester_id=by.actor.user_id,
        item_id=outage.item_id,
    )
    if call.parent_id is None and call.open:
        _hang_under(call, outage, now)
    return again(call)


def _hang_under(call: Call, outage: Outage, now: datetime) -> None:
    """Put a call under the one by which an outage is worked on; if that is not open, it is worked on by itself."""
    with scope.everything("an outage may be worked on at another council than its user's"):
        parent_id = outage.call_id or (outage.major.call_id if outage.major is not None else None)
        if parent_id is None or parent_id == call.pk:
            return
        try:
            put_under(by=Viewer.system(), call_id=call.pk, parent_id=parent_id, now=now)
        except HouseError:
            return


@transaction.atomic
def copy_in(*, by: Viewer, call_id: int, email: str, name: str, now: datetime) -> Call:
    """Let somebody else hear what the user of a call hears."""
    call = call_to_work(by, call_id)
    kept = email.strip().lower()[:320]
    if kept != call.caller_email:
        Follower.objects.get_or_create(
            call_id=call.pk,
            email=kept,
            defaults={"council_id": call.council_id, "name": name.strip()[:150], "since": now},
        )
    _record(by, "servicedesk.follower_added", call, now)
    return call


@transaction.atomic
def leave_out(*, by: Viewer, call_id: int, follower_id: int, now: datetime) -> Call:
    """Let somebody hear of a call no more."""
    call = call_to_work(by, call_id)
    Follower.objects.filter(call_id=call.pk, pk=follower_id).delete()
    _record(by, "servicedesk.follower_removed", call, now)
    return call


def _record(by: Viewer, what: str, call: Call, now: datetime) -> None:
    journal.write(by=by.actor, what=what, about=f"call:{call.pk}", council_id=call.council_id, now=now)
