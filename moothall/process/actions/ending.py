"""Ending a case before its process does: withdrawn, a duplicate, or made in error; and taking that back."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, rules
from moothall.process.actions.keeping import around, found, keep
from moothall.process.engine import clocks, steps
from moothall.process.engine.anew import open_anew as opened_anew
from moothall.process.engine.state import CaseState, Happening
from moothall.process.errors import CaseClosed, NotAnEnding, NotEnded, SayWhy
from moothall.process.permissions import Can
from moothall.process.rules import ENDINGS, WITHDRAWN


@transaction.atomic
def end_case(
    *,
    by: Viewer,
    case_id: int,
    ending: str,
    expected: int | None,
    now: datetime,
    text: str = "",
    as_requester: bool = False,
) -> CaseState:
    """End an open case at any point, saying why; whoever asked may withdraw it, and needs no reason.

    `as_requester` is said by a room that has proved that this is the person who asked.
    """
    case = found(case_id, expected, by=None if as_requester else by)
    if not as_requester:
        gate.allow(by, Can.END, case)
        circles.allow_whole(by, case, Can.END.label)
    if case.status == "closed":
        raise CaseClosed(reference=case.reference)
    if ending not in ENDINGS or (as_requester and ending != WITHDRAWN):
        raise NotAnEnding({"ending": ["Choose why the case ends."]})
    why = rules.said(text, field="text", thing="Reason")
    if not why and not as_requester:
        raise SayWhy({"text": ["Say why, for whoever reads the case later."]}, ask="Say why the case ends.")
    place = around(by, case.council_id, now)
    case.happened.append(Happening("ended_early", outcome=ending, body={"text": why} if why else {}))
    steps.close(case, place, ending)
    clocks.refresh(case, place)
    return keep(case, place, what="case.ended_early", facts={"ending": ending})


@transaction.atomic
def open_anew(
    *, by: Viewer, case_id: int, ending: str, expected: int | None, now: datetime, text: str
) -> CaseState:
    """Open a case again that was ended early in this way by mistake, saying why; see `engine.anew` for what follows.

    What another case that waited for it has made of its ending stays. Refuses one that ended otherwise, or is open.
    Whether it is right to take it back, the room above says.
    """
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.END, case)
    circles.allow_whole(by, case, Can.END.label)
    if case.status != "closed" or case.ending != ending or ending not in ENDINGS:
        raise NotEnded(reference=case.reference)
    why = rules.said(text, field="text", thing="Reason")
    if not why:
        raise SayWhy(
            {"text": ["Say why, for whoever reads the case later."]}, ask="Say why it is opened again."
        )
    place = around(by, case.council_id, now)
    case.happened.append(Happening("reopened", outcome=ending, body={"text": why}))
    opened_anew(case, place)
    return keep(case, place, what="case.opened_anew", facts={"ending": ending})
