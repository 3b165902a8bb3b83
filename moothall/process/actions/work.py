"""Whose work it is: take a step, put it back, pass it on."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, queries, rules
from moothall.process.actions.keeping import allow_doing, around, found, keep
from moothall.process.engine import steps
from moothall.process.engine.state import CaseState, Happening, StepRun
from moothall.process.errors import NotYet, SayWhy
from moothall.process.permissions import Can


@transaction.atomic
def take(*, by: Viewer, case_id: int, step: str, expected: int | None, now: datetime) -> CaseState:
    """Take a step as one's own work."""
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.TAKE, case)
    run = _own(by, case, step)
    run.person_id, run.changed = by.staff_id, True
    case.happened.append(Happening("taken", step, run.run, team_id=run.team_id))
    return keep(case, around(by, case.council_id, now), what="case.taken", facts={"step": step})


@transaction.atomic
def put_back(*, by: Viewer, case_id: int, step: str, expected: int | None, now: datetime) -> CaseState:
    """Give a step back to its team, for anyone of it to take."""
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.TAKE, case)
    run = _own(by, case, step)
    run.person_id, run.changed = None, True
    if case.definition.steps[step].person:
        raise NotYet(reasons=["It is for the person who was named. If it is not for you, pass it on."])
    case.happened.append(Happening("put_back", step, run.run, team_id=run.team_id))
    return keep(case, around(by, case.council_id, now), what="case.put_back", facts={"step": step})


@transaction.atomic
def pass_on(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    now: datetime,
    team_id: int,
    person_id: int | None = None,
    why: str,
) -> CaseState:
    """Pass a step to another team, or to a person of one, saying why."""
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.PASS_ON, case)
    reason = rules.said(why, field="why", thing="Reason")
    if not reason:
        raise SayWhy({"why": ["Say why you pass it on, so that they know what to do."]}, ask="Say why.")
    run = _own(by, case, step)
    team, person = queries.receivers(case.council_id, team_id, person_id)
    run.team_id, run.person_id, run.changed = team_id, person_id, True
    to = f"{person} in {team}" if person else team
    facts = {"step": step, "team": team_id, "person": person_id}
    case.happened.append(
        Happening("passed_on", step, run.run, team_id=team_id, body={"to": to, "text": reason})
    )
    return keep(case, around(by, case.council_id, now), what="case.passed_on", facts=facts)


def _own(by: Viewer, case: CaseState, step: str) -> StepRun:
    """Return the open run, if it is in the actor's team or they supervise."""
    circles.allow_step(by, case, step)
    run = steps.open_run(case, step)
    allow_doing(by, case, step, run)
    return run
