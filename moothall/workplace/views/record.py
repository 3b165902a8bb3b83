"""The record of what happened, and the jobs that failed: for those who watch over the house."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.permissions import Record
from moothall.workplace import actions
from moothall.workplace.forms.filters import RecordForm
from moothall.workplace.queries import record
from moothall.workplace.views.answering import looking, number_of, page


@door(Record.SEE_ENTRIES)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the newest entries of the record, and how its chain stands."""
    viewer, now = looking(request)
    form = RecordForm(request.GET)
    given = {key: value.strip() for key, value in (form.cleaned_data if form.is_valid() else {}).items()}
    found = record.record_page(viewer, now, before=number_of(request.GET.get("before")), **given)
    kept = {key: value for key, value in given.items() if value}
    return page(
        request,
        "journal",
        form=form,
        found=found,
        page_errors=[],
        narrowed=bool(kept),
        older=urlencode(kept | {"before": found.older}) if found.older else "",
        now=now,
    )


@door(Record.SEE_JOBS)
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Show the jobs that were set aside: what, why, since when."""
    viewer, now = looking(request)
    return page(request, "jobs", jobs=record.dead_jobs(viewer), now=now)


@door(Record.SEND_AGAIN)
@require_POST
def send_again(request: HttpRequest, number: int) -> HttpResponse:
    """Send a job again."""
    viewer, now = looking(request)
    actions.send_job_again(by=viewer, job_id=number, now=now)
    messages.success(request, "The job is sent again. If it fails once more, it comes back to this list.")
    return redirect("workplace:jobs")
