"""Casting a vote. Votes of others in between are no reason to look again: a vote that they overtook is tried anew."""

from datetime import datetime
from functools import partial

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, rules
from moothall.process.actions.cases import say_again
from moothall.process.actions.keeping import anew, around, found, keep
from moothall.process.engine import voting
from moothall.process.engine.state import CaseState
from moothall.process.permissions import Can

TRIES = 25


def cast(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    choice: str,
    text: str = "",
    now: datetime,
) -> CaseState:
    """Cast a vote on an open step, or change one's own; the vote that decides it finishes the step.

    Refuses whoever is no member of the teams that vote, did what is voted on, or comes second for a council's seat.
    """
    once = partial(
        _cast, by=by, case_id=case_id, step=step, expected=expected, choice=choice, text=text, now=now
    )
    return anew(once, tries=TRIES)


@transaction.atomic
def _cast(
    *, by: Viewer, case_id: int, step: str, expected: int | None, choice: str, text: str, now: datetime
) -> CaseState:
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.ACT, case)
    circles.allow_step(by, case, step)
    place = around(by, case.council_id, now)
    before = case.data
    stands = voting.cast(
        case, place, step=step, choice=choice, text=rules.said(text, field="text", thing="Reason")
    )
    say_again(case, before)
    facts = {"step": step, "choice": choice, "decided": stands.decided}
    return keep(case, place, what="case.voted", facts=facts)
