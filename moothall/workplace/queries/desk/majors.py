"""What the pages of major incidents show, put together from the rooms below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.estate.models import Item, Use
from moothall.estate.queries.following import in_force
from moothall.look import dates
from moothall.process.permissions import Can as CaseCan
from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import lessons, majors, reviewing
from moothall.servicedesk.queries.lessons import Earlier
from moothall.servicedesk.queries.majors import Room
from moothall.servicedesk.queries.reviewing import Vote
from moothall.servicedesk.rules import reviewing as rules

STATES = {
    "open": ("Going on", "red"),
    "restored": ("Report to be written", "yellow"),
    "review": ("Report in review", "purple"),
    "closed": ("Report approved", "green"),
    "stood-down": ("Stood down", "grey"),
}
"""How each state is called on pages, and its colour; the word says it, too."""
REPORTS = {
    "not-due": ("Not due yet", "grey"),
    "due": ("Due", "yellow"),
    "late": ("Late", "red"),
    "in-review": ("In review", "purple"),
    "late-in-review": ("In review, came late", "red"),
    "approved": ("Approved", "green"),
}
KINDS = {
    "fact": "Happened",
    "action": "Done",
    "decision": "Decided",
    "notice": "Told",
    "call-out": "Called",
}


@dataclass(frozen=True, slots=True)
class RoomPage:
    """One major incident with what its viewer may do in it."""

    room: Room
    earlier: Sequence[Earlier]
    vote: Vote | None
    report: rules.ReportStanding
    leads: bool
    writes: bool
    may_see_case: bool
    others: Sequence[Council]
    today: object

    @property
    def major(self) -> Major:
        return self.room.major

    @property
    def state(self) -> tuple[str, str]:
        return STATES[self.major.state]

    @property
    def going_on(self) -> bool:
        return self.major.state == Major.State.OPEN


def room_page(viewer: Viewer, reference: str, now: datetime) -> RoomPage:
    """Return the room of a major incident for its page."""
    major = majors.major_seen(viewer, reference)
    room = majors.room(viewer, major, now)
    leads = gate.may(viewer, Can.LEAD_MAJORS, major.council_id)
    return RoomPage(
        room=room,
        earlier=lessons.earlier_like(viewer, major),
        vote=reviewing.vote_of(viewer, major, now),
        report=rules.report_standing(
            major.state, due_at=major.report_due_at, reported_at=major.reported_at, now=now
        ),
        leads=leads,
        writes=gate.may(viewer, Can.WORK, major.council_id)
        and major.state not in {Major.State.CLOSED, Major.State.STOOD_DOWN},
        may_see_case=gate.may(viewer, CaseCan.SEE, major.council_id),
        others=_not_hit(viewer, room, now) if leads and major.item_id else (),
        today=timezone.localdate(now),
    )


def _not_hit(viewer: Viewer, room: Room, now: datetime) -> list[Council]:
    """Return the councils that use the system as well, and for which it is not recorded as away."""
    hit = {each.outage.council_id for each in room.hits}
    uses = Use.objects.filter(in_force(timezone.localdate(now)), item_id=room.major.item_id)
    numbers = set(uses.values_list("council_id", flat=True)) - hit
    return list(
        Council.objects.filter(pk__in=numbers & gate.councils(viewer, Can.LEAD_MAJORS)).order_by("name")
    )


def items(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the systems that somebody may choose from, by name."""
    rows = estate.items_seen(viewer).exclude(status=Item.Status.RETIRED).order_by("name")
    return [(str(number), name) for number, name in rows.values_list("pk", "name")]


def councils(viewer: Viewer, permission: Permission) -> list[tuple[str, str]]:
    """Return the councils at which the viewer may do something, by name."""
    rows = Council.objects.filter(pk__in=gate.councils(viewer, permission)).order_by("name")
    return [(str(number), name) for number, name in rows.values_list("pk", "name")]


def begun(room: Room) -> str:
    """Return what a report begins with: the timeline, one line each."""
    lines = [line.entry for line in room.lines if line.entry.kind != "call-out"]
    return "\n".join(f"{dates.short_with_time(each.at)}: {each.text}" for each in lines)


def action_page(viewer: Viewer, reference: str, number: int) -> tuple[LessonAction, bool]:
    """Return an action of a major incident, and whether the viewer may close it."""
    action = lessons.action_seen(viewer, number)
    if reference.upper() != action.major.case.reference:
        return lessons.action_seen(viewer, 0), False
    owns = viewer.staff_id is not None and action.owner_id == viewer.staff_id
    return action, owns or gate.may(viewer, Can.LEAD_MAJORS, action.major.council_id)
