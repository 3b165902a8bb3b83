"""The X-ray a second time, slowly and in plain Python over the event rows: what the SQL is compared with.

It reads every row of every case and counts; it knows no SQL, no window and no index.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from moothall.process.models import Case, Clock, Event
from moothall.process.models import Step as StepRow

Times = dict[Any, list[int]]


@dataclass
class History:
    """One case with its events in order."""

    case: Case
    events: list[Event]

    def done(self) -> list[Event]:
        return [event for event in self.events if event.kind == "done"]


def histories(cases: Iterable[Case]) -> list[History]:
    return [History(case, list(Event.objects.filter(case=case).order_by("seq"))) for case in cases]


def spread(values: Sequence[int]) -> tuple[int, float, int, int]:
    """Return how many, the mean, the middle and the ninth tenth by nearest rank, the last two to the minute below."""
    ordered = sorted(values)
    half, nine = (ordered[-(-len(ordered) * tenths // 10) - 1] for tenths in (5, 9))
    return len(ordered), round(sum(ordered) / len(ordered), 3), half // 60 * 60, nine // 60 * 60


def spreads(times: Times) -> dict[Any, tuple[int, float, int, int]]:
    return {key: spread(values) for key, values in times.items() if values}


def runs(found: list[History]) -> tuple[Times, Times]:
    """Return how long each step was in the queue, and in hand, each time it was done."""
    queued, held = defaultdict(list), defaultdict(list)
    for history in found:
        opened: dict[tuple[str, int], Event] = {}
        taken: dict[tuple[str, int], Event] = {}
        for event in history.events:
            run = (event.step, event.run)
            if event.kind in {"opened", "repeated"}:
                opened[run] = event
            elif event.kind == "taken":
                taken.setdefault(run, event)
            elif event.kind == "done":
                first = taken.get(run)
                queued[event.step].append(_seconds(opened[run], first or event))
                if first is not None:
                    held[event.step].append(_seconds(first, event))
    return queued, held


def follows(found: list[History]) -> Times:
    times: Times = defaultdict(list)
    for history in found:
        for one, next_one in pairwise(history.done()):
            times[one.step, next_one.step].append(_seconds(one, next_one))
    return times


def routes(found: list[History]) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(event.step for event in history.done()) for history in found if history.case.closed_at
    )


def handed(found: list[History]) -> Times:
    times: Times = defaultdict(list)
    for history in found:
        with_team = [event for event in history.done() if event.team_id is not None]
        for one, next_one in pairwise(with_team):
            if one.team_id != next_one.team_id:
                times[one.team_id, next_one.team_id].append(_seconds(one, next_one))
    return times


def again(found: list[History]) -> tuple[Counter[str], Counter[str], int]:
    """Return how often each step was done, how often again, and in how many cases anything was."""
    done: Counter[str] = Counter()
    twice: Counter[str] = Counter()
    cases = 0
    for history in found:
        own = Counter(event.step for event in history.done())
        done += own
        more = Counter({step: times - 1 for step, times in own.items() if times > 1})
        twice += more
        cases += bool(more)
    return done, twice, cases


def paused(found: list[History]) -> Times:
    times: Times = defaultdict(list)
    for history in found:
        standing: dict[str, Event] = {}
        for event in history.events:
            if event.kind == "paused":
                standing[event.step] = event
            elif event.kind == "resumed":
                times[event.step].append(_seconds(standing.pop(event.step), event))
    return times


def clocks(found: list[History]) -> Counter[tuple[str, str]]:
    """Return how the runs of clocks stand, as their rows say."""
    return Counter(
        (clock.key, "overdue" if clock.late_at and not clock.ended_at else clock.state)
        for history in found
        for clock in Clock.objects.filter(case=history.case)
    )


def open_now(found: list[History]) -> Counter[str]:
    return Counter(
        step.key for history in found for step in StepRow.objects.filter(case=history.case, state="open")
    )


def _seconds(one: Event, other: Event) -> int:
    return int((other.at - one.at).total_seconds())
