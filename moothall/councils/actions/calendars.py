"""Opening hours and closing days. Hours are never changed, only followed by newer ones."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from moothall.councils import gate, scope
from moothall.councils.actions.keeping import keep, write
from moothall.councils.errors import NotACalendar
from moothall.councils.models import CalendarVersion, ClosingDay, Council, new_stamp
from moothall.councils.permissions import Can
from moothall.councils.queries import ALWAYS, OFFICE
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.plain.working_time import Week

Weekly = Mapping[str, Sequence[Sequence[str]]]


@transaction.atomic
def set_calendar(  # each is one fact about the hours
    *,
    by: Viewer,
    council: Council,
    weekly: Weekly,
    in_force_from: date,
    name: str = OFFICE,
    bank_holidays: bool = True,
    now: datetime,
) -> CalendarVersion:
    """Set a council's opening hours from a date on, like {"monday": [["09:00", "17:00"]]}; other days are closed."""
    gate.allow(by, Can.SET_CALENDARS, council.pk)
    if name == ALWAYS:
        raise NotACalendar(reason=f"“{ALWAYS}” is never closed, for every council")
    try:
        Week.of(weekly)
    except ValueError as error:
        raise NotACalendar(reason=str(error)) from error
    version = CalendarVersion(
        council=council,
        name=name,
        in_force_from=in_force_from,
        nation=council.nation,
        weekly={day: [list(hours) for hours in weekly[day]] for day in weekly},
        bank_holidays=bank_holidays,
    )
    with scope.only([council.pk]):
        keep(version)
    _changed(council)
    facts = {
        "name": name,
        "in_force_from": in_force_from,
        "weekly": version.weekly,
        "bank_holidays": bank_holidays,
    }
    write(by=by, what="calendar.set", about=council, council_id=council.pk, now=now, facts=facts)
    return version


@transaction.atomic
def add_closing_day(*, by: Viewer, council: Council, day: date, reason: str, now: datetime) -> ClosingDay:
    """Close a council on a day that is no bank holiday."""
    gate.allow(by, Can.SET_CALENDARS, council.pk)
    closing = ClosingDay(council=council, date=day, reason=reason)
    with scope.only([council.pk]):
        keep(closing)
    _changed(council)
    facts = {"date": day, "reason": reason}
    write(by=by, what="calendar.day_closed", about=council, council_id=council.pk, now=now, facts=facts)
    return closing


@transaction.atomic
def remove_closing_day(*, by: Viewer, council: Council, day: date, now: datetime) -> None:
    """Open a council on a day after all."""
    gate.allow(by, Can.SET_CALENDARS, council.pk)
    with scope.only([council.pk]):
        removed, _ = ClosingDay.objects.filter(council=council, date=day).delete()
    if not removed:
        raise NotFound(what="closing day")
    _changed(council)
    facts = {"date": day}
    write(by=by, what="calendar.day_opened", about=council, council_id=council.pk, now=now, facts=facts)


def _changed(council: Council) -> None:
    """Make every process forget the calendars it remembers for this council."""
    council.calendar_stamp = new_stamp()
    council.save(update_fields=["calendar_stamp"])
