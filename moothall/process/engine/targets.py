"""How long a clock has, where that follows from an answer, and what becomes of it when the answer changes.

The law: what has been used is the open time, in the calendar of the row that now holds, from the start of the clock to
now, without the stretches in which it stood still; it is due when that reaches the target. Late stays late. A clock
that would have run out already by its new target is late from the moment of the change, and never before it.
"""

from datetime import datetime
from typing import Any

from moothall.plain.working_time import Calendar
from moothall.process.definition import Clock, Target
from moothall.process.engine.spans import (
    ALWAYS,
    NO_END,
    after,
    due,
    elapsed,
    reach,
    stretches,
    whole,
    with_stretch,
)
from moothall.process.engine.state import NEVER, Around, CaseState, ClockRun, Happening, Telling

HIGHEST = "urgent"


def target_of(case: CaseState, clock: Clock) -> Target | None:
    """Return how long a clock has with the answers as they are; None if nothing is promised."""
    return clock.target(case.data.get(clock.targets.by) if clock.targets else "")


def calendar_name(clock: Clock, target: Target) -> str:
    """Return the calendar a clock counts in: a span that is not of working time runs day and night."""
    if target.span is None or not target.span.working:
        return ALWAYS
    return target.calendar or clock.calendar


def calendar_of(clock: Clock, run: ClockRun, around: Around) -> Calendar:
    """Return the calendar in which a clock goes: that of the row it has its time by."""
    target = clock.target(run.target)
    return around.calendar((target and calendar_name(clock, target)) or run.calendar or ALWAYS)


def aim(clock: Clock, run: ClockRun, target: Target, around: Around) -> None:
    """Let a clock that begins have its time: when it is due, and when somebody is warned."""
    assert target.span is not None
    _holds(clock, run, target)
    calendar = around.calendar(run.calendar)
    run.due_at = due(target.span, calendar, run.started_at)
    run.warn_at = None
    length = left(calendar, run.started_at, run.due_at)
    if clock.warn is not None and length is not None:
        run.warn_at = after(calendar, run.started_at, length * clock.warn // 100)
    run.sweep_at = run.warn_at or run.due_at


def _holds(clock: Clock, run: ClockRun, target: Target) -> None:
    run.target, run.within, run.calendar = target.choice, str(target), calendar_name(clock, target)
    run.changed = True


def left(calendar: Calendar, at: datetime, due_at: datetime) -> int | None:
    """Return the open seconds until something is due; None if it never is."""
    return None if due_at.year >= NO_END else max(0, calendar.between(at, due_at))


def retarget(case: CaseState, clock: Clock, run: ClockRun, target: Target, around: Around) -> None:
    """Give a clock that goes the target that now holds. What has run out by the one before is called late first.

    What has run out by the new one is due now: the sweeper calls it late.
    """
    now, was = around.now, run.target
    if was and run.state == "running" and run.late_at is None and run.due_at <= now:
        late(case, clock, run)
    body: dict[str, Any] = {"from": was, "was": run.within if was else "", "to": target.choice}
    _holds(clock, run, target)
    body |= {"within": run.within, "by": clock.targets.by if clock.targets else ""}
    stood = run.paused_at
    if run.late_at is None:
        _aim_anew(clock, run, target, around, warned=_warned(run, was))
    if run.state == "running":
        body["due"] = run.due_at
    case.happened.append(Happening("retargeted", clock.key, run.run, body=body))
    if stood is not None and run.paused_at is None:
        over = {"since": stood, "due": run.due_at}
        case.happened.append(Happening("resumed", clock.key, run.run, body=over))


def _warned(run: ClockRun, was: str) -> bool:
    """Say whether somebody was warned of the end that it had until now."""
    if not was or run.warn_at is None:
        return False
    return run.warn_at <= run.paused_at if run.paused_at else run.sweep_at != run.warn_at


def _aim_anew(clock: Clock, run: ClockRun, target: Target, around: Around, *, warned: bool) -> None:
    """Set when a clock is due by its new target, or how much is left while it stands still."""
    assert target.span is not None
    calendar, stood = around.calendar(run.calendar), stretches(run.stood)
    length = whole(target.span, calendar, run.started_at)
    used = elapsed(calendar, run.started_at, run.paused_at or around.now, stood)
    if length is None:
        run.due_at, run.warn_at, run.left_seconds, run.sweep_at = NEVER, None, None, None
    elif used >= length:
        _run_out(run, around.now)
    else:
        before = None if clock.warn is None else length * clock.warn // 100
        if run.paused_at is not None:
            run.left_seconds = length - used
            if before is not None:  # when somebody is to be warned is found out when it goes on
                run.warn_at = run.paused_at if warned and used >= before else NEVER
            return
        run.due_at = reach(calendar, run.started_at, stood, length)
        run.warn_at = None if before is None else reach(calendar, run.started_at, stood, before)
        over = run.warn_at is None or (warned and run.warn_at <= around.now)
        run.sweep_at = run.due_at if over else run.warn_at


def _run_out(run: ClockRun, now: datetime) -> None:
    """Let a clock be due now that would have run out before: nobody knew. What is late does not stand still."""
    if run.paused_at is not None:
        run.stood = with_stretch(run.stood, run.paused_at, now)
        run.state, run.paused_at, run.left_seconds = "running", None, None
    run.due_at = run.sweep_at = now


def none_any_more(case: CaseState, clock: Clock, run: ClockRun, around: Around) -> None:
    """Note that nothing is promised any more with the answer that now holds; the clock is then ended."""
    if run.state == "running" and run.late_at is None and run.due_at <= around.now:
        late(case, clock, run)
    body = {"from": run.target, "was": run.within, "to": "", "by": clock.targets.by if clock.targets else ""}
    case.happened.append(Happening("retargeted", clock.key, run.run, body=body))
    run.target = ""


def late(case: CaseState, clock: Clock, run: ClockRun) -> None:
    """Call a clock late: tell whom it may concern, and raise the priority of the case."""
    run.late_at, run.sweep_at, run.changed = run.due_at, None, True
    case.happened.append(Happening("late", step=clock.key, run=run.run, body={"due": run.due_at}))
    case.told += [Telling(audience=who, about="late", key=clock.key) for who in clock.late.tell]
    if clock.late.priority and case.priority != HIGHEST:
        case.priority = clock.late.priority
