"""Hearing of a call that is not one's own: an outage that one has too, or somebody whom the desk copies in."""

from datetime import datetime

from django.db import transaction

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.servicedesk.errors.following import NotToFollow
from moothall.servicedesk.models import Call, Follower, Outage
from moothall.servicedesk.queries.calls import call_to_work


@transaction.atomic
def follow_outage(*, by: Viewer, outage_id: int, now: datetime) -> Outage:
    """Let somebody of the staff hear of an outage that their own council knows of; asked twice, once is enough."""
    rows = Outage.objects.filter(pk=outage_id, council_id=by.council_id, ended_at=None)
    outage: Outage | None = (
        rows.select_related("item", "call", "major__call").first() if by.is_staff else None
    )
    call = _call_of(outage) if outage is not None else None
    if outage is None or call is None:
        raise NotToFollow
    row = Staff.objects.filter(pk=by.staff_id or 0).values_list("user_id", "user__name", "user__email").get()
    _add(call, row[0], row[1], row[2], now)
    _record(by, "servicedesk.outage_followed", call, now)
    return outage


@transaction.atomic
def copy_in(*, by: Viewer, call_id: int, email: str, name: str, now: datetime) -> Call:
    """Let somebody else hear what the user of a call hears."""
    call = call_to_work(by, call_id)
    _add(call, None, name.strip(), email.strip(), now)
    _record(by, "servicedesk.follower_added", call, now)
    return call


@transaction.atomic
def leave_out(*, by: Viewer, call_id: int, email: str, now: datetime) -> Call:
    """Let somebody hear of a call no more."""
    call = call_to_work(by, call_id)
    Follower.objects.filter(call_id=call.pk, email=email.strip().lower()).delete()
    _record(by, "servicedesk.follower_removed", call, now)
    return call


def _call_of(outage: Outage) -> Call | None:
    """Return the call by which an outage is worked on."""
    if outage.call is None and outage.major is not None:
        return outage.major.call
    return outage.call


def _add(call: Call, user_id: int | None, name: str, email: str, now: datetime) -> None:
    kept = email.lower()[:320]
    if kept == call.caller_email:
        return
    Follower.objects.get_or_create(
        call_id=call.pk,
        email=kept,
        defaults={"council_id": call.council_id, "user_id": user_id, "name": name[:150], "since": now},
    )


def _record(by: Viewer, what: str, call: Call, now: datetime) -> None:
    journal.write(by=by.actor, what=what, about=f"call:{call.pk}", council_id=call.council_id, now=now)
