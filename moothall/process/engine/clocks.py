"""Promises about time: started, paused, resumed, met or missed, each in the council's own calendar."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from moothall.plain.working_time import Calendar
from moothall.process import cel
from moothall.process.definition import Clock
from moothall.process.engine.spans import ALWAYS, after, due, ends
from moothall.process.engine.state import NEVER, Around, CaseState, ClockRun, Happening, Telling, facts

HIGHEST = "urgent"


def calendar_of(clock: Clock, around: Around) -> Calendar:
    """Return the calendar a clock counts in: a span that is not of working time runs day and night."""
    return around.calendar(clock.calendar if clock.within.working else ALWAYS)


def refresh(case: CaseState, around: Around) -> None:
    """Bring every clock up to date after a change: start, pause, resume or end it, or let it go on again."""
    clocks = case.definition.clocks
    seen = facts(case, around.now) if any(clock.when for clock in clocks.values()) else {}
    for clock in clocks.values():
        run = case.clocks.get(clock.key)
        state = _promised(case, clock, seen)
        if run is not None and run.going:
            _keep(case, clock, run, around, state)
        elif state == "due":
            _begin(case, clock, run, around)
    set_due(case, around)


def _promised(case: CaseState, clock: Clock, seen: Mapping[str, object]) -> Literal["due", "done", "off"]:
    """Say how it stands with a promise: it is to be kept, its step is done, or there is nothing to keep.

    Its step is not done while another is open that can only lead back to it, as a question to the resident does.
    """
    since, until = case.steps.get(clock.since), case.steps.get(clock.until)
    ended = "" if until is None else until.state
    if ended == "done" and not any(
        clock.until in case.definition.leads_back[run.key] for run in case.open_steps()
    ):
        return "done"
    if case.status == "closed" or ended == "skipped":
        return "off"
    if since is None or since.state != "done" or not cel.holds(clock.when, seen):
        return "off"
    return "due"


def _begin(case: CaseState, clock: Clock, last: ClockRun | None, around: Around) -> None:
    """Start a clock. One that runs from the same end of its step as before was ended too early, and goes on."""
    since = case.steps[clock.since].done_at or around.now
    if last is not None and last.started_at == since:
        _go_on(case, clock, last, around)
        return
    run = ClockRun(key=clock.key, run=last.run + 1 if last else 1, state="running", started_at=since)
    calendar = calendar_of(clock, around)
    run.due_at = due(clock.within, calendar, since)
    if clock.warn is not None:
        whole = calendar.between(since, run.due_at)
        run.warn_at = after(calendar, since, whole * clock.warn // 100)
    run.sweep_at = run.warn_at or run.due_at
    case.clocks[clock.key] = run
    if _waiting(case, clock):
        _pause(case, clock, run, around)


def _go_on(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Let a clock go on whose end was taken back.

    While its step stood as done, the time does not count; time in which it was not wanted does. Late stays late.
    """
    ended_at, run.ended_at, run.changed = run.ended_at or around.now, None, True
    if run.state == "met" and run.paused_at is None:
        run.left_seconds = calendar_of(clock, around).between(ended_at, run.due_at)
        run.paused_at, run.state = ended_at, "paused"
        if waiting := _waiting(case, clock):
            body = {"while": waiting, "since": ended_at}
            case.happened.append(Happening("paused", clock.key, run.run, body=body))
    elif run.paused_at is not None:
        run.state = "paused"
    else:
        warned = run.warn_at is None or run.warn_at <= ended_at
        run.sweep_at = None if run.late_at else run.due_at if warned else run.warn_at
        run.state = "running"
    _keep(case, clock, run, around, "due")


def _keep(
    case: CaseState, clock: Clock, run: ClockRun, around: Around, state: Literal["due", "done", "off"]
) -> None:
    """Bring a clock that goes up to date."""
    if state != "due":
        _end(run, around.now, "met" if state == "done" else "stopped")
    elif run.state == "running" and _waiting(case, clock):
        _pause(case, clock, run, around)
    elif run.state == "paused" and not _waiting(case, clock):
        _resume(case, clock, run, around)


def _end(run: ClockRun, now: datetime, state: Literal["met", "stopped"]) -> None:
    """End a clock; one that is late was missed, whether or not the sweeper has seen it."""
    if run.state == "running" and run.late_at is None and run.due_at < now:
        run.late_at = run.due_at
    run.state = state if run.late_at is None else "missed"
    run.ended_at, run.sweep_at, run.changed = now, None, True


def _waiting(case: CaseState, clock: Clock) -> str:
    """Return the step for which a clock stands still, if one is open."""
    for key in clock.pause:
        run = case.steps.get(key)
        if run is not None and run.state == "open":
            return key
    return ""


def _pause(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Stand still: remember the working seconds left. A clock already late stays late."""
    if run.late_at is not None or around.now >= run.due_at:
        return
    run.state, run.paused_at, run.sweep_at, run.changed = "paused", around.now, None, True
    run.left_seconds = calendar_of(clock, around).between(around.now, run.due_at)
    case.happened.append(Happening("paused", clock.key, run.run, body={"while": _waiting(case, clock)}))


def _resume(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Go on with the working seconds that were left, and warn when as much is left as it would have been."""
    calendar = calendar_of(clock, around)
    warned = run.warn_at is None or (run.paused_at is not None and run.warn_at <= run.paused_at)
    left, body = run.left_seconds or 0, {"since": run.paused_at}
    run.state, run.paused_at, run.left_seconds, run.changed = "running", None, None, True
    run.due_at = after(calendar, around.now, left)
    if clock.warn is not None and not warned:
        whole = calendar.between(run.started_at, due(clock.within, calendar, run.started_at))
        run.warn_at = after(calendar, around.now, max(0, left - whole * (100 - clock.warn) // 100))
    run.sweep_at = run.due_at if warned else run.warn_at
    body["due"] = run.due_at
    case.happened.append(Happening("resumed", clock.key, run.run, body=body))


def set_due(case: CaseState, around: Around) -> None:
    """Set the due times of the case and of its open steps from the clocks that run.

    A repeated step is due when it would open again.
    """
    running = [run for run in case.clocks.values() if run.state == "running"]
    case.due_at = min((run.due_at for run in running), default=NEVER)
    definition = case.definition
    for run in case.steps.values():
        if run.state != "open":
            continue
        own = [each.due_at for each in running if definition.clocks[each.key].until == run.key]
        if (every := definition.steps[run.key].every) is not None:
            own.append(ends(every, around, run.opened_at))
        at = min(own) if own else case.due_at
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
    if clock.late.priority and case.priority != HIGHEST:
        case.priority = clock.late.priority
