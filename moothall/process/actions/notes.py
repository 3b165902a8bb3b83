"""Notes and files on a case. They never make anyone else's change stale: nothing is overwritten by adding."""

from datetime import datetime

from django.db import transaction

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.process import circles, files, rules
from moothall.process.actions.keeping import around, found, keep
from moothall.process.engine import clocks
from moothall.process.engine.state import CaseState, Happening
from moothall.process.errors import SayWhy
from moothall.process.models import Attachment
from moothall.process.permissions import Can

NOTE_LENGTH = 10_000


@transaction.atomic
def note(*, by: Viewer, case_id: int, text: str, now: datetime, as_requester: bool = False) -> CaseState:
    """Write a note into the history of a case, for staff to read; `as_requester` as in `act`."""
    case = found(case_id, by=None if as_requester else by)
    if not as_requester:
        gate.allow(by, Can.NOTE, case)
        circles.allow_whole(by, case, Can.NOTE.label)
    whose = {"from": "requester"} if as_requester else {}
    case.happened.append(Happening("noted", body={"text": _words(text, "note"), **whose}))
    return keep(case, around(by, case.council_id, now), what="case.noted")


@transaction.atomic
def write(*, by: Viewer, case_id: int, text: str, now: datetime) -> CaseState:
    """Write to whoever asked. The room that knows them sends it; here it becomes a part of the history.

    A clock may promise that they are written to (`on_written`): that is now kept.
    """
    case = found(case_id, by=by)
    gate.allow(by, Can.WRITE, case)
    circles.allow_whole(by, case, Can.WRITE.label)
    place = around(by, case.council_id, now)
    case.happened.append(Happening("wrote", body={"text": _words(text, "message")}))
    clocks.written(case, place)
    return keep(case, place, what="case.wrote")


def _words(text: str, thing: str) -> str:
    """Return what somebody wrote, as it is kept; refuses nothing and too much."""
    words = rules.said(text, field="text", thing=thing.capitalize(), longest=NOTE_LENGTH)
    if not words:
        ask = f"Write the {thing} first."
        raise SayWhy({"text": [ask]}, ask=ask)
    return words


@transaction.atomic
def attach(
    *,
    by: Viewer,
    case_id: int,
    file: files.Kept,
    now: datetime,
    field: str = "",
    as_requester: bool = False,
) -> Attachment:
    """Attach a file that `files.keep` has looked through and kept.

    One that answers no question concerns the whole case; one that does may come from whoever was asked.
    """
    case = found(case_id, by=None if as_requester else by)
    if not as_requester:
        gate.allow(by, Can.NOTE, case)
        if not circles.asked_for(by, case, field):
            circles.allow_whole(by, case, Can.NOTE.label)
    row: Attachment = Attachment.objects.create(
        council_id=case.council_id,
        case_id=case.id,
        sha256=file.sha256,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        field=field,
        added_at=now,
        added_by=by.actor.name[:150],
    )
    body = {"name": file.name, "sha256": file.sha256, "id": row.pk, **({"field": field} if field else {})}
    case.happened.append(Happening("attached", body=body))
    keep(case, around(by, case.council_id, now), what="case.attached", facts={"sha256": file.sha256})
    return row
