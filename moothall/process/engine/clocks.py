"""Promises about time: started, paused, resumed, met or missed, each in the council's own calendar."""

from datetime import datetime

from moothall.plain.working_time import Calendar
from moothall.process import cel
from moothall.process.definition import Clock, Span
from moothall.process.engine.state import NEVER, Around, CaseState, ClockRun, Happening, Telling, facts

ALWAYS = "always"
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}


def due(span: Span, calendar: Calendar, start: datetime) -> datetime:
    """Return when a span that starts now runs out; working days end at closing time (see `working_time`)."""
    if span.working and span.unit in {"days", "weeks"}:
        return calendar.add_days(start, span.count * (5 if span.unit == "weeks" else 1))
    return calendar.add(start, span.count * _SECONDS[span.unit])


def calendar_of(clock: Clock, around: Around) -> Calendar:
    """Return the calendar a clock counts in: a span that is not of working time runs day and night."""
    return around.calendar(clock.calendar if clock.within.working else ALWAYS)


def refresh(case: CaseState, around: Around, finished: str = "") -> None:
    """Bring every clock up to date after a change; `finished` is the step that has just been done."""
    if not case.definition.clocks:
        set_due(case)
        return
    seen = facts(case, around.now)
    for clock in case.definition.clocks.values():
        run = case.clocks.get(clock.key)
        if run is not None and run.going:
            _keep(case, clock, run, around, wanted=_wanted(clock, seen))
        elif _starts(case, clock, run, finished) and _wanted(clock, seen):
            _start(case, clock, run, around)
    set_due(case)


def _wanted(clock: Clock, seen: dict[str, object]) -> bool:
    return cel.holds(clock.when, seen)


def _starts(case: CaseState, clock: Clock, run: ClockRun | None, finished: str) -> bool:
    """Whether a clock that does not run has its reason to: its step was just done, or its `when` came true since."""
    if case.status == "closed" or case.settled(clock.until):
        return False
    since = case.steps.get(clock.since)
    if since is None or since.state != "done":
        return False
    return finished == clock.since or run is None


def _start(case: CaseState, clock: Clock, last: ClockRun | None, around: Around) -> None:
    calendar = calendar_of(clock, around)
    since = case.steps[clock.since].done_at or around.now
    run = ClockRun(key=clock.key, run=last.run + 1 if last else 1, state="running", started_at=since)
    _aim(run, clock, calendar, due(clock.within, calendar, since))
    case.clocks[clock.key] = run
    if _pausing(case, clock):
        _pause(case, clock, run, around)


def _aim(run: ClockRun, clock: Clock, calendar: Calendar, until: datetime) -> None:
    """Set when the clock runs out, when it warns, and when the sweeper must look."""
    run.due_at = until
    run.warn_at = None
    if clock.warn is not None:
        run.warn_at = calendar.add(
            run.started_at, calendar.between(run.started_at, until) * clock.warn // 100
        )
    run.sweep_at = min(run.warn_at, until) if run.warn_at is not None else until


def _keep(case: CaseState, clock: Clock, run: ClockRun, around: Around, *, wanted: bool) -> None:
    until = case.steps.get(clock.until)
    if until is not None and until.state == "done":
        _end(run, around.now, "met" if run.state == "paused" or around.now <= run.due_at else "missed")
    elif case.status == "closed" or not wanted or (until is not None and until.state == "skipped"):
        _end(run, around.now, "missed" if run.late_at else "stopped")
    elif _pausing(case, clock) and run.state == "running":
        _pause(case, clock, run, around)
    elif run.state == "paused" and not _pausing(case, clock):
        _resume(case, clock, run, around)


def _end(run: ClockRun, now: datetime, state: str) -> None:
    run.state = "met" if state == "met" else "missed" if state == "missed" else "stopped"
    run.ended_at = now
    run.sweep_at = None
    run.changed = True


def _pausing(case: CaseState, clock: Clock) -> bool:
    return any((run := case.steps.get(key)) is not None and run.state == "open" for key in clock.pause)


def _pause(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Stand still: remember the working seconds left. A clock already late stays late."""
    if run.late_at is not None or around.now >= run.due_at:
        return
    run.state, run.paused_at, run.sweep_at, run.changed = "paused", around.now, None, True
    run.left_seconds = calendar_of(clock, around).between(around.now, run.due_at)
    waiting = next(key for key in clock.pause if (each := case.steps.get(key)) and each.state == "open")
    case.happened.append(Happening("paused", step=clock.key, run=run.run, body={"while": waiting}))


def _resume(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Go on with the working seconds that were left."""
    calendar = calendar_of(clock, around)
    warned = run.warn_at is not None and run.paused_at is not None and run.warn_at <= run.paused_at
    left = run.left_seconds or 0
    run.state, run.paused_at, run.left_seconds, run.changed = "running", None, None, True
    run.due_at = calendar.add(around.now, left)
    if clock.warn is not None and not warned:
        whole = calendar.between(run.started_at, due(clock.within, calendar, run.started_at))
        run.warn_at = calendar.add(around.now, max(0, left - whole * (100 - clock.warn) // 100))
    run.sweep_at = run.warn_at if run.warn_at is not None and not warned else run.due_at
    case.happened.append(Happening("resumed", step=clock.key, run=run.run, body={"due": run.due_at}))


def set_due(case: CaseState) -> None:
    """Set the due times of the case and of its open steps from the clocks that run."""
    running = {run.key: run.due_at for run in case.clocks.values() if run.state == "running"}
    case.due_at = min(running.values(), default=NEVER)
    for run in case.open_steps():
        own = [at for key, at in running.items() if case.definition.clocks[key].until == run.key]
        at = min(own, default=case.due_at)
        if run.due_at != at:
            run.due_at, run.changed = at, True


def sweep(case: CaseState, around: Around) -> bool:
    """Warn and call late what has come due; return whether anything had."""
    for run in case.clocks.values():
        if run.state != "running" or run.sweep_at is None or run.sweep_at > around.now:
            continue
        clock = case.definition.clocks[run.key]
        if run.due_at <= around.now:
            _late(case, clock, run)
        else:
            run.sweep_at, run.changed = run.due_at, True
            case.happened.append(Happening("warned", step=clock.key, run=run.run, body={"due": run.due_at}))
            case.told.append(Telling(audience="team", about="warning", key=clock.key))
    return bool(case.happened)


def _late(case: CaseState, clock: Clock, run: ClockRun) -> None:
    run.late_at, run.sweep_at, run.changed = run.due_at, None, True
    case.happened.append(Happening("late", step=clock.key, run=run.run, body={"due": run.due_at}))
    case.told += [Telling(audience=who, about="late", key=clock.key) for who in clock.late.tell]
    if clock.late.priority:
        case.priority = clock.late.priority
