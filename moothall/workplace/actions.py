"""What a page of staff does in one go, though the rooms below do it in parts: all of it happens, or nothing."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from moothall.councils.models import Council
from moothall.councils.permissions import Record
from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.journal.errors import NoSuchJob
from moothall.plain.errors import Refused, TooLarge
from moothall.process import actions as process
from moothall.process import files
from moothall.process.engine.state import CaseState
from moothall.process.errors import AnswersRefused, FileRefused
from moothall.process.forms import AnswersForm
from moothall.process.models import Attachment
from moothall.requests import actions as requests
from moothall.workplace.queries import record


@transaction.atomic
def finish_step(
    *,
    by: Viewer,
    case_id: int,
    step: str,
    expected: int | None,
    form: AnswersForm,
    outcome: str,
    text: str,
    now: datetime,
) -> CaseState:
    """Finish a step with the answers of a form that was found good, and with the files sent in it."""
    stored = {
        key: [
            _answered(by=by, case_id=case_id, upload=upload, form=form, key=key, now=now)
            for upload in uploads
        ]
        for key, uploads in form.uploads.items()
        if form.taken.get(key) is not None
    }
    given = form.answers(stored)
    return process.act(
        by=by,
        case_id=case_id,
        step=step,
        expected=expected,
        now=now,
        answers=given,
        outcome=outcome,
        text=text,
    )


def _answered(
    *, by: Viewer, case_id: int, upload: "UploadedFile[bytes]", form: AnswersForm, key: str, now: datetime
) -> dict[str, str]:
    """Keep one file that answers a question; what is wrong with it is said at the question."""
    kept = _kept(form, key, upload)
    process.attach(by=by, case_id=case_id, file=kept, now=now, field=key)
    return {"id": kept.sha256, "name": kept.name}


def _kept(form: AnswersForm, key: str, upload: "UploadedFile[bytes]") -> files.Kept:
    photo = form.definition.fields[key].type == "photo"
    try:
        return files.keep(upload, limit=settings.UPLOAD_LIMIT, images_only=photo)
    except (FileRefused, TooLarge) as error:
        raise AnswersRefused({key: [error.sentence]}) from error


@transaction.atomic
def raise_request(
    *,
    by: Viewer,
    council: Council,
    service: str,
    form: AnswersForm,
    contact: Mapping[str, str],
    channel: str,
    submission: str,
    now: datetime,
) -> str:
    """Raise a request for somebody who called or came, with the files they brought; return its reference."""
    kept = {
        key: [_kept(form, key, upload) for upload in uploads]
        for key, uploads in form.uploads.items()
        if form.taken.get(key) is not None
    }
    given = form.answers(
        {key: [{"id": each.sha256, "name": each.name} for each in kept[key]] for key in kept}
    )
    answers = {key: value for key, value in given.items() if value is not None}
    sent = requests.raise_for_resident(
        by=by,
        council=council,
        service=service,
        answers=answers,
        contact=contact,
        channel=channel,
        submission=submission,
        now=now,
    )
    case_id = sent.request.case_id
    there = set(Attachment.objects.filter(case_id=case_id).values_list("sha256", flat=True))
    for key, found in kept.items():
        for each in found:
            if each.sha256 not in there:  # a form sent twice brings its files twice
                process.attach(by=by, case_id=case_id, file=each, now=now, field=key)
    return sent.reference


def add_file(*, by: Viewer, case_id: int, upload: "UploadedFile[bytes]", now: datetime) -> Attachment:
    """Look through a file and attach it to a case."""
    kept = files.keep(upload, limit=settings.UPLOAD_LIMIT)
    return process.attach(by=by, case_id=case_id, file=kept, now=now)


def send_job_again(*, by: Viewer, job_id: int, now: datetime) -> None:
    """Send a job again that was set aside, if this person may at its council."""
    job = record.job_to_send(by, job_id)
    if job is None:
        raise NoSuchJob
    if not record.may_send(by, job.council_id):
        raise Refused(act=Record.SEND_AGAIN.label)
    journal.send_again(by=by.actor, job_id=job_id, now=now)
