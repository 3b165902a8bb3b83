"""What others hold their working time to, as facts: from so many open hours on, in these hours, it is then.

The first are of Request Tracker (its tests of service levels), the others of the Ruby library working_hours. What they
count backwards, or as a day after the same hour, is no fact here: councils and the law count days otherwise.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from moothall.plain.working_time import DAY_NAMES, Calendar, Version, Week

Hours = Mapping[str, Sequence[Sequence[str]]]
NINE_TO_SIX: Hours = {day: [["09:00", "18:00"]] for day in DAY_NAMES[:5]}
NINE_TO_FIVE: Hours = {day: [["09:00", "17:00"]] for day in DAY_NAMES[:5]}
SPLIT: Hours = {"monday": [["07:00", "12:00"], ["13:00", "18:00"]]}
WHOLE_MONDAYS: Hours = {"monday": [["00:00", "24:00"]]}
TWO_DAYS: Hours = {"monday": [["09:00", "17:00"]], "wednesday": [["09:00", "17:00"]]}


def calendar(hours: Hours, zone: str = "UTC", holidays: Sequence[date] = ()) -> Calendar:
    version = Version(date(1990, 1, 1), Week.of(hours), dict.fromkeys(holidays, "a holiday"))
    return Calendar([version], zone=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "zone", "start", "minutes", "end"),
    [
        (NINE_TO_SIX, "America/New_York", "2007-01-01T22:00:00Z", 120, "2007-01-02T15:00:00Z"),
        (NINE_TO_SIX, "Europe/Moscow", "2007-01-01T22:00:00Z", 120, "2007-01-02T08:00:00Z"),
        ({"sunday": [["09:00", "17:00"]]}, "UTC", "2007-01-01T00:00:00Z", 60, "2007-01-07T10:00:00Z"),
        ({"monday": [["09:00", "17:00"]]}, "UTC", "2007-01-01T00:00:00Z", 60, "2007-01-01T10:00:00Z"),
        (NINE_TO_FIVE, "UTC", "1991-11-15T14:00:42Z", 120, "1991-11-15T16:00:42Z"),
        (NINE_TO_FIVE, "UTC", "1991-11-15T16:30:42Z", 45, "1991-11-18T09:15:42Z"),
        (NINE_TO_FIVE, "UTC", "1991-11-15T16:59:42Z", 2, "1991-11-18T09:01:42Z"),
        (NINE_TO_FIVE, "Asia/Tokyo", "1991-11-15T07:00:00Z", 180, "1991-11-18T11:00:00+09:00"),
        (SPLIT, "UTC", "1991-11-11T05:00:00Z", 360, "1991-11-11T14:00:00Z"),
        (WHOLE_MONDAYS, "UTC", "2014-04-07T23:59:30Z", 1, "2014-04-14T00:00:30Z"),
    ],
)
def test_so_many_open_minutes_on_it_is_then(
    hours: Hours, zone: str, start: str, minutes: int, end: str
) -> None:
    found, began = calendar(hours, zone), datetime.fromisoformat(start)
    due = datetime.fromisoformat(end)
    assert found.add(began, minutes * 60) == due
    assert found.between(began, due) == minutes * 60


@pytest.mark.parametrize(
    ("hours", "holidays", "start", "days", "end"),
    [
        (NINE_TO_FIVE, (), "1991-11-15", 2, "1991-11-19"),
        (TWO_DAYS, (), "2014-04-07", 1, "2014-04-09"),
        (NINE_TO_FIVE, (date(2014, 4, 8),), "2014-04-07", 1, "2014-04-09"),
        (TWO_DAYS, (date(2014, 4, 9),), "2014-04-07", 3, "2014-04-21"),
    ],
)
def test_so_many_working_days_on_it_is_that_day(
    hours: Hours, holidays: Sequence[date], start: str, days: int, end: str
) -> None:
    began = datetime.fromisoformat(f"{start}T10:00:00+00:00")
    assert calendar(hours, holidays=holidays).add_days(began, days).date() == date.fromisoformat(end)
