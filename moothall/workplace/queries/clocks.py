"""A clock that explains itself: every stretch that counted and every one that did not, with the reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.queries import ALWAYS, calendar_of
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import queries as process
from moothall.process import store
from moothall.process.definition import Clock
from moothall.process.engine.state import CaseState, ClockRun
from moothall.process.models import Event
from moothall.workplace import rules
from moothall.workplace.rules import Pause, Stretch

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Explained:
    """One clock to the second. `left` is what is still to come; None once it has ended."""

    case: CaseState
    council: str
    clock: Clock
    run: ClockRun
    since: str
    until: str
    calendar: str
    stretches: Sequence[Stretch]
    used: int
    left: int | None
    over: int
    shortened: int


def explained(viewer: Viewer, reference: str, key: str, now: datetime) -> Explained:
    """Return everything that makes up a clock of a case the viewer may see."""
    case = store.load(process.case_id_of(viewer, reference))
    run = case.clocks.get(key) if case else None
    if case is None or run is None:
        raise NotFound(what="clock")
    clock = case.definition.clocks[key]
    calendar = calendar_of(case.council_id, clock.calendar if clock.within.working else ALWAYS)
    end = run.ended_at or now
    found = rules.stretches(calendar, run.started_at, end, _pauses(case, run))
    going = run.ended_at is None
    left = run.left_seconds if run.state == "paused" else max(0, calendar.between(now, run.due_at))
    return Explained(
        case=case,
        council=Council.objects.values_list("name", flat=True).get(pk=case.council_id),
        clock=clock,
        run=run,
        since=case.definition.steps[clock.since].title,
        until=case.definition.steps[clock.until].title,
        calendar=calendar.name,
        stretches=found[-_LONGEST:],
        used=rules.used(found),
        left=left if going else None,
        over=max(0, calendar.between(run.due_at, end)) if run.paused_at is None and end > run.due_at else 0,
        shortened=max(0, len(found) - _LONGEST),
    )


def _pauses(case: CaseState, run: ClockRun) -> list[Pause]:
    """Return when this run of the clock stood still, for which step, and who put the question.

    A clock that goes on after it was kept stood still from then on, and for no step.
    """
    rows = Event.objects.filter(case_id=case.id, kind__in=("paused", "resumed"), step=run.key, run=run.run)
    found: list[Pause] = []
    for row in rows.order_by("seq"):
        body = json.loads(row.body)
        since = datetime.fromisoformat(body["since"]) if body.get("since") else row.at
        if row.kind == "paused":
            step = case.definition.steps.get(str(body.get("while", "")))
            found.append(Pause(since, None, step.title if step else "", row.actor_name))
        elif found and found[-1].until is None:
            found[-1] = Pause(found[-1].since, row.at, found[-1].waiting_for, found[-1].by)
        else:
            found.append(Pause(since, row.at, "", ""))
    return found
