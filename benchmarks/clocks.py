"""Measure the arithmetic of clocks: one difference in a calendar, one addition, and one clock brought up to date.

The calendar is a council's own: lunch breaks, bank holidays of ten years, closing days, and three versions of its
hours. The clock has its time by a table and has stood still five times; its target changes each time, so that nothing
is saved.
"""

import argparse
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from benchmarks.means.measuring import Verdicts, cpu_ms, heading, median
from moothall.plain.actors import Actor
from moothall.plain.working_time import DAY_NAMES, Calendar, Version, Week
from moothall.process.definition import Definition
from moothall.process.engine import clocks, steps
from moothall.process.engine.spans import with_stretch
from moothall.process.engine.state import Around, CaseState
from moothall.process.language import read

MOST_US = 2.0
FIRST = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)
PAUSES = 5
CALL = """
process: call
title: Call
owner: desk
start: [agent]
fields:
  priority: {ask: Priority?, type: choice, of: [P1, P2, P3]}
clocks:
  restored:
    title: Restored
    within: {by: priority, P1: 400 working hours, P2: 90 working days, P3: {time: 99 working days, calendar: extended}}
    from: log
    until: resolve
    warn: 75%
    late: {tell: desk}
steps:
  log: {title: Log, by: [agent], ask: [priority]}
  resolve: {title: Resolve, by: desk, outcomes: {resolved: {title: Resolved, end: resolved}}}
"""


def calendar() -> Calendar:
    """Return the hours of a council over ten years."""
    days = [["08:45", "12:30"], ["13:15", "17:00"]]
    versions = []
    for year, names in ((2018, DAY_NAMES[:5]), (2023, DAY_NAMES[:6]), (2026, DAY_NAMES[:5])):
        holidays = {date(one, month, day): "holiday" for one in range(2018, 2030) for month, day in _HOLIDAYS}
        versions.append(Version(date(year, 4, 1), Week.of(dict.fromkeys(names, days)), holidays))
    closing = {date(year, 12, 24): "closed early" for year in range(2018, 2030)}
    return Calendar(versions, closing_days=closing)


_HOLIDAYS = ((1, 1), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--times", type=int, default=20_000)
    given = parser.parse_args()
    office, dice = calendar(), random.Random(7)
    moments = [FIRST + timedelta(seconds=dice.randrange(4 * 365 * 86_400)) for _ in range(given.times)]
    ends = [each + timedelta(seconds=dice.randrange(90 * 86_400)) for each in moments]
    lengths = [dice.randrange(60, 40 * 27_000) for _ in moments]
    verdicts = Verdicts()
    heading("Clocks")
    print(f"\n{given.rounds} rounds of {given.times:,}, CPU, median:")

    def differences() -> None:
        for start, end in zip(moments, ends, strict=True):
            office.between(start, end)

    def sums() -> None:
        for start, seconds in zip(moments, lengths, strict=True):
            office.add(start, seconds)

    def days() -> None:
        for start in moments[:2_000]:
            office.add_days(start, 10)

    one = _told("one difference (Calendar.between)", differences, given.rounds, given.times)
    _told("one addition (Calendar.add)", sums, given.rounds, given.times)
    _told("ten working days on (Calendar.add_days)", days, given.rounds, 2_000)
    _told("a clock that nothing happens to", _refreshing(office, retarget=False), given.rounds, 1_000)
    words = f"a clock that stood still {PAUSES} times gets another target"
    _told(words, _refreshing(office, retarget=True), given.rounds, 1_000)
    began = calendar()
    years = cpu_ms(lambda: [began.between(FIRST, FIRST + timedelta(days=365 * 4)) and began], 1)
    print(f"  {1000 * years:9.2f} µs  the first difference over four years, which adds these up once")
    verdicts.most("CPU of one difference", one, MOST_US, " µs")
    verdicts.leave()


def _told(what: str, work: Callable[[], None], rounds: int, times: int) -> float:
    """Return the CPU microseconds of one of so many, and say them."""
    work()
    taken = [1000 * cpu_ms(work, 1) / times for _ in range(rounds)]
    print(f"  {median(taken):9.2f} µs  {what} (rounds {min(taken):.2f} to {max(taken):.2f})")
    return median(taken)


def _refreshing(office: Calendar, *, retarget: bool) -> Callable[[], None]:
    case, around = _case(office)
    turns = ("P1", "P2", "P3")

    def work() -> None:
        for number in range(1_000):
            if retarget:
                case.data["priority"] = turns[number % 3]
            clocks.refresh(case, around)
            case.happened.clear()

    return work


def _case(office: Calendar) -> tuple[CaseState, Around]:
    """Return a case whose clock has stood still, and what is true around it three weeks later."""
    definition: Definition | None = read(CALL).definition
    assert definition is not None
    by = Actor(kind="staff", user_id=1, name="Ann")
    around = Around(FIRST, by, {"desk": 1}.get, lambda _name: office, staff_id=1)
    case = CaseState(1, 1, "ASH-0000-0000", definition, 0, "open", {}, FIRST)
    steps.begin(case, around)
    steps.complete(case, around, step="log", given={"priority": "P2"})
    run = case.clocks["restored"]
    for number in range(PAUSES):
        since = FIRST + timedelta(days=1 + 3 * number)
        run.stood = with_stretch(run.stood, since, since + timedelta(hours=20))
    return case, replace(around, now=FIRST + timedelta(days=21))


if __name__ == "__main__":
    main()
