"""A clock that explains itself: every stretch that counted and every one that did not, with the reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.queries import ALWAYS, calendar_of
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process.circles import Sight
from moothall.process.definition import Clock
from moothall.process.engine.state import CaseState, ClockRun
from moothall.process.models import Event
from moothall.process.queries.casefile import loaded
from moothall.process.queries.history import step_title
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
    """Return everything that makes up a clock of a case the viewer may see; steps that are not there have no title."""
    case, seen = loaded(viewer, reference)
    run, clock = case.clocks.get(key), case.definition.clocks.get(key)
    if run is None or clock is None or not seen.step(clock.until):
        raise NotFound(what="clock")
    calendar = calendar_of(case.council_id, clock.calendar if clock.within.working else ALWAYS)
    end = run.ended_at or now
    found = rules.stretches(calendar, run.started_at, end, _pauses(case, run, seen))
    going = run.ended_at is None
    left = run.left_seconds if run.state == "paused" else max(0, calendar.between(now, run.due_at))
    return Explained(
        case=case,
        council=Council.objects.values_list("name", flat=True).get(pk=case.council_id),
        clock=clock,
        run=run,
        since=step_title(case.definition, clock.since, seen),
        until=step_title(case.definition, clock.until, seen),
        calendar=calendar.name,
        stretches=found[-_LONGEST:],
        used=rules.used(found),
        left=left if going else None,
        over=max(0, calendar.between(run.due_at, end)) if run.paused_at is None and end > run.due_at else 0,
        shortened=max(0, len(found) - _LONGEST),
    )


def _pauses(case: CaseState, run: ClockRun, seen: Sight) -> list[Pause]:
    """Return when this run of the clock stood still, for which step, and who put the question.

    A clock that goes on after it was kept stood still from then on, and for no step.
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
    return found
