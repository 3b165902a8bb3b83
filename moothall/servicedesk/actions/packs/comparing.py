"""Comparing a published pack with what the calls say today: what differs stands beside it, with why."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.servicedesk.actions.packs.working_out import WHY, row_of, tell
from moothall.servicedesk.errors.packs import NoSuchPack
from moothall.servicedesk.models import Call, CouncilFigure, JointFigure, Pack
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.figures import counted
from moothall.servicedesk.queries.packs.keeping import published_figures
from moothall.servicedesk.queries.packs.seeing import pack_seen
from moothall.servicedesk.rules.figures import Month
from moothall.servicedesk.rules.figures.book import JOINT

_OTHERWISE = "Answers, clocks or settings behind it were put right after publication."


@transaction.atomic
def compare(*, by: Viewer, month: Month, now: datetime) -> int:
    """Work the figures out again and keep those that differ as restated, each with why; return how many differ.

    What was published stays as it was. An earlier comparison is replaced by this one.
    """
    gate.allow_anywhere(by, Can.PREPARE_PACK)
    pack = Pack.objects.select_for_update().get(pk=pack_seen(by, month).pk)
    if pack.state != Pack.State.PUBLISHED or pack.published_at is None:
        raise NoSuchPack
    found = counted(month, now)
    number = 0
    with scope.everything(WHY):
        pack.joint.filter(restated_at__isnull=False).delete()
        CouncilFigure.objects.filter(pack=pack, restated_at__isnull=False).delete()
        for council, frozen in published_figures(pack).items():
            today = found.figures.get(council, {})
            differing = [
                today[key] for key, each in frozen.items() if key in today and not today[key].same(each)
            ]
            if not differing:
                continue
            number += len(differing)
            why = _why(pack, month, [council] if council != JOINT else [])
            facts = {"pack": pack, "restated_at": now, "why": why}
            if council == JOINT:
                JointFigure.objects.bulk_create([JointFigure(**facts, **row_of(each)) for each in differing])
            else:
                CouncilFigure.objects.bulk_create(
                    [CouncilFigure(**facts, council_id=council, **row_of(each)) for each in differing]
                )
    pack.compared_at = now
    pack.save(update_fields=["compared_at"])
    tell(by, "servicedesk.pack_compared", pack, now, differing=number)
    return number


def _why(pack: Pack, month: Month, councils: Sequence[int]) -> str:
    """Return in words what happened to calls of the month after it was published."""
    since = pack.published_at
    calls = Call.objects.filter(logged_at__lt=month.end, changed_at__gte=since)
    if councils:
        calls = calls.filter(council_id__in=councils)
    touched = Q(first_resolved_at__gte=month.start, first_resolved_at__lt=month.end)
    counts = {
        "reopened": calls.filter(touched, reopened_at__gte=since).count(),
        "moved to another council": calls.filter(ended="moved", closed_at__gte=since).count(),
        "withdrawn or merged": calls.filter(ended__in=["cancelled", "merged"], closed_at__gte=since).count(),
    }
    said = [
        f"{number:,} {'call was' if number == 1 else 'calls were'} {what}"
        for what, number in counts.items()
        if number
    ]
    return f"After publication, {' and '.join(said)}."[:300] if said else _OTHERWISE
