"""Writing to whoever asked, and ending a case before its process does."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.plain.errors import Stale
from moothall.process import actions as process
from moothall.process.permissions import Can
from moothall.workplace.forms.closing import EndForm, WriteForm
from moothall.workplace.queries import cases
from moothall.workplace.queries.desk.shown import page_of
from moothall.workplace.views import casepage
from moothall.workplace.views.answering import looking, page

UNPROCESSABLE, CONFLICT = 422, 409
_METHODS = ["GET", "HEAD", "POST"]


@door(Can.WRITE)
@require_http_methods(_METHODS)
def write(request: HttpRequest, reference: str) -> HttpResponse:
    """Write to whoever asked; they get an email, and find it on their page."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    case = found.file.case
    gate.allow(viewer, Can.WRITE, case)
    form = WriteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        process.write(by=viewer, case_id=case.id, text=form.cleaned_data["text"], now=now)
        messages.success(request, "Your message is on its way.")
        return redirect("workplace:case", reference)
    status = UNPROCESSABLE if form.is_bound else 200
    return page(request, "write", status=status, found=found, case=case, form=form)


@door(Can.END)
@require_http_methods(_METHODS)
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """End a case that is withdrawn, a duplicate or made in error, saying why."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    case = found.file.case
    gate.allow(viewer, Can.END, case)
    if case.status == "closed":
        messages.info(request, "This case is closed already. Nothing was changed.")
        return redirect("workplace:case", reference)
    form = EndForm(request.POST if request.method == "POST" else None, initial={"expected": case.seq})
    changed, status = None, 200
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        seen = given["expected"] or 0
        try:
            process.end_case(
                by=viewer, case_id=case.id, ending=given["ending"], expected=seen, now=now, text=given["text"]
            )
        except Stale:
            changed, status = casepage.changed_since(viewer, found, None, seen), CONFLICT
            data = request.POST.copy()
            data["expected"] = str(case.seq)
            form = EndForm(data)
        else:
            messages.success(request, "The case is closed.")
            return redirect(page_of(viewer, case))
    elif form.is_bound:
        status = UNPROCESSABLE
    return page(request, "end", status=status, found=found, case=case, form=form, changed=changed)
