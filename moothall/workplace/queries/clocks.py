"""A clock that explains itself: every stretch that counted and every one that did not, with the reason.

What a clock that has ended took was kept when it ended, and holds; where the calendar has been changed since, the
page says so, instead of adding it up anew.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from moothall.councils.models import Council
from moothall.councils.queries import ALWAYS, calendar_of
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.plain.working_time import Calendar
from moothall.process import kinds
from moothall.process.circles import Sight
from moothall.process.definition import Clock
from moothall.process.engine.spans import NO_END, stretches
from moothall.process.engine.state import CaseState, ClockRun
from moothall.process.engine.targets import calendar_name
from moothall.process.models import Clock as ClockRow
from moothall.process.models import Event
from moothall.process.queries.casefile import loaded
from moothall.process.queries.history import step_title
from moothall.workplace import rules
from moothall.workplace.rules import Pause, Stretch

_LONGEST = 400
_RUNS = 50


@dataclass(frozen=True, slots=True)
class Aim:
    """One time that a clock had: from when on, how long, and because of which answer."""

    at: datetime
    within: str
    why: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock to the second. `left` is what is still to come; None once it has ended.

    `hours` says since which days the opening hours count that were in force; `now_used` what it would have taken by the
    calendar of today, where that is not what was kept. `runs` are all its runs, where there are several.
    """

    case: CaseState
    council: str
    clock: Clock
    run: ClockRun
    within: str
    since: str
    until: str
    calendar: str
    hours: Sequence[date | None]
    aims: Sequence[Aim]
    stretches: Sequence[Stretch]
    used: int
    now_used: int | None
    left: int | None
    over: int
    shortened: int
    runs: Sequence[ClockRow]


def explained(
    viewer: Viewer, reference: str, key: str, now: datetime, number: int | None = None
) -> Explained:
    """Return everything that makes up a clock of a case the viewer may see; steps that are not there have no title.

    Without a number it is the newest run of the clock.
    """
    case, seen = loaded(viewer, reference)
    clock = case.definition.clocks.get(key)
    if clock is None or key not in case.clocks or not seen.step(clock.until):
        raise NotFound(what="clock")
    rows = list(ClockRow.objects.filter(case_id=case.id, key=key).order_by("-run")[:_RUNS])
    run = _run(case, rows, key, number)
    calendar = calendar_of(case.council_id, _calendar(clock, run))
    end = run.ended_at or now
    found = rules.stretches(calendar, run.started_at, end, _pauses(case, run, seen))
    used = rules.used(found)
    kept = used if run.used_seconds is None else run.used_seconds
    return Explained(
        case=case,
        council=Council.objects.values_list("name", flat=True).get(pk=case.council_id),
        clock=clock,
        run=run,
        within=run.within or clock.promised,
        since=step_title(case.definition, clock.since, seen),
        until=step_title(case.definition, clock.until, seen),
        calendar=calendar.name,
        hours=_in_force(calendar, run.started_at, end),
        aims=_aims(case, run, seen),
        stretches=found[-_LONGEST:],
        used=kept,
        now_used=used if used != kept else None,
        left=_left(run, calendar, now),
        over=max(0, calendar.between(run.due_at, end)) if run.paused_at is None and end > run.due_at else 0,
        shortened=max(0, len(found) - _LONGEST),
        runs=rows if len(rows) > 1 else (),
    )


def _run(case: CaseState, rows: Sequence[ClockRow], key: str, number: int | None) -> ClockRun:
    """Return the run that is asked for, as the engine knows it."""
    if number is None or number == case.clocks[key].run:
        return case.clocks[key]
    row = next((each for each in rows if each.run == number), None)
    if row is None:
        raise NotFound(what="clock")
    known: dict[str, Any] = {
        each.name: getattr(row, each.name) for each in fields(ClockRun) if each.name != "changed"
    }
    return ClockRun(**known, changed=False)


def _calendar(clock: Clock, run: ClockRun) -> str:
    """Return in which calendar a run is counted: the one that was kept with it, else that of its row."""
    target = clock.target(run.target)
    return run.calendar or (calendar_name(clock, target) if target else ALWAYS)


def _left(run: ClockRun, calendar: Calendar, now: datetime) -> int | None:
    """Return the open seconds that are left; None for what has ended, or never runs out."""
    if run.ended_at is not None or run.due_at.year >= NO_END:
        return None
    return run.left_seconds if run.state == "paused" else max(0, calendar.between(now, run.due_at))


def _in_force(calendar: Calendar, start: datetime, end: datetime) -> list[date | None]:
    """Return since when the opening hours were in force that count between two times; None is since ever.

    Days before the first version follow the first version.
    """
    first, last = (at.astimezone(calendar.zone).date() for at in (start, end))
    begins = [version.in_force_from for version in calendar.versions]
    found: list[date | None] = []
    for number, (day, following) in enumerate(zip(begins, [*begins[1:], date.max], strict=True)):
        if (number == 0 or day <= last) and following > first:
            found.append(None if day == date.min or (number == 0 and day > first) else day)
    return found


def _aims(case: CaseState, run: ClockRun, seen: Sight) -> list[Aim]:
    """Return the times that a run had one after the other, where there were several."""
    rows = Event.objects.filter(case_id=case.id, kind="retargeted", step=run.key, run=run.run).order_by("seq")
    return list(_told(case, run, seen, [(row.at, json.loads(row.body)) for row in rows]))


def _told(
    case: CaseState, run: ClockRun, seen: Sight, events: Sequence[tuple[datetime, dict[str, Any]]]
) -> Iterator[Aim]:
    if events and events[0][1].get("was"):
        yield Aim(run.started_at, str(events[0][1]["was"]), "")
    for at, body in events:
        field = case.definition.fields.get(str(body.get("by", "")))
        why = ""
        if field is not None and field.key in seen.fields and body.get("to"):
            why = f"{field.name}: {kinds.words(field, body['to'])}"
        yield Aim(at, str(body.get("within") or "nothing promised"), why)


def _pauses(case: CaseState, run: ClockRun, seen: Sight) -> list[Pause]:
    """Return when this run of the clock stood still, for which step, and who put the question.

    A clock that goes on after it was kept stood still from then on, and for no step. What was kept with the clock and
    has no event is a stretch before anything was promised.
    """
    rows = Event.objects.filter(case_id=case.id, kind__in=("paused", "resumed"), step=run.key, run=run.run)
    found: list[Pause] = []
    for row in rows.order_by("seq"):
        body = json.loads(row.body)
        since = datetime.fromisoformat(body["since"]) if body.get("since") else row.at
        if row.kind == "paused":
            step = str(body.get("while", ""))
            who = row.actor_name if seen.step(step) or step not in case.definition.steps else ""
            found.append(Pause(since, None, step_title(case.definition, step, seen), who))
        elif found and found[-1].until is None:
            found[-1] = Pause(found[-1].since, row.at, found[-1].waiting_for, found[-1].by)
        else:
            found.append(Pause(since, row.at, "", ""))
    known = {int(each.since.timestamp() // 1) for each in found}
    zone = run.started_at.tzinfo
    return found + [
        Pause(datetime.fromtimestamp(since, zone), datetime.fromtimestamp(until, zone), "", "")
        for since, until in stretches(run.stood)
        if since not in known
    ]
