"""The page of one person, the history of what was held about them, and who looked."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from moothall.councils.doors import door
from moothall.persons.actions.looking import looked_at
from moothall.persons.permissions import Can
from moothall.workplace.queries.people.history import history_page, looks_page
from moothall.workplace.queries.people.page import person_page
from moothall.workplace.views.answering import looking, number_of, page


@door(Can.SEE)
@require_safe
def person(request: HttpRequest, person: str) -> HttpResponse:
    """Show everything the viewer may see of a person; who looked is on record."""
    viewer, now = looking(request)
    found = person_page(viewer, person, now, before=request.GET.get("before", "").replace("\0", ""))
    if found.reference != person.upper():
        return redirect("workplace:register_person", found.reference)
    why = "locked" if found.is_locked else "page"
    opened = [held.record for held in found.file.records if held.is_open or found.is_locked]
    looked_at(by=viewer, records=opened, why=why, now=now)
    if found.is_locked:
        return page(request, "register/locked", found=found)
    older = urlencode({"before": found.talks_more}) if found.talks_more else ""
    return page(request, "register/person", found=found, older=older, now=now)


@door(Can.SEE)
@require_safe
def history(request: HttpRequest, person: str) -> HttpResponse:
    """Show every fact that was ever held about a person, with where it came from and why it ended."""
    viewer, now = looking(request)
    found = history_page(viewer, person)
    looked_at(by=viewer, records=found.records, why="history", now=now)
    return page(request, "register/history", found=found)


@door(Can.SEE_LOOKS)
@require_safe
def looks(request: HttpRequest, person: str) -> HttpResponse:
    """Show who looked at a person's records, when, and on which page."""
    viewer, now = looking(request)
    found = looks_page(viewer, person, number_of(request.GET.get("before")))
    looked_at(by=viewer, records=found.records, why="looks", now=now)
    older = urlencode({"before": found.looks.older}) if found.looks.older else ""
    return page(request, "register/looks", found=found, older=older)
