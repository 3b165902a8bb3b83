"""Raising a call to somebody with more say."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.look import dates
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions.escalating import raise_call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import escalating as queries
from moothall.servicedesk.queries.calls import call_seen
from moothall.servicedesk.rules.escalating import Rung, coming
from moothall.workplace.forms.desk.helping import RaiseForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page


@door(Can.WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def escalate(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the ladder of a call, and raise it to one rung."""
    viewer, now = looking(request)
    call = call_seen(viewer, reference)
    gate.allow(viewer, Can.WORK, call)
    ladder = queries.ladder(call, now)
    first = coming(ladder)
    form = RaiseForm(
        request.POST if request.method == "POST" else None,
        rungs=[(each.key, each.label) for each in ladder if each.people and each.raised_at is None],
        hints={each.key: _hint(each) for each in ladder},
        first=first.key if first else "",
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            raised = raise_call(by=viewer, call_id=call.pk, rung=given["rung"], why=given["why"], now=now)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, f"It is raised to: {raised.to}. They get an email.")
            return redirect("workplace:desk_call", call.reference)
    return page(
        request,
        "escalate",
        status=UNPROCESSABLE if form.is_bound else 200,
        call=call,
        ladder=ladder,
        form=form if first and call.open else None,
        raised=queries.raised(viewer, call),
        page_errors=error_links(form),
    )


def _hint(rung: Rung) -> str:
    people = [f"{each.name}, {each.phone}" if each.phone else each.name for each in rung.people]
    said = "; ".join(people) or "Nobody is named"
    return f"{said}. Raised {dates.with_time(rung.raised_at)}" if rung.raised_at else said
