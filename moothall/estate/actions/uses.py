"""What one council has with an item: its users, and the time in which it may be away."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from moothall.councils import gate
from moothall.councils.errors import NoSuchCalendar
from moothall.councils.models import Staff
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.estate import queries
from moothall.estate.actions.recording import refused, write
from moothall.estate.models import Maintenance, Use
from moothall.estate.permissions import Can
from moothall.estate.rules import MOST_USERS
from moothall.plain.errors import NotFound


@transaction.atomic
def record_use(
    *,
    by: Viewer,
    council_id: int,
    item_id: int,
    users: int,
    since: date,
    now: datetime,
    owner_id: int | None = None,
    hours: str = "office",
) -> Use:
    """Record how many people of a council use an item from a day on. What was recorded before ends the day before.

    Said again for the same day, it is put right. Refuses a day before one that is recorded already.
    """
    gate.allow(by, Can.CHANGE, council_id)
    item = queries.item_by_id(by, item_id)
    if not 0 <= users <= MOST_USERS:
        raise refused("users", "Enter how many people use it, as a whole number.")
    if owner_id is not None and not Staff.objects.filter(pk=owner_id).exists():
        raise refused("owner", "Choose somebody of the staff.")
    check_hours(council_id, hours)
    rows = Use.objects.filter(council_id=council_id, item=item)
    if rows.filter(since__gt=since).exists():
        raise refused("since", "Something later is recorded already. Choose a later day.")
    running = Q(until=None) | Q(until__gte=since)
    rows.filter(running, since__lt=since).update(until=since - timedelta(days=1))
    kept: Use
    kept, _ = Use.objects.update_or_create(
        council_id=council_id,
        item=item,
        since=since,
        defaults={"users": users, "owner_id": owner_id, "hours": hours, "until": None},
    )
    write(by, "estate.use_recorded", f"item:{item.pk}", council_id, now, users=users, since=since.isoformat())
    return kept


@transaction.atomic
def end_use(*, by: Viewer, use_id: int, until: date, now: datetime) -> Use:
    """Say on which day a council uses an item for the last time."""
    use: Use | None = gate.narrow(by, Can.SEE, Use.objects.filter(pk=use_id)).first()
    if use is None:
        raise NotFound(what="use of a system")
    gate.allow(by, Can.CHANGE, use)
    if until < use.since:
        raise refused("until", "The last day cannot be before the first.")
    use.until = until
    use.save(update_fields=["until"])
    write(by, "estate.use_ended", f"item:{use.item_id}", use.council_id, now, until=until.isoformat())
    return use


@transaction.atomic
def plan_maintenance(
    *,
    by: Viewer,
    council_id: int,
    item_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    now: datetime,
) -> Maintenance:
    """Record time in which a council has agreed that an item may be away."""
    gate.allow(by, Can.CHANGE, council_id)
    item = queries.item_by_id(by, item_id)
    if ends_at <= starts_at:
        raise refused("ends", "The end must be after the start.")
    if not reason.strip():
        raise refused("reason", "Enter what is done in that time.")
    kept: Maintenance = Maintenance.objects.create(
        council_id=council_id, item=item, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:200]
    )
    write(by, "estate.maintenance_planned", f"item:{item.pk}", council_id, now, maintenance=kept.pk)
    return kept


@transaction.atomic
def cancel_maintenance(*, by: Viewer, maintenance_id: int, now: datetime) -> None:
    """Take back time that was agreed and has not begun. What has begun counts, and stays."""
    found = gate.narrow(by, Can.SEE, Maintenance.objects.filter(pk=maintenance_id)).first()
    if found is None:
        raise NotFound(what="maintenance window")
    gate.allow(by, Can.CHANGE, found)
    if found.starts_at <= now:
        raise refused("maintenance", "It has begun already, so it cannot be taken back.")
    write(
        by,
        "estate.maintenance_cancelled",
        f"item:{found.item_id}",
        found.council_id,
        now,
        maintenance=found.pk,
    )
    found.delete()


def check_hours(council_id: int, hours: str) -> None:
    """Refuse hours that the council has not set: nothing could be counted in them."""
    try:
        calendar_of(council_id, hours)
    except NoSuchCalendar:
        raise refused("hours", f"The council has no hours called “{hours}”. Choose others.") from None
