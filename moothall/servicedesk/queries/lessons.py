"""What earlier major incidents promised: those with the same cause, and the actions that were not done in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Staff
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.servicedesk.errors.majors import NoSuchMajor
from moothall.servicedesk.models import LessonAction, Major, Outage
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors
from moothall.servicedesk.rules import lessons as rules

MOST = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """A major incident that came before one of the same cause, or of the same item at fault.

    `undone` are its actions that had not been done when the later one began.
    """

    major: Major
    undone: Sequence[LessonAction]
    same_cause: bool


def earlier_like(viewer: Viewer, major: Major) -> list[Earlier]:
    """Return the earlier major incidents of the same cause, the newest first; until it is known, of the same item."""
    return earlier_among(majors.there(viewer), gate.narrow(viewer, Can.SEE_MAJORS, _actions()), major)


def earlier_at_its_council(major: Major) -> list[Earlier]:
    """Return those that were at the same council, or hit it: what its timeline may name whoever reads it."""
    hit = Outage.objects.filter(major=OuterRef("pk"), council_id=major.council_id)
    rows = Major.objects.filter(Q(council_id=major.council_id) | Exists(hit))
    return earlier_among(rows, _actions(), major)


def earlier_among(rows: "QuerySet[Major]", actions: "QuerySet[LessonAction]", major: Major) -> list[Earlier]:
    """Return which of some major incidents came before one and were of its cause, with what they left undone."""
    at_fault = major.cause_item_id or major.item_id
    if at_fault is None:
        return []
    known = bool(major.cause) and major.cause != Major.Cause.UNKNOWN
    same = Q(cause_item_id=at_fault)
    same = same & Q(cause=major.cause) if known else same | Q(item_id=at_fault)
    found = rows.filter(same, opened_at__lt=major.opened_at).exclude(pk=major.pk)
    found = found.exclude(state=Major.State.STOOD_DOWN).select_related("case", "council", "cause_item")
    earlier = list(found.order_by("-opened_at", "-pk")[:MOST])
    undone = _undone(actions, earlier, timezone.localdate(major.opened_at))
    return [
        Earlier(each, undone.get(each.pk, ()), same_cause=known and each.cause == major.cause)
        for each in earlier
    ]


def _actions() -> "QuerySet[LessonAction]":
    rows: QuerySet[LessonAction] = LessonAction.objects.select_related("owner__user", "council")
    return rows


def _undone(
    actions: "QuerySet[LessonAction]", earlier: Sequence[Major], began: date
) -> dict[int, list[LessonAction]]:
    rows = {
        each.pk: each
        for each in actions.filter(major__in=[one.pk for one in earlier]).order_by("due_on", "pk")
    }
    left = rules.left_undone(
        (
            rules.Promise(
                each.pk,
                each.due_on,
                timezone.localdate(each.done_at) if each.done_at else None,
                dropped=bool(each.dropped_why),
            )
            for each in rows.values()
        ),
        began,
    )
    found: dict[int, list[LessonAction]] = {}
    for number in left:
        found.setdefault(rows[number].major_id, []).append(rows[number])
    return found


def action_seen(viewer: Viewer, number: int, can: Permission = Can.SEE_MAJORS) -> LessonAction:
    """Return an action that is there for the viewer; one of a private major incident is for its circle alone."""
    rows = gate.narrow(viewer, can, LessonAction.objects.filter(pk=number))
    own = LessonAction.objects.filter(pk=number, owner_id=viewer.staff_id or 0)
    found: LessonAction | None = (
        (rows.filter(major__in=majors.there(viewer).order_by().values("pk")) | own)
        .select_related("owner__user", "council", "major__case", "major__council")
        .first()
    )
    if found is None:
        raise NoSuchMajor
    return found


def owners(major: Major) -> list[Staff]:
    """Return who may own an action: who works in a team that looks after ICT for the council."""
    rows = Staff.objects.filter(
        memberships__team__councils=major.council_id,
        memberships__team__function__in=_OWNING,
        ended_on=None,
        user__is_active=True,
    )
    return list(rows.select_related("user", "council").distinct().order_by("user__name"))


_OWNING = (
    "service-desk",
    "resolvers",
    "ict",
    "ict-manager",
    "ict-security",
    "major-incident",
    "problem-manager",
    "change-manager",
    "service-owners",
)
