"""The months for which there is a pack, and which there could be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate, scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.servicedesk.models import Pack, SignOff
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.packs.seeing import sees_drafts
from moothall.servicedesk.rules.figures import Month, month_of

_OFFERED = 13
_WHY = "whether each council has signed is said to all who may see the pack"


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: its pack, if there is one, and who has not signed it."""

    month: Month
    pack: Pack | None
    unsigned: Sequence[str]

    @property
    def is_published(self) -> bool:
        return self.pack is not None and self.pack.state == Pack.State.PUBLISHED


def months(viewer: Viewer, now: datetime) -> list[MonthLine]:
    """Return the packs that are there for the viewer, the newest first; to those who make them, months without one."""
    gate.allow_anywhere(viewer, Can.SEE_PACK)
    inside = sees_drafts(viewer)
    packs = {pack.month: pack for pack in Pack.objects.all() if inside or pack.state == Pack.State.PUBLISHED}
    wanted = set(packs)
    if gate.anywhere(viewer, Can.PREPARE_PACK):
        this = month_of(now)
        wanted |= {this.back(number).first for number in range(_OFFERED)}
    names = dict(Council.objects.order_by("name").values_list("id", "name"))
    with scope.everything(_WHY):
        signed = set(SignOff.objects.values_list("pack_id", "council_id"))
    return [
        MonthLine(
            Month(first),
            pack,
            [name for number, name in names.items() if pack and (pack.pk, number) not in signed],
        )
        for first in sorted(wanted, reverse=True)
        for pack in (packs.get(first),)
    ]
