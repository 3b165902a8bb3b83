"""What waits to be done: worklists, the queues of teams, and search."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from moothall.councils import gate
from moothall.councils.doors import door, staff_only
from moothall.persons.permissions import Can as PersonsCan
from moothall.process import queries as process
from moothall.process.permissions import Can
from moothall.workplace.forms.filters import TABS, WorkForm
from moothall.workplace.queries import work
from moothall.workplace.queries.people.finding import finds
from moothall.workplace.views.answering import looking, page


@staff_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the work of a person, of their teams, what is free, and what waits for residents."""
    viewer, now = looking(request)
    if not gate.anywhere(viewer, Can.SEE):
        return page(request, "welcome")
    overseer = gate.anywhere(viewer, Can.SEE_QUEUES)
    tabs = {key: label for key, label in TABS.items() if key != "all" or overseer}
    tab = request.GET.get("tab", "")
    tab = tab if tab in tabs else "mine" if viewer.team_ids or not overseer else "all"
    form = WorkForm(request.GET, work.places(viewer))
    found = work.work_page(viewer, form.wanted(tab), now, request.GET.get("after", ""))
    kept = {key: value for key in ("team", "council", "late") if (value := request.GET.get(key))}
    return page(
        request,
        "home",
        tabs=[(key, label, urlencode({"tab": key} | kept)) for key, label in tabs.items()],
        tab=tab,
        title=tabs[tab],
        form=form,
        narrowed=bool(kept),
        found=found,
        paged="after" in request.GET,
        here=urlencode({"tab": tab} | kept),
        older=urlencode({"tab": tab, "after": found.more} | kept) if found.more else "",
        several=len(gate.councils(viewer, Can.SEE)) > 1,
        now=now,
    )


@door(Can.SEE_QUEUES)
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """Show each team's queue: open, late, due soon, not taken, with the resident."""
    viewer, now = looking(request)
    found = process.queues(viewer, now)
    totals = [
        {"figure": sum(each.open for each in found), "label": "to do", "href": "?tab=all"},
        {
            "figure": sum(each.late for each in found),
            "label": "late",
            "href": "?tab=all&late=on",
            "state": "late",
        },
        {"figure": sum(each.soon for each in found), "label": "due within 24 hours", "state": "soon"},
        {"figure": sum(each.free for each in found), "label": "nobody has taken yet"},
        {
            "figure": sum(each.with_resident for each in found),
            "label": "waiting for the resident",
            "href": "?tab=resident",
        },
    ]
    return page(request, "queues", queues=found, totals=totals, now=now)


@door(Can.SEARCH, PersonsCan.SEARCH)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find people and cases by whatever a caller tells; a whole reference opens its person or case."""
    viewer, now = looking(request)
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    found = finds(viewer, text, now)
    if found.case:
        return redirect("workplace:case", found.case)
    if found.person:
        return redirect("workplace:register_person", found.person)
    return page(
        request,
        "search",
        text=text,
        found=found,
        several=len({each.council for each in found.cases}) > 1,
        may_add=gate.anywhere(viewer, PersonsCan.ADD),
        now=now,
    )
