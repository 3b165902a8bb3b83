"""A system is away for a council's users: begun, said in words, and ended; or planned, and agreed with the council."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate.actions import plan_maintenance
from moothall.estate.models import Item
from moothall.journal import actions as journal
from moothall.servicedesk.errors.majors import NotNow, NotSaid
from moothall.servicedesk.models import Outage
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import outages as queries
from moothall.servicedesk.rules.majors import AHEAD
from moothall.servicedesk.rules.outages import PUBLIC_LENGTH

MOST_USERS = 1_000_000
EARLIEST = timedelta(days=366)


@transaction.atomic
def start_outage(
    *,
    by: Viewer,
    council_id: int,
    item_id: int,
    now: datetime,
    started_at: datetime | None = None,
    users: int | None = None,
    public: str = "",
    degraded: bool = False,
    call_id: int | None = None,
    major_id: int | None = None,
) -> Outage:
    """Say that an item is away for a council. Without `users`, it is as many as use it there.

    Refuses a second one while one goes on, a time that is still to come, and one that is over a year past.
    """
    gate.allow(by, Can.WORK, council_id)
    item = _item(item_id)
    began = started_at or now
    _check(began, now, users, public)
    if Outage.objects.filter(
        council_id=council_id, item=item, ended_at=None, planned=False, degraded=degraded
    ).exists():
        raise NotSaid(
            {"item": ["It is recorded as away already."]}, why=f"{item} is recorded as away already."
        )
    kept: Outage = Outage.objects.create(
        council_id=council_id,
        item=item,
        call_id=call_id,
        major_id=major_id,
        degraded=degraded,
        users=queries.users_of(council_id, item.pk, now) if users is None else users,
        public=public.strip(),
        started_at=min(began, now),
        by=by.actor.name[:150],
    )
    _record(by, "servicedesk.outage_started", kept, now, users=kept.users)
    return kept


def _item(item_id: int) -> Item:
    found = Item.objects.filter(pk=item_id).first()
    if found is None:
        raise NotSaid({"item": ["Choose a system from the list."]}, why="Choose a system from the list.")
    return found


def _check(began: datetime, now: datetime, users: int | None, public: str) -> None:
    wrong: dict[str, list[str]] = {}
    if began > now + AHEAD:
        wrong["started_at"] = ["The time must not be still to come. Planned work is recorded as maintenance."]
    elif began < now - EARLIEST:
        wrong["started_at"] = ["The time must be within the last year."]
    if users is not None and not 0 <= users <= MOST_USERS:
        wrong["users"] = ["Enter how many people are hit, as a whole number."]
    if len(public.strip()) > PUBLIC_LENGTH:
        wrong["public"] = [f"Use {PUBLIC_LENGTH} characters or fewer."]
    if wrong:
        raise NotSaid(wrong, why=next(iter(wrong.values()))[0])


@transaction.atomic
def say_outage(*, by: Viewer, outage_id: int, public: str, now: datetime, users: int | None = None) -> Outage:
    """Change what users read of an outage, and how many it hits."""
    outage = _held(by, outage_id)
    _check(outage.started_at, max(now, outage.started_at), users, public)
    outage.public = public.strip()
    outage.users = outage.users if users is None else users
    outage.save(update_fields=["public", "users"])
    _record(by, "servicedesk.outage_said", outage, now, users=outage.users)
    return outage


@transaction.atomic
def end_outage(*, by: Viewer, outage_id: int, now: datetime, ended_at: datetime | None = None) -> Outage:
    """Say that an item is back for a council; ended when it began, it never was away there."""
    outage = _held(by, outage_id)
    if outage.ended_at is not None and outage.ended_at <= now:
        raise NotNow(why="This outage has ended already.")
    at = min(ended_at or now, now)
    if ended_at is not None and ended_at > now + AHEAD:
        raise NotSaid({"ended_at": [_PAST]}, why=_PAST)
    if at < outage.started_at:
        raise NotSaid({"ended_at": [_AFTER]}, why=_AFTER)
    outage.ended_at = at
    outage.save(update_fields=["ended_at"])
    minutes = int((at - outage.started_at).total_seconds() // 60)
    _record(by, "servicedesk.outage_ended", outage, now, minutes=minutes)
    return outage


_PAST = "The time must not be still to come."
_AFTER = "The end must not be before the beginning."


def end_outages(*, by: Viewer, major_id: int, at: datetime, now: datetime) -> int:
    """End every outage of a major incident that goes on; one that began after that moment ends when it began."""
    open_now = Outage.objects.filter(major_id=major_id, ended_at=None).order_by("pk")
    for outage in open_now:
        end_outage(by=by, outage_id=outage.pk, ended_at=max(at, outage.started_at), now=now)
    return len(open_now)


@transaction.atomic
def plan_outage(
    *,
    by: Viewer,
    council_id: int,
    item_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    now: datetime,
    public: str = "",
) -> Outage:
    """Record planned work that a council has agreed to: users read of it, and it does not count as away."""
    gate.allow(by, Can.WORK, council_id)
    item = _item(item_id)
    _check(now, now, None, public)
    if starts_at < now - AHEAD:
        raise NotSaid({"starts_at": [_COMING]}, why=_COMING)
    overlapping = Outage.objects.filter(
        Q(ended_at__gt=starts_at), council_id=council_id, item=item, planned=True, started_at__lt=ends_at
    )
    if overlapping.exists():
        why = "Other planned work overlaps with that time."
        raise NotSaid({"starts_at": [why]}, why=why)
    plan_maintenance(
        by=by,
        council_id=council_id,
        item_id=item.pk,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        now=now,
    )
    kept: Outage = Outage.objects.create(
        council_id=council_id,
        item=item,
        planned=True,
        users=queries.users_of(council_id, item.pk, now),
        public=public.strip() or reason.strip()[:PUBLIC_LENGTH],
        started_at=starts_at,
        ended_at=ends_at,
        by=by.actor.name[:150],
    )
    _record(by, "servicedesk.outage_planned", kept, now)
    return kept


_COMING = "The time must be still to come. What was away already is recorded as an outage."


def _held(by: Viewer, outage_id: int) -> Outage:
    """Return an outage for a change, held until the transaction ends."""
    Outage.objects.select_for_update(of=("self",)).filter(pk=outage_id).first()
    return queries.outage_seen(by, outage_id, Can.WORK)


def _record(by: Viewer, what: str, outage: Outage, now: datetime, **facts: Any) -> None:
    journal.write(
        by=by.actor,
        what=what,
        about=f"outage:{outage.pk}",
        council_id=outage.council_id,
        now=now,
        facts={"item": outage.item_id, "major": outage.major_id, **facts},
    )
