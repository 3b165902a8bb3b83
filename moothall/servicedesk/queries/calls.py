"""One call: for whom it is there, and who may work on it."""

from django.db.models import Q, QuerySet

from moothall.councils import gate
from moothall.councils.permissions import Permission
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.servicedesk.errors.calls import NoSuchCall
from moothall.servicedesk.models import Call
from moothall.servicedesk.permissions import Can

_WITH = ("council", "team", "person__user", "item", "parent", "merged_into", "problem", "requester")


def there(viewer: Viewer, can: Permission = Can.SEE) -> "QuerySet[Call]":
    """Return the calls that are there for the viewer where they may do this; private ones for their circle alone."""
    rows = gate.narrow(viewer, can, Call.objects.all())
    return circles.narrow(viewer, rows)


def call_seen(viewer: Viewer, reference: str) -> Call:
    """Return a call by its reference, with what its page names; for whom may not see it, there is none."""
    found: Call | None = there(viewer).filter(reference=reference.upper()).select_related(*_WITH).first()
    if found is None:
        raise NoSuchCall
    return found


def call_to_work(viewer: Viewer, call_id: int, can: Permission = Can.WORK) -> Call:
    """Return a call that the viewer may work on, by its number."""
    found: Call | None = there(viewer).filter(pk=call_id).first()
    if found is None:
        raise NoSuchCall
    gate.allow(viewer, can, found.council_id)
    return found


def own_calls(viewer: Viewer) -> "QuerySet[Call]":
    """Return the calls that the viewer asked for, or that are for them, the newest first; at their own council."""
    if not viewer.is_staff or viewer.actor.user_id is None:
        nothing: QuerySet[Call] = Call.objects.none()
        return nothing
    mine = Q(requester_id=viewer.actor.user_id) | Q(asked_by_id=viewer.actor.user_id)
    rows: QuerySet[Call] = Call.objects.filter(mine, council_id=viewer.council_id)
    newest_first: QuerySet[Call] = rows.order_by("-id")
    return newest_first


def own_call(viewer: Viewer, reference: str) -> Call:
    """Return one of the viewer's own calls by its reference."""
    found = (
        own_calls(viewer)
        .filter(reference=reference.upper())
        .select_related("council", "item", "asked_by")
        .first()
    )
    if found is None:
        raise NoSuchCall
    return found
