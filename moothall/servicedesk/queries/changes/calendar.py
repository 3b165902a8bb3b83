"""The calendar of changes: a month of them, with the times in which nothing may be changed or something may be away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.estate.models import Maintenance
from moothall.estate.permissions import Can as EstateCan
from moothall.look.dates import LONDON
from moothall.servicedesk.models import Change, Freeze
from moothall.servicedesk.queries.changes.seeing import changes_there
from moothall.servicedesk.queries.freezes import freezes_seen
from moothall.servicedesk.rules import changes as rules

_MOST = 500
_OVER = (Change.State.REJECTED, Change.State.WITHDRAWN)


@dataclass(slots=True)
class CalendarDay:
    """One day of the calendar, and what is on it."""

    day: date
    within: bool
    changes: list[Change] = field(default_factory=list)
    freezes: list[Freeze] = field(default_factory=list)
    maintenance: list[Maintenance] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.changes or self.freezes or self.maintenance)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in whole weeks, with its neighbours for turning the page."""

    month: date
    weeks: Sequence[Sequence[CalendarDay]]
    before: date
    after: date

    @property
    def days(self) -> list[CalendarDay]:
        """The days of the month itself on which there is something."""
        return [each for week in self.weeks for each in week if each.within and not each.is_empty]


def month_page(viewer: Viewer, month: date, council_id: int | None = None) -> Month:
    """Return a month of the calendar, as far as the viewer may see it: of all their councils, or of one."""
    weeks = rules.weeks_of(month)
    begin = datetime.combine(weeks[0][0], time(), LONDON)
    end = datetime.combine(weeks[-1][-1], time(23, 59, 59), LONDON)
    days = {each: CalendarDay(each, each.month == month.month) for week in weeks for each in week}
    rows = changes_there(viewer).filter(starts_at__lt=end, ends_at__gt=begin).exclude(state__in=_OVER)
    kept = gate.narrow(
        viewer, EstateCan.SEE, Maintenance.objects.filter(starts_at__lt=end, ends_at__gt=begin)
    )
    freezes = [each for each in freezes_seen(viewer, begin, end) if each.lifted_at is None]
    if council_id is not None:
        rows, kept = rows.filter(council_id=council_id), kept.filter(council_id=council_id)
        freezes = [each for each in freezes if each.council_id == council_id]
    for change in rows.order_by("starts_at", "id")[:_MOST]:
        for each in _on(days, change.starts_at, change.ends_at):
            each.changes.append(change)
    for freeze in freezes:
        for each in _on(days, freeze.starts_at, freeze.ends_at):
            each.freezes.append(freeze)
    for window in kept.select_related("item", "council").order_by("starts_at", "id")[:_MOST]:
        for each in _on(days, window.starts_at, window.ends_at):
            each.maintenance.append(window)
    return Month(
        month.replace(day=1),
        [[days[one] for one in week] for week in weeks],
        rules.previous_month(month),
        rules.next_month(month.replace(day=1)),
    )


def _on(days: dict[date, CalendarDay], starts_at: datetime, ends_at: datetime) -> list[CalendarDay]:
    return [days[each] for each in rules.days_of(starts_at, ends_at) if each in days]
