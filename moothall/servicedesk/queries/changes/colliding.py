"""What a window runs into: other changes, crowded nights, and times in which an item is wanted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate import queries as estate
from moothall.estate.models import Dependency, Item, Maintenance
from moothall.estate.rules import in_words
from moothall.look import dates
from moothall.servicedesk.models import Change, ChangeItem
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.freezes import freezes_holding
from moothall.servicedesk.rules import changes as rules
from moothall.servicedesk.rules.changes import Planned

_SHARED = "changes collide on what councils share, whichever of them raised each"
_NIGHT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Collision:
    """Another change whose window runs into this one, and on which items; `change` only if the viewer may see it."""

    change: Change | None
    council: str
    starts_at: datetime
    ends_at: datetime
    items: Sequence[str]

    @property
    def words(self) -> str:
        what = self.change.call.headline if self.change is not None else f"A change of {self.council}"
        same_day = len(rules.days_of(self.starts_at, self.ends_at)) == 1
        ends = dates.time_of_day(self.ends_at) if same_day else dates.short_with_time(self.ends_at)
        when = f"{dates.short_with_time(self.starts_at)} to {ends}"
        return f"{what} ({when}) touches {in_words(self.items)} as well."


def planned(change_id: int, items: Iterable[int], starts_at: datetime, ends_at: datetime) -> Planned:
    """Return a change as collisions see it."""
    ids = frozenset(items)
    return Planned(change_id, starts_at, ends_at, ids, estate.needed_by(ids))


def collisions(viewer: Viewer, this: Planned) -> list[Collision]:
    """Return the changes still to be made, of every council, that touch the same at the same time."""
    rows = {each.pk: each for each in _about(this, timedelta())}
    shared = {
        other.change_id: common
        for other in _as_planned(rows.values())
        if (common := rules.collision(this, other))
    }
    touched = frozenset().union(*shared.values())
    names = dict(Item.objects.filter(id__in=sorted(touched)).values_list("id", "name")) if touched else {}
    found = []
    for change_id, common in shared.items():
        row = rows[change_id]
        seen = gate.may(viewer, Can.SEE_CHANGES, row.council_id) and not row.call.circle
        items = sorted(names[each] for each in common)
        found.append(Collision(row if seen else None, row.council.name, row.starts_at, row.ends_at, items))
    return sorted(found, key=lambda each: each.starts_at)


def advice(viewer: Viewer, this: Planned, *, council_ids: Iterable[int], service_away: bool) -> list[str]:
    """Return what somebody should know of a window before they choose it, in sentences. A freeze is no advice.

    Collisions, nights on which much is changed already, and a service that is away when no maintenance was agreed.
    """
    said = [each.words for each in collisions(viewer, this)]
    others = _as_planned(_about(this, _NIGHT))
    for night, number in sorted(rules.crowded(this, others).items()):
        said.append(
            f"With this one, {number} changes are made in the night of {dates.in_words(night)}:"
            " are there enough people?"
        )
    if service_away:
        said += _not_agreed(this, council_ids)
    return said


def freezes_said(council_ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> list[str]:
    """Return the freezes that a window runs into, in sentences."""
    return [
        f"{each.council.name} wants nothing changed from {dates.with_time(each.starts_at)} to"
        f" {dates.with_time(each.ends_at)}: {each.reason}."
        for each in freezes_holding(council_ids, starts_at, ends_at)
    ]


def _about(this: Planned, more: timedelta) -> list[Change]:
    """Return the changes still to be made whose windows are about this one, without itself."""
    rows = Change.unscoped(_SHARED).filter(
        state__in=rules.LIVE, starts_at__lt=this.ends_at + more, ends_at__gt=this.starts_at - more
    )
    return list(rows.exclude(pk=this.change_id).select_related("call", "council"))


def _as_planned(rows: Iterable[Change]) -> list[Planned]:
    """Return changes as collisions see them: three questions for all of them."""
    held = list(rows)
    items: dict[int, set[int]] = {each.pk: set() for each in held}
    touched = ChangeItem.unscoped(_SHARED).filter(change_id__in=list(items))
    for change_id, item_id in touched.values_list("change_id", "item_id"):
        items[change_id].add(item_id)
    needs: dict[int, set[int]] = {}
    for item_id, on_id in Dependency.objects.values_list("item_id", "on_id") if held else ():
        needs.setdefault(item_id, set()).add(on_id)
    return [
        Planned(
            each.pk, each.starts_at, each.ends_at, frozenset(items[each.pk]), _below(items[each.pk], needs)
        )
        for each in held
    ]


def _below(items: set[int], needs: dict[int, set[int]]) -> frozenset[int]:
    found, ahead = set(items), list(items)
    while ahead:
        for each in needs.get(ahead.pop(), ()):
            if each not in found:
                found.add(each)
                ahead.append(each)
    return frozenset(found)


def _not_agreed(this: Planned, council_ids: Iterable[int]) -> list[str]:
    """Say for which items a service is away although their council has agreed on no maintenance then."""
    agreed = Maintenance.unscoped(_SHARED).filter(
        item_id__in=sorted(this.items), starts_at__lte=this.starts_at, ends_at__gte=this.ends_at
    )
    covered = set(agreed.filter(council_id__in=list(council_ids)).values_list("item_id", flat=True))
    names = Item.objects.filter(Q(id__in=sorted(this.items - covered))).values_list("name", flat=True)
    return [f"No maintenance has been agreed for {in_words(list(names))} in that time."] if names else []
