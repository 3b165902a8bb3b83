"""Locking a record, and opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.persons.actions.locking import lock_record, open_record
from moothall.persons.errors import LockRefused
from moothall.persons.permissions import Can
from moothall.workplace.forms.people import LockForm
from moothall.workplace.queries.people.changing import changeable, teams_of
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.LOCK)
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest, person: str) -> HttpResponse:
    """Keep a record to some teams."""
    viewer, now = looking(request)
    found = changeable(viewer, person, Can.LOCK, restricted=True)
    form = LockForm(
        request.POST if request.method == "POST" else None,
        records=found.choices(),
        teams=teams_of([record.council_id for record in found.records]),
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        record = found.record(given.get("record", ""))
        try:
            lock_record(by=viewer, record_id=record.pk, teams=given["teams"], why=given["why"], now=now)
        except LockRefused as error:
            for key, sentences in error.fields.items():
                form.add_error(key, " ".join(sentences).removesuffix("."))
        else:
            messages.success(request, "The record is locked.")
            return redirect("workplace:register_person", found.reference)
    return page(
        request,
        "register/lock",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        form=form,
        page_errors=error_links(form),
    )


@door(Can.LOCK)
@require_POST
def open_again(request: HttpRequest, person: str) -> HttpResponse:
    """Open a locked record to all staff."""
    viewer, now = looking(request)
    found = changeable(viewer, person, Can.LOCK, restricted=True)
    record = found.record(request.POST.get("record", ""))
    open_record(by=viewer, record_id=record.pk, now=now)
    messages.success(request, "The record is open to all staff who may see people.")
    return redirect("workplace:register_person", found.reference)
