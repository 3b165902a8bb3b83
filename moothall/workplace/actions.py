"""What a page of staff does in one go, though the rooms below do it in parts: all of it happens, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.permissions import Record
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal import actions as journal
from moothall.journal.errors import NoSuchJob
from moothall.persons.actions.casework import put_case_to
from moothall.persons.actions.holding import own_record
from moothall.persons.models import Record as PersonRecord
from moothall.plain.errors import HouseError, Refused
from moothall.process import actions as engine
from moothall.process.engine.choosing import NONE_WAIVED
from moothall.process.engine.state import CaseState
from moothall.process.files import Kept, keep
from moothall.process.models import Attachment
from moothall.requests import actions as requests
from moothall.workplace.queries import record
from moothall.workplace.whose import Whose


@transaction.atomic
def finish_step(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Kept]],
    outcome: str,
    text: str,
    now: datetime,
    waived: Mapping[int, str] = NONE_WAIVED,
) -> CaseState:
    """Finish a step with its answers, and attach the files that were kept for them; what was typed is sent by that."""
    case = engine.act(
        by=by,
        case_id=case_id,
        step=step,
        expected=expected,
        now=now,
        answers=answers,
        outcome=outcome,
        text=text,
        waived=waived,
    )
    _attach(by, case_id, files, now)
    engine.drop_typing(by=by, case_id=case_id, step=step)
    return case


@transaction.atomic
def begin(
    *,
    by: Viewer,
    council: Council,
    process: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Kept]],
    outcome: str,
    text: str,
    now: datetime,
) -> CaseState:
    """Start work inside the councils with the answers to its first step, and attach the files kept for them."""
    given = {key: value for key, value in answers.items() if value is not None}
    case = engine.start(
        by=by, council=council, process=process, answers=given, now=now, outcome=outcome, text=text
    )
    _attach(by, case.id, files, now, as_requester=True)
    return case


@transaction.atomic
def reply(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Kept]],
    outcome: str,
    text: str,
    now: datetime,
) -> CaseState:
    """Answer a step that waits for whoever asked, as them, and attach the files kept for it."""
    case = engine.reply(
        by=by,
        case_id=case_id,
        step=step,
        expected=expected,
        answers=answers,
        now=now,
        outcome=outcome,
        text=text,
    )
    _attach(by, case_id, files, now, as_requester=True)
    engine.drop_typing(by=by, case_id=case_id, step=step)
    return case


def _attach(
    by: Viewer,
    case_id: int,
    files: Mapping[str, Sequence[Kept]],
    now: datetime,
    *,
    as_requester: bool = False,
) -> None:
    """Attach the files that were kept for answers, each to its question."""
    for key, kept in files.items():
        for file in kept:
            engine.attach(by=by, case_id=case_id, file=file, now=now, field=key, as_requester=as_requester)


@transaction.atomic
def vote(
    *, by: Viewer, case_id: int, step: str, expected: int | None, choice: str, text: str, now: datetime
) -> CaseState:
    """Cast a vote, or change one's own; what was typed is sent by that."""
    case = engine.cast(
        by=by, case_id=case_id, step=step, expected=expected, choice=choice, text=text, now=now
    )
    engine.drop_typing(by=by, case_id=case_id, step=step)
    return case


def keep_for(*, whose: Whose, fields: Mapping[str, Sequence[str]], seen: int, now: datetime) -> bool:
    """Keep what came in somebody's own form while they were signed out, as their own typing; say whether it is kept.

    The caller has read from the form's signed word whose it is. That person may do no more by it than signed in, and
    learns nothing by it.
    """
    user = User.objects.filter(pk=whose.user_id, is_active=True).first()
    if user is None:
        return False
    viewer = viewer_for(user, today=timezone.localdate(now))
    try:
        with scope.only(viewer.councils):
            engine.keep_typing(
                by=viewer,
                case_id=whose.case_id,
                step=whose.step,
                run=whose.run,
                fields=fields,
                seen=seen,
                now=now,
            )
    except HouseError:
        return False
    return True


def add_file(*, by: Viewer, case_id: int, upload: "UploadedFile[bytes]", now: datetime) -> Attachment:
    """Look through a file and attach it to a case."""
    kept = keep(upload, limit=settings.UPLOAD_LIMIT)
    return engine.attach(by=by, case_id=case_id, file=kept, now=now)


def send_job_again(*, by: Viewer, job_id: int, now: datetime) -> None:
    """Send a job again that was set aside, if this person may at its council."""
    job = record.job_to_send(by, job_id)
    if job is None:
        raise NoSuchJob
    if not record.may_send(by, job.council_id):
        raise Refused(act=Record.SEND_AGAIN.label)
    journal.send_again(by=by.actor, job_id=job_id, now=now)


@transaction.atomic
def raise_for_person(
    *,
    by: Viewer,
    council: Council,
    service: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Kept]],
    contact: Mapping[str, Any],
    channel: str,
    submission: str,
    record_id: int | None,
    now: datetime,
    contact_id: int | None = None,
) -> requests.Sent:
    """Make a request for somebody, and say whose it is if that is known (`record_id`, of whichever council).

    The case hangs on what its own council holds of them; a council that holds nothing yet gets a record. The contact
    that it came of (`contact_id`) says that it became a request.
    """
    if record_id is not None:
        source = f"council:{council.code}"
        record_id = own_record(by=by, council_id=council.pk, record_id=record_id, source=source, now=now).pk
    return requests.raise_for_resident(
        by=by,
        council=council,
        service=service,
        answers=answers,
        files=files,
        contact=contact,
        channel=channel,
        submission=submission,
        now=now,
        record_id=record_id,
        came_of=contact_id,
    )


@transaction.atomic
def put_case(*, by: Viewer, case_id: int, council_id: int, record_id: int, now: datetime) -> PersonRecord:
    """Say whose a case is, by a record of whichever council; its own council gets one, if it has none yet."""
    record = own_record(by=by, council_id=council_id, record_id=record_id, source="adviser", now=now)
    put_case_to(by=by, case_id=case_id, record_id=record.pk, now=now)
    return record
