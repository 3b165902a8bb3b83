"""Saying by hand that two cases belong together, and taking it back. Both histories tell of it."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.plain.references import NotAReference, normalise
from moothall.process import circles, queries
from moothall.process.actions.keeping import anew, around, found, keep
from moothall.process.engine.state import CaseState, Happening
from moothall.process.errors import NotLinked
from moothall.process.models import Link
from moothall.process.permissions import Can
from moothall.process.queries.links import BY_HAND

TRIES = 5
Event = Literal["linked", "unlinked"]


def link(
    *, by: Viewer, case_id: int, other: str, kind: str, now: datetime, expected: int | None = None
) -> CaseState:
    """Link a case to the one with this reference, as `related` or `duplicate`; linked twice, once is enough.

    Refuses a case that is not wholly there for this person, or where they may write no notes, and a case and itself.
    """
    if kind not in BY_HAND:
        raise NotLinked(
            {"kind": ["Choose how they belong together."]}, why="Choose how they belong together."
        )
    return _tried(by, case_id, other, kind, now, expected, "linked")


def unlink(
    *, by: Viewer, case_id: int, other: str, kind: str, now: datetime, expected: int | None = None
) -> CaseState:
    """Take back a link that somebody made by hand; what the process linked stays linked."""
    if kind not in BY_HAND:
        why = "Only a link that somebody made by hand can be taken back."
        raise NotLinked({"kind": [why]}, why=why)
    return _tried(by, case_id, other, kind, now, expected, "unlinked")


def _tried(  # noqa: PLR0917 - each is one thing that somebody says
    by: Viewer, case_id: int, other: str, kind: str, now: datetime, expected: int | None, event: Event
) -> CaseState:
    """Change both cases, anew if somebody changes one of them at this very moment: nothing they do minds a link."""
    return anew(lambda: _change(by, case_id, other, kind, now, expected, event), tries=TRIES)


@transaction.atomic
def _change(  # noqa: PLR0917
    by: Viewer, case_id: int, other: str, kind: str, now: datetime, expected: int | None, event: Event
) -> CaseState:
    case = _whole(by, case_id, expected)
    theirs = _whole(by, _number(by, other), None)
    if theirs.id == case.id:
        why = "This is the reference of the case itself."
        raise NotLinked({"other": [why]}, why=why)
    rows = _rows(case, theirs, kind)
    if bool(rows) == (event == "linked"):
        return case
    pair = {case.id: (case, theirs), theirs.id: (theirs, case)}
    for number in sorted(
        pair, reverse=True
    ):  # the newer first, as when a case closes that another has opened
        one, another = pair[number]
        body = {"case": another.id, "reference": another.reference, "kind": kind}
        one.happened.append(Happening(event, body=body))
        keep(
            one, around(by, one.council_id, now), what=f"case.{event}", facts={"other": f"case:{another.id}"}
        )
    for row in rows:
        row.delete()
    if event == "linked":  # only now: whoever did the same at this moment has been turned away by then
        Link.objects.create(
            council_id=case.council_id,
            case_id=case.id,
            other_id=theirs.id,
            kind=kind,
            at=now,
            by=by.actor.name[:150],
        )
    return case


def _whole(by: Viewer, case_id: int, expected: int | None) -> CaseState:
    case = found(case_id, expected, by=by)
    gate.allow(by, Can.NOTE, case)
    circles.allow_whole(by, case, Can.NOTE.label)
    return case


def _number(by: Viewer, reference: str) -> int:
    """Return the number of the other case; for whom may not see it, there is none."""
    try:
        return queries.case_id_of(by, normalise(reference))
    except (NotAReference, NotFound):
        why = "We cannot find a case with this reference."
        raise NotLinked({"other": [why]}, why=why) from None


def _rows(case: CaseState, theirs: CaseState, kind: str) -> list[Link]:
    """Return the link between two cases, whichever way round it was made."""
    ends = [(case.id, theirs.id), (theirs.id, case.id)]
    return [row for one, other in ends for row in Link.objects.filter(case_id=one, other_id=other, kind=kind)]
