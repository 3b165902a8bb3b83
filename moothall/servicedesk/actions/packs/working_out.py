"""Working out a month's figures as a draft: what is kept then is what is signed and, later, what is published."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.servicedesk.errors.packs import Published, StillToCome
from moothall.servicedesk.models import CouncilFigure, JointFigure, Pack, SignOff
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.figures import Counted, counted
from moothall.servicedesk.queries.packs.keeping import published_figures
from moothall.servicedesk.rules.figures import Figure, Month
from moothall.servicedesk.rules.figures.book import JOINT
from moothall.servicedesk.rules.figures.months import SHOWN_IN_A_TREND

WHY = "a pack has the figures of every council"


@transaction.atomic
def work_out(*, by: Viewer, month: Month, now: datetime) -> Pack:
    """Work out a month's figures and keep them as its draft. A council whose figures changed has to sign again."""
    gate.allow_anywhere(by, Can.PREPARE_PACK)
    if month.start > now:
        raise StillToCome(month=month.words)
    pack = Pack.objects.select_for_update().filter(month=month.first).first()
    if pack is not None and pack.state == Pack.State.PUBLISHED:
        raise Published(month=month.words)
    found = counted(month, now)
    with scope.everything(WHY):
        pack = pack or Pack(month=month.first)
        pack.made_at, pack.made_by = now, by.actor.name[:150]
        pack.save()
        _drop_signs(pack, found)
        _keep(pack, found)
    tell(by, "servicedesk.pack_worked_out", pack, now)
    return pack


def work_out_before(*, by: Viewer, month: Month, now: datetime) -> int:
    """Work out those of the twelve months before that have no pack yet, for the trends; return how many."""
    gate.allow_anywhere(by, Can.PREPARE_PACK)
    wanted = [month.back(number) for number in range(1, SHOWN_IN_A_TREND)]
    there = set(
        Pack.objects.filter(month__in=[each.first for each in wanted]).values_list("month", flat=True)
    )
    missing = [each for each in wanted if each.first not in there]
    for each in missing:
        work_out(by=by, month=each, now=now)
    return len(missing)


def tell(
    by: Viewer, what: str, pack: Pack, now: datetime, *, council_id: int | None = None, **facts: object
) -> None:
    """Write down what was done to a pack."""
    journal.write(
        by=by.actor,
        what=what,
        about=f"pack:{pack.pk}",
        council_id=council_id,
        now=now,
        facts={"month": f"{pack.month:%Y-%m}", **facts},
    )


def row_of(figure: Figure) -> dict[str, object]:
    """Return a figure as its row keeps it."""
    return {
        "name": figure.name,
        "slice": figure.slice,
        "version": figure.version,
        "value": figure.value,
        "n": figure.n,
        "parts": dict(figure.parts),
    }


def _keep(pack: Pack, found: Counted) -> None:
    pack.joint.all().delete()
    pack.figures.all().delete()
    JointFigure.objects.bulk_create([JointFigure(pack=pack, **row_of(each)) for each in found.joint.values()])
    CouncilFigure.objects.bulk_create(
        [
            CouncilFigure(pack=pack, council_id=council, **row_of(each))
            for council, figures in found.figures.items()
            if council != JOINT
            for each in figures.values()
        ]
    )


def _drop_signs(pack: Pack, found: Counted) -> None:
    """Take back the sign-off of each council whose figures are no longer those that it signed."""
    signed = list(SignOff.objects.filter(pack=pack))
    if not signed:
        return
    before = published_figures(pack)
    for each in signed:
        if not _same(before.get(each.council_id, {}), found.figures.get(each.council_id, {})):
            each.delete()


def _same(before: Mapping[tuple[str, str], Figure], after: Mapping[tuple[str, str], Figure]) -> bool:
    return before.keys() == after.keys() and all(before[key].same(after[key]) for key in before)
