"""Major incidents: the list, one with all that its room shows, and for whom each is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from moothall.councils import gate
from moothall.councils.models import Council, Membership, Staff, Team
from moothall.councils.permissions import Permission
from moothall.councils.queries import team_serving
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.servicedesk.errors.majors import NoSuchMajor
from moothall.servicedesk.models import CallOut, LessonAction, Major, Notice, Outage, RoomEntry
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.on_call import on_call_of
from moothall.servicedesk.rules import majors as rules
from moothall.servicedesk.rules.outages import Stretch, user_minutes

PAGE = 40
_WITH = (
    "council",
    "call",
    "case",
    "item",
    "manager__user",
    "cause_item",
    "public_by__user",
)


def there(viewer: Viewer, can: Permission = Can.SEE_MAJORS) -> "QuerySet[Major]":
    """Return the major incidents of councils where the viewer may do this; of private calls for their circle alone."""
    rows = gate.narrow(viewer, can, Major.objects.all())
    return rows if viewer.is_system else rows.filter(circles.within(viewer, "call__"))


def major_seen(viewer: Viewer, reference: str, can: Permission = Can.SEE_MAJORS) -> Major:
    """Return a major incident by the reference of its case, or of its call."""
    named = Q(case__reference=reference.upper()) | Q(call__reference=reference.upper())
    return _one(viewer, there(viewer).filter(named), can)


def major_to_change(viewer: Viewer, major_id: int, can: Permission) -> Major:
    """Return a major incident for a change, held until the transaction ends."""
    Major.objects.select_for_update(of=("self",)).filter(pk=major_id).first()
    return _one(viewer, there(viewer).filter(pk=major_id), can)


def _one(viewer: Viewer, rows: "QuerySet[Major]", can: Permission) -> Major:
    found: Major | None = rows.select_related(*_WITH).first()
    if found is None:
        raise NoSuchMajor
    gate.allow(viewer, can, found.council_id)
    return found


def going_on(viewer: Viewer) -> list[Major]:
    """Return the major incidents that are going on, the oldest first."""
    rows = there(viewer).filter(state=Major.State.OPEN).select_related(*_WITH)
    return list(rows.order_by("opened_at", "pk"))


def listed(viewer: Viewer, before: tuple[datetime, int] | None = None) -> list[Major]:
    """Return the major incidents that are not going on any more, the newest first; one more than a page shows."""
    rows = there(viewer).exclude(state=Major.State.OPEN).select_related(*_WITH)
    if before is not None:
        at, number = before
        rows = rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=number))
    return list(rows.order_by("-opened_at", "-pk")[: PAGE + 1])


@dataclass(frozen=True, slots=True)
class Hit:
    """One system at one council while a major incident lasted: for how many, since when, and what that cost so far."""

    outage: Outage
    minutes: int
    user_minutes: int


@dataclass(frozen=True, slots=True)
class Told:
    """What one council was told last, and when it is to hear next; `due_at` is empty once nothing more is promised."""

    council: Council
    last: Notice | None
    due_at: datetime | None

    def urgency(self, now: datetime) -> str:
        """How near the next notice is: good, soon or late; nothing if none is due."""
        return rules.urgency(self.due_at, now) if self.due_at else ""

    def countdown(self, now: datetime) -> str:
        """How long until the next notice, in words."""
        return rules.countdown(self.due_at, now) if self.due_at else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline as it stands, with what it has put right, the newest of that first."""

    entry: RoomEntry
    corrected: Sequence[RoomEntry]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a major incident comes to for the councils that it hits: since when, for whom, and what they were told."""

    since: datetime
    hits: Sequence[Hit]
    told: Sequence[Told]

    @property
    def users(self) -> int:
        """How many are without a system now, or were at the worst: of each council the most of any one system."""
        most: dict[int, int] = {}
        for hit in self.hits:
            number = hit.outage.council_id
            most[number] = max(most.get(number, 0), hit.outage.users)
        return sum(most.values())

    @property
    def user_minutes(self) -> int:
        """Minutes times users so far, over all councils and systems."""
        return sum(hit.user_minutes for hit in self.hits)

    @property
    def next(self) -> "Told | None":
        """The council that is to hear next; nobody once nothing more is promised."""
        due = [each for each in self.told if each.due_at is not None]
        return min(due, key=lambda each: each.due_at or self.since, default=None)


@dataclass(frozen=True, slots=True)
class Room(Impact):
    """Everything that the room of a major incident shows at a glance."""

    major: Major
    lines: Sequence[Line]
    call_outs: Sequence[CallOut]
    actions: Sequence[LessonAction]

    @property
    def is_back(self) -> bool:
        return self.major.restored_at is not None


def room(viewer: Viewer, major: Major, now: datetime) -> Room:
    """Return the room of a major incident, as far as its councils are there for the viewer."""
    hits = hits_of(viewer, major, now)
    return Room(
        major=major,
        since=min([hit.outage.started_at for hit in hits] or [major.call.logged_at]),
        hits=hits,
        told=told_of(viewer, major),
        lines=lines_of(major),
        call_outs=list(
            CallOut.objects.filter(major=major).select_related("staff__user").order_by("called_at", "pk")
        ),
        actions=actions_of(viewer, major),
    )


def hits_of(viewer: Viewer, major: Major, now: datetime) -> list[Hit]:
    """Return what was away where while it lasted; one that ended as it began never was."""
    rows = gate.narrow(viewer, Can.SEE_MAJORS, Outage.objects.filter(major=major))
    ordered = rows.select_related("item", "council").order_by("council__name", "started_at", "pk")
    return [hit_of(outage, now) for outage in ordered if outage.ended_at != outage.started_at]


def hit_of(outage: Outage, now: datetime) -> Hit:
    """Return what an outage came to, or has come to so far."""
    stretch = Stretch(outage.started_at, max(outage.ended_at or now, outage.started_at), outage.users)
    return Hit(outage, stretch.seconds // 60, user_minutes([stretch]))


def councils_hit(major: Major) -> list[Council]:
    """Return the council of the call, and every other for which something was away, as far as they are in scope."""
    rows = Outage.objects.filter(major=major).exclude(ended_at=F("started_at")).order_by()
    numbers = {major.council_id, *rows.values_list("council_id", flat=True)}
    return list(Council.objects.filter(pk__in=numbers).order_by("name"))


def told_of(viewer: Viewer, major: Major) -> list[Told]:
    """Return for each council that is hit what it was told, and by when it hears again while it lasts."""
    reached = gate.councils(viewer, Can.SEE_MAJORS)
    last: dict[int, Notice] = {
        each.council_id: each for each in Notice.objects.filter(major=major).order_by("at", "pk")
    }
    began: dict[int, datetime] = {}
    for council_id, at in Outage.objects.filter(major=major).values_list("council_id", "started_at"):
        began[council_id] = min(began.get(council_id, at), at)
    found = []
    for council in councils_hit(major):
        if council.pk not in reached:
            continue
        notice = last.get(council.pk)
        found.append(Told(council, notice, _due(major, notice, began.get(council.pk))))
    return found


def _due(major: Major, last: Notice | None, began: datetime | None) -> datetime | None:
    if major.state != Major.State.OPEN:
        return None
    if last is not None and last.next_at is not None:
        return last.next_at
    begins = max(major.opened_at, began or major.opened_at, last.at if last else major.opened_at)
    return rules.next_due(begins, major.every_minutes, None)


def lines_of(major: Major) -> list[Line]:
    """Return the timeline as it stands, in the order in which things happened."""
    entries = {each.pk: each for each in RoomEntry.objects.filter(major=major)}
    ordered = rules.in_order(rules.Line(each.pk, each.at, each.corrects_id) for each in entries.values())
    return [Line(entries[number], [entries[each] for each in before]) for number, before in ordered]


def actions_of(viewer: Viewer, major: Major) -> list[LessonAction]:
    """Return the actions of a report that are there for the viewer, by when they are due."""
    rows = gate.narrow(viewer, Can.SEE_MAJORS, LessonAction.objects.filter(major=major))
    return list(rows.select_related("owner__user", "council").order_by("due_on", "pk"))


@dataclass(frozen=True, slots=True)
class OnCall:
    """Whom one may call in: whoever is on call for a team, or somebody who works in it."""

    staff: Staff
    team: Team
    on_call: bool


def to_call(major: Major, now: datetime) -> list[OnCall]:
    """Return who may be called in: the teams that major incidents need, those on call first."""
    numbers = [team_serving(function, major.council_id) for function in ("major-incident", "resolvers")]
    numbers.append(major.item.team_id if major.item else None)
    ids = [number for number in dict.fromkeys(numbers) if number is not None]
    teams = Team.objects.in_bulk(ids)
    shifts = on_call_of(ids, now)
    found = [OnCall(shift.staff, teams[number], on_call=True) for number, shift in shifts.items()]
    known = {each.staff.pk for each in found}
    rows = Membership.objects.filter(team__in=ids, staff__ended_on=None, staff__user__is_active=True)
    for row in rows.select_related("staff__user").order_by("staff__user__name", "team_id"):
        if row.staff_id not in known:
            known.add(row.staff_id)
            found.append(OnCall(row.staff, teams[row.team_id], on_call=False))
    return found


def managers(major: Major) -> list[Staff]:
    """Return who may lead it: the members of the major incident team that serves its council."""
    rows = Staff.objects.filter(
        memberships__team__function="major-incident",
        memberships__team__councils=major.council_id,
        ended_on=None,
        user__is_active=True,
    )
    return list(rows.select_related("user").distinct().order_by("user__name"))
