"""From when on records are linked by themselves, and somebody is asked: each council sets it for itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.look.forms import error_links
from moothall.persons.actions.weighing import set_cutoffs
from moothall.persons.errors import CutoffsRefused
from moothall.persons.permissions import Can
from moothall.persons.queries.weights import cutoffs_of
from moothall.plain.errors import NotFound
from moothall.workplace.forms.duplicates import CutoffsForm
from moothall.workplace.queries.duplicates import odds
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.SET_CUTOFFS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show what each council has set, in words."""
    viewer, _ = looking(request)
    councils = Council.objects.filter(id__in=sorted(gate.councils(viewer, Can.SET_CUTOFFS)))
    return page(request, "cutoffs", rows=[(each, cutoffs_of(each.pk)) for each in councils], odds=odds)


@door(Can.SET_CUTOFFS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Let a council link more or less by itself, and be asked more or less often."""
    viewer, now = looking(request)
    reached = sorted(gate.councils(viewer, Can.SET_CUTOFFS))
    council = Council.objects.filter(code=code, id__in=reached).first()
    if council is None:
        raise NotFound(what="council")
    held = cutoffs_of(council.pk)
    form = CutoffsForm(request.POST or None, initial={"link": held.link, "ask": held.ask})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            set_cutoffs(by=viewer, council_id=council.pk, link=given["link"], ask=given["ask"], now=now)
        except CutoffsRefused as error:
            for name, sentences in error.fields.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, f"Saved for {council.name}. What was linked before stays.")
            return redirect("workplace:cutoffs")
    return page(
        request,
        "cutoffs_change",
        status=UNPROCESSABLE if form.is_bound else 200,
        council=council,
        form=form,
        page_errors=error_links(form),
    )
