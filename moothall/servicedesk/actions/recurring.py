"""Recurring work: set up by somebody, and logged as a call each time it comes; once, also after a stand-still."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.actions.routing_to import again, send_to
from moothall.servicedesk.models import Call, Recurring
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import recurring as queries
from moothall.servicedesk.rules import recurring as rules
from moothall.servicedesk.rules.recurring import NotASchedule

_PRIORITY = "P3"


@dataclass(frozen=True, slots=True)
class Work:
    """Work that comes again, as somebody sets it up."""

    council_id: int
    title: str
    schedule: str
    team_id: int
    detail: str = ""
    item_id: int | None = None
    active: bool = True


@transaction.atomic
def keep_recurring(*, by: Viewer, work: Work, now: datetime, number: int | None = None) -> Recurring:
    """Keep recurring work: new, or a change. It comes next at the first moment of its schedule from now on."""
    gate.allow(by, Can.SET_UP, work.council_id)
    found = Recurring() if number is None else queries.recurring_to_keep(by, number)
    _check_team(work)
    try:
        coming = rules.following(work.schedule, now)
    except NotASchedule as wrong:
        raise Invalid({"schedule": [f"{wrong.sentence} {wrong.advice}"]}) from wrong
    schedule = " ".join(work.schedule.split())
    if found.pk is None or not found.active or found.schedule != schedule:
        found.next_at = coming
    found.council_id, found.team_id, found.item_id = work.council_id, work.team_id, work.item_id
    found.title, found.detail = work.title.strip(), work.detail.strip()
    found.schedule, found.active, found.set_by = schedule, work.active, by.actor.name[:150]
    found.save()
    _say(by, found, "recurring_kept", now, active=found.active)
    return found


@transaction.atomic
def delete_recurring(*, by: Viewer, number: int, now: datetime) -> None:
    """Delete recurring work; calls that it logged stay."""
    found = queries.recurring_to_keep(by, number)
    _say(by, found, "recurring_deleted", now)
    found.delete()


@transaction.atomic
def log_due(*, number: int, now: datetime) -> Call | None:
    """Log the call of recurring work that is due, for the latest moment that is over; None if it is not due any more.

    However many moments were missed, one call stands for them. The same moment twice is one call.
    """
    found: Recurring | None = (
        Recurring.objects.select_for_update(of=("self",))
        .filter(pk=number, active=True, next_at__lte=now)
        .first()
    )
    if found is None or found.next_at is None:
        return None
    moment = rules.last_due(found.schedule, found.next_at, now)
    call = log_call(
        by=Viewer.system(),
        council=Council.objects.get(pk=found.council_id),
        kind=Kind.TASK,
        answers={"summary": found.title, "detail": found.detail, "priority": _PRIORITY},
        now=now,
        submission=f"recurring:{found.pk}:{moment:%Y%m%dT%H%MZ}",
        channel=Channel.RECURRING,
        item_id=found.item_id,
        automatic=True,
    )
    if call.open:
        send_to(
            call=call,
            team_id=found.team_id,
            person_id=call.person_id,
            why="It is their recurring work.",
            now=now,
        )
    found.next_at = rules.following(found.schedule, max(moment, now))
    found.last_reference = call.reference
    found.save(update_fields=["next_at", "last_reference"])
    return again(call)


def _check_team(work: Work) -> None:
    team = Team.objects.filter(pk=work.team_id).first()
    if team is None or not team.councils.filter(pk=work.council_id).exists():
        raise Invalid({"team": ["Choose a team that serves this council."]})


def _say(by: Viewer, found: Recurring, what: str, now: datetime, **facts: object) -> None:
    journal.write(
        by=by.actor,
        what=f"servicedesk.{what}",
        about=f"recurring:{found.pk}",
        council_id=found.council_id,
        now=now,
        facts=facts,
    )
