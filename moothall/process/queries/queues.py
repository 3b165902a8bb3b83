"""What a supervisor sees: each team's queue, counted in one question to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process.models import Step
from moothall.process.permissions import Can

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Queue:
    """One team's open steps at one council. `soon` counts what is due within 24 hours; `free` what nobody has."""

    team_id: int | None
    team: str
    council_id: int
    council: str
    open: int
    late: int
    soon: int
    free: int
    with_resident: int
    oldest: datetime


def queues(viewer: Viewer, now: datetime) -> list[Queue]:
    """Return the queues of every team at the councils whose queues the viewer may see, the latest first.

    Steps that are not there for the viewer are not counted.
    """
    seen = circles.narrow(viewer, Step.objects.filter(state=Step.State.OPEN))
    rows = (
        gate.narrow(viewer, Can.SEE_QUEUES, seen)
        .values("team_id", "team__name", "council_id", "council__name")
        .annotate(
            open=Count("id", filter=Q(asks_requester=False)),
            late=Count("id", filter=Q(due_at__lt=now, asks_requester=False)),
            soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=now + SOON, asks_requester=False)),
            free=Count("id", filter=Q(person_id=None, asks_requester=False)),
            with_resident=Count("id", filter=Q(asks_requester=True)),
            oldest=Min("opened_at"),
        )
        .order_by("-late", "-open", "team__name")
    )
    return [
        Queue(
            team_id=row["team_id"],
            team=row["team__name"] or "No team",
            council_id=row["council_id"],
            council=row["council__name"],
            open=row["open"],
            late=row["late"],
            soon=row["soon"],
            free=row["free"],
            with_resident=row["with_resident"],
            oldest=row["oldest"],
        )
        for row in rows
    ]
