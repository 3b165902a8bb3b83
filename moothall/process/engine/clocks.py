"""Promises about time: started, paused, resumed, met or missed, each in the council's own calendar.

How long one has may follow from an answer (see `engine.targets`), and writing to whoever asked may keep it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from moothall.plain.working_time import Calendar
from moothall.process import cel
from moothall.process.definition import Clock, Target
from moothall.process.engine.spans import after, elapsed, ends, stretches, whole, with_stretch
from moothall.process.engine.state import NEVER, Around, CaseState, ClockRun, Happening, Telling, facts
from moothall.process.engine.targets import aim, calendar_of, late, left, none_any_more, retarget, target_of

State = Literal["due", "done", "off", "none"]
"""How it stands with a promise: it is to be kept, its step is done, there is nothing to keep, or no time for it."""


def refresh(case: CaseState, around: Around) -> None:
    """Bring every clock up to date after a change: start, pause, resume or end it, or let it go on again."""
    clocks = case.definition.clocks
    seen = facts(case, around.now) if any(clock.when for clock in clocks.values()) else {}
    for clock in clocks.values():
        run, target = case.clocks.get(clock.key), target_of(case, clock)
        state = _promised(case, clock, seen, target)
        if run is not None and run.going:
            _keep(case, clock, run, around, state, target)
        elif state == "due" and target is not None:
            _begin(case, clock, run, around, target)
    set_due(case, around)


def _promised(case: CaseState, clock: Clock, seen: Mapping[str, object], target: Target | None) -> State:
    """Say how it stands with a promise.

    Its step is not done while another is open that can only lead back to it, as a question to the resident does.
    """
    since, until = case.steps.get(clock.since), case.steps.get(clock.until)
    ended = "" if until is None else until.state
    if ended == "done" and not any(
        clock.until in case.definition.leads_back[run.key] and run.key not in clock.kept
        for run in case.open_steps()
    ):
        return "done"
    if case.status == "closed" or ended == "skipped":
        return "off"
    if since is None or since.state != "done" or not cel.holds(clock.when, seen):
        return "off"
    return "none" if target is None else "due"


def _begin(case: CaseState, clock: Clock, last: ClockRun | None, around: Around, target: Target) -> None:
    """Start a clock. One that runs from the same end of its step as before was ended too early, and goes on.

    One that was kept by writing to whoever asked is kept, whatever becomes of its step.
    """
    since = case.steps[clock.since].done_at or around.now
    if last is None or last.started_at < since:
        _start(case, clock, last, around, target, since)
    elif last.ended_by != "wrote":
        _go_on(case, clock, last, around, target)


def _start(
    case: CaseState, clock: Clock, last: ClockRun | None, around: Around, target: Target, since: datetime
) -> None:
    """Start a run of a clock. Where nothing was promised until now, it has run since its beginning all the same."""
    run = ClockRun(key=clock.key, run=last.run + 1 if last else 1, state="running", started_at=since)
    case.clocks[clock.key] = run
    if clock.targets is not None and since < around.now:
        retarget(case, clock, run, target, around)
    else:
        aim(clock, run, target, around)
    if _waiting(case, clock):
        _pause(case, clock, run, around)


def _go_on(case: CaseState, clock: Clock, run: ClockRun, around: Around, target: Target) -> None:
    """Let a clock go on whose end was taken back.

    While its step stood as done, the time does not count; time in which it was not wanted does. Late stays late.
    """
    ended_at, run.ended_at, run.changed = run.ended_at or around.now, None, True
    run.used_seconds, run.ended_by = None, ""
    if run.state == "met" and run.paused_at is None:
        run.left_seconds = left(calendar_of(clock, run, around), ended_at, run.due_at)
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
    _keep(case, clock, run, around, "due", target)


def _keep(
    case: CaseState, clock: Clock, run: ClockRun, around: Around, state: State, target: Target | None
) -> None:
    """Bring a clock that goes up to date."""
    if state == "due" and target is not None and run.target != target.choice:
        retarget(case, clock, run, target, around)
    if state != "due":
        if state == "none":
            none_any_more(case, clock, run, around)
        end(run, around, calendar_of(clock, run, around), "step" if state == "done" else "")
    elif run.state == "running" and _waiting(case, clock):
        _pause(case, clock, run, around)
    elif run.state == "paused" and not _waiting(case, clock):
        _resume(case, clock, run, around)


def written(case: CaseState, around: Around) -> None:
    """Keep what is kept by writing to whoever asked, now that staff have; begin anew what is promised again."""
    for clock in case.definition.clocks.values():
        run = case.clocks.get(clock.key)
        if not clock.on_written or run is None or not run.going:
            continue
        end(run, around, calendar_of(clock, run, around), "wrote")
        target = target_of(case, clock)
        if clock.on_written == "again" and target is not None:
            case.kept.append(run)
            _start(case, clock, run, around, target, around.now)
    set_due(case, around)


def end(run: ClockRun, around: Around, calendar: Calendar, by: Literal["", "step", "wrote"]) -> None:
    """End a clock: met by its step or by writing, else stopped. One that is late was missed, swept or not.

    What it has used is kept, so that it stays as it was whatever becomes of the calendar.
    """
    if run.state == "running" and run.late_at is None and run.due_at < around.now:
        run.late_at = run.due_at
    run.state = "missed" if run.late_at is not None else "met" if by else "stopped"
    until = run.paused_at or around.now
    run.used_seconds = elapsed(calendar, run.started_at, until, stretches(run.stood))
    run.ended_at, run.ended_by, run.sweep_at, run.changed = around.now, by, None, True


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
    run.left_seconds = left(calendar_of(clock, run, around), around.now, run.due_at)
    case.happened.append(Happening("paused", clock.key, run.run, body={"while": _waiting(case, clock)}))


def _resume(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Go on with the working seconds that were left, and warn when as much is left as it would have been."""
    calendar, since = calendar_of(clock, run, around), run.paused_at or around.now
    warned = run.warn_at is None or run.warn_at <= since
    rest, body = run.left_seconds, {"since": since}
    run.stood = with_stretch(run.stood, since, around.now)
    run.state, run.paused_at, run.left_seconds, run.changed = "running", None, None, True
    run.due_at = NEVER if rest is None else after(calendar, around.now, rest)
    target = target_of(case, clock)
    if clock.warn is not None and not warned and rest is not None and target is not None and target.span:
        length = whole(target.span, calendar, run.started_at) or 0
        run.warn_at = after(calendar, around.now, max(0, rest - length * (100 - clock.warn) // 100))
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
            late(case, clock, run)
        else:
            run.sweep_at, run.changed = run.due_at, True
            case.happened.append(Happening("warned", step=clock.key, run=run.run, body={"due": run.due_at}))
            case.told.append(Telling(audience="team", about="warning", key=clock.key))
    return bool(case.happened)
