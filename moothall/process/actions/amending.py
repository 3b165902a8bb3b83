"""Putting an answer right at any time, outside any step, by those whom the process lets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, queries, rules
from moothall.process.actions.cases import say_again
from moothall.process.actions.keeping import around, found, keep
from moothall.process.circles import Sight
from moothall.process.engine import answering, moving
from moothall.process.engine.state import CaseState
from moothall.process.errors import AnswersRefused, CaseClosed, NotYoursToAmend
from moothall.process.permissions import Can

NOT_HERE = "This question is not one of the case."


@transaction.atomic
def amend(
    *,
    by: Viewer,
    case_id: int,
    expected: int | None,
    answers: Mapping[str, Any],
    now: datetime,
    why: str = "",
) -> CaseState:
    """Put answers of an open case right. What follows from them is worked out anew, and clocks get their time by it.

    `answers` are as in `act`; those that are as they were already may be among them, but not all of them.
    """
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.ACT, case)
    if case.status == "closed":
        raise CaseClosed(reference=case.reference)
    _allow(by, case, circles.sight(by, case), answers)
    reason = rules.said(why, field="why", thing="Reason")
    place = around(by, case.council_id, now)
    before = case.data
    answering.amend(case, answers, place, reason)
    moving.name_again(case, answers, place)
    moving.refresh(case, place)
    say_again(case, before)
    return keep(case, place, what="case.amended", facts={"fields": sorted(answers)})


def _allow(by: Viewer, case: CaseState, seen: Sight, answers: Mapping[str, Any]) -> None:
    """Let somebody put these answers right; a question that is not there for them does not exist."""
    fields = case.definition.fields
    if strange := [key for key in answers if key not in fields or key not in seen.fields]:
        raise AnswersRefused({key: [NOT_HERE] for key in strange})
    allowed = {each.key for each in queries.amendable(by, case, seen)}
    for key in answers:
        if key not in allowed:
            who = " or ".join(name.replace("-", " ") for name in fields[key].amend) or "nobody outside a step"
            raise NotYoursToAmend(name=fields[key].name, who=who)
