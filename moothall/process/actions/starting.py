"""Work that staff ask for inside the councils: started by one of them, and answered as whoever asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import queries, rules, store
from moothall.process.actions.cases import act
from moothall.process.actions.keeping import around, found, keep
from moothall.process.actions.making import new_case, say
from moothall.process.definition import AGENT, RESIDENT, STAFF, Step
from moothall.process.engine import steps
from moothall.process.engine.state import CaseState
from moothall.process.errors import NotYourStep, NotYoursToStart
from moothall.process.permissions import Can


@transaction.atomic
def start(
    *,
    by: Viewer,
    council: Council,
    process: str,
    answers: Mapping[str, Any] | None,
    now: datetime,
    outcome: str = "",
    text: str = "",
) -> CaseState:
    """Start a case of work inside the councils, asked for by whoever starts it; with answers, its first step is done.

    Refuses a process that is a service for residents, or that neither staff in general nor a team of theirs may start.
    A private one that is not theirs to start does not exist for them.
    """
    gate.allow(by, Can.START, council.pk)
    version = queries.newest_version(process, council.pk)
    definition = store.definition_of(version)
    if not rules.may_start(by, council.pk, definition):
        if definition.private:
            raise NotFound(what="process")
        raise NotYoursToStart(title=definition.title)
    case = new_case(council=council, version_id=version, now=now, requester_id=by.actor.user_id)
    own = by.serves.get(council.pk, frozenset())
    place = around(by, council.pk, now, own | {STAFF, AGENT, RESIDENT})
    steps.begin(case, place)
    first = definition.first
    if answers is not None:
        _give_to_starter(by, case, first, own)
        steps.complete(
            case,
            place,
            step=first.key,
            given=answers,
            outcome=outcome,
            text=rules.said(text, field="text", thing="Reason"),
        )
    say(case, (by.actor.name,))
    return keep(case, place, what="case.started", facts={"process": process})


def _give_to_starter(by: Viewer, case: CaseState, first: Step, own: frozenset[str]) -> None:
    """Let the first step be that of the starter's own team; refuses if it is for others to do."""
    run = steps.open_run(case, first.key)
    theirs = own & set(first.by)
    if theirs:
        teams = Team.objects.filter(
            id__in=sorted(by.team_ids), function__in=sorted(theirs), councils=case.council_id
        )
        run.team_id = teams.order_by("id").values_list("id", flat=True).first() or run.team_id
    elif not {STAFF, AGENT, RESIDENT} & set(first.by) and run.team_id not in by.team_ids:
        raise NotYourStep(title=first.title, who=queries.who_does(first, run.team_id))


@transaction.atomic
def reply(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    answers: Mapping[str, Any],
    now: datetime,
    outcome: str = "",
    text: str = "",
) -> CaseState:
    """Answer a step that waits for whoever asked; for anybody but them, the case does not exist."""
    case = found(case_id)
    if not by.is_staff or case.requester_id is None or case.requester_id != by.actor.user_id:
        raise NotFound(what="case")
    return act(
        by=by,
        case_id=case_id,
        step=step,
        expected=expected,
        now=now,
        answers=answers,
        outcome=outcome,
        text=text,
        as_requester=True,
    )
