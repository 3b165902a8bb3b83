"""Saying whose case a case is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.persons.actions.finding import tell_elsewhere
from moothall.persons.actions.looking import looked_at
from moothall.persons.permissions import Can as PersonsCan
from moothall.process.permissions import Can
from moothall.workplace import actions
from moothall.workplace.queries.people.casework import case_to_put, likely_of, searched
from moothall.workplace.queries.people.changing import opened_of
from moothall.workplace.views.answering import looking, number_of, page


@door(Can.NOTE, also=PersonsCan.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def whose(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who may have asked, let somebody else be found, and put the case to whoever it is."""
    viewer, now = looking(request)
    found = case_to_put(viewer, reference, now)
    if request.method == "POST":
        number = _chosen(viewer, request)
        record = actions.put_case(
            by=viewer, case_id=found.case.id, council_id=found.council.pk, record_id=number, now=now
        )
        messages.success(request, f"The case is now that of {record.name or 'this person'}.")
        return redirect("workplace:case", found.case.reference)
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    people = searched(viewer, text, now)
    likely = None if text else likely_of(viewer, found, now)
    if likely is not None:
        looked_at(by=viewer, records=likely.records, why="intake", now=now)
        tell_elsewhere(by=viewer, council_id=found.council.pk, found=likely.candidates, now=now)
    return page(
        request, "register/whose", found=found, case=found.case, text=text, people=people, likely=likely
    )


def _chosen(viewer: Viewer, request: HttpRequest) -> int:
    """Return the record that was chosen, by its number or as the first open one of a person."""
    number = number_of(request.POST.get("record"))
    if number is not None:
        return number
    return opened_of(viewer, request.POST.get("person", "").replace("\0", "")).pk
