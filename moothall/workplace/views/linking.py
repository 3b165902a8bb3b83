"""Saying that another case belongs to this one, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from moothall.councils.doors import door
from moothall.plain.errors import Invalid
from moothall.process import actions as process
from moothall.process import queries
from moothall.process.permissions import Can
from moothall.workplace.forms.steps import LinkForm
from moothall.workplace.views import casepage
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.casepage import Sent


@door(Can.NOTE)
@require_POST
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Link a case to another, by its reference."""
    viewer, now = looking(request)
    case_id = queries.case_id_of(viewer, reference)
    form = LinkForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            process.link(by=viewer, case_id=case_id, other=given["other"], kind=given["kind"], now=now)
        except Invalid as error:
            for key, sentences in (error.fields or {"other": [error.sentence]}).items():
                form.add_error(key, [sentence.removesuffix(".") for sentence in sentences])
        else:
            messages.success(request, "The other case now stands beside this one.")
            return redirect("workplace:case", reference)
    return casepage.show(request, reference, Sent(link=form), status=UNPROCESSABLE)


@door(Can.NOTE)
@require_POST
def unlink(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back a link that somebody made by hand."""
    viewer, now = looking(request)
    case_id = queries.case_id_of(viewer, reference)
    other, kind = request.POST.get("other", ""), request.POST.get("kind", "")
    try:
        process.unlink(by=viewer, case_id=case_id, other=other, kind=kind, now=now)
    except Invalid as error:
        messages.warning(request, error.sentence)
    else:
        messages.success(request, "The two cases do not stand beside each other any more.")
    return redirect("workplace:case", reference)
