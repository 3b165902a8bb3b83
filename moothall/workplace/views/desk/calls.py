"""The queue of calls, and the page of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.plain.references import NotAReference, normalise
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen
from moothall.servicedesk.queries.filters import filters_for
from moothall.workplace.desk_menu import tabs_for
from moothall.workplace.forms.desk.calls import TABS, QueueForm, kept
from moothall.workplace.queries.desk import calls, calls_queue
from moothall.workplace.rules import to_the_second
from moothall.workplace.views.answering import looking
from moothall.workplace.views.desk import calls_acting
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.calls_joining import FOLLOWED, WAVE

_FIRST = ("take", "reply", "ask", "resolve", "assign", "priority")
TOGETHER = (
    ("take", "Take"),
    ("assign", "Assign"),
    ("merge", "Merge into one"),
    ("under", "Put under another"),
)
"""What may be done to several calls at once, from the queue."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the queues, or a saved view of one: its address, and how many calls it has."""

    label: str
    query: str
    current: bool
    count: str = ""


@door(Can.SEE, Can.SEE_MAJORS, Can.SEE_CHANGES, Can.SEE_PACK)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the calls that wait, what runs out first at the top; a whole reference opens its call.

    Whoever sees no calls comes to the first page of the desk that is theirs.
    """
    viewer, now = looking(request)
    if not gate.anywhere(viewer, Can.SEE):
        first = next(iter(tabs_for(viewer)), ("", ""))[1]
        return redirect(first or "workplace:desk_help")
    if found := _whole_reference(viewer, request.GET.get("words", "")):
        return redirect("workplace:desk_call", found)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "team" if viewer.team_ids else "all"
    by = calls_queue.narrowing(viewer)
    form = QueueForm(
        request.GET or {"tab": tab}, teams=by.teams, councils=by.councils, categories=by.categories
    )
    filters = kept(request.GET)
    after = request.GET.get("after", "")
    shown = calls_queue.shown(viewer, tab, form.wanted, now, after)
    counts = calls_queue.counted(viewer)
    return page(
        request,
        "queue",
        title=TABS[tab] if tab != "mine" else "My calls",
        tab=tab,
        tabs=[
            Tab(label, urlencode({"tab": key} | filters), key == tab, counts.get(key, ""))
            for key, label in TABS.items()
        ],
        saved=_saved(viewer, {"tab": tab} | filters),
        saving=_saving({"tab": tab} | filters),
        form=form,
        narrowed=bool(filters),
        wrong=shown.wrong,
        lines=shown.lines,
        first=urlencode({"tab": tab} | filters),
        older=urlencode({"tab": tab, "after": shown.more} | filters) if shown.more else "",
        paged=bool(after),
        here=request.get_full_path(),
        together=TOGETHER,
        may_log=gate.anywhere(viewer, Can.LOG),
        may_work=gate.anywhere(viewer, Can.WORK) and tab != "resolved",
    )


def _whole_reference(viewer: Viewer, words: str) -> str:
    """Return the reference of a call, if that is what was searched for and the call is there."""
    try:
        return call_seen(viewer, normalise(words[:40])).reference if words.strip() else ""
    except (NotAReference, NotFound):
        return ""


def _saved(viewer: Viewer, here: Mapping[str, str]) -> list[Tab]:
    return [Tab(each.name, each.query, dict(parse_qsl(each.query)) == here) for each in filters_for(viewer)]


def _saving(here: Mapping[str, str]) -> str:
    """Return where a view is saved; nowhere until there is such a page."""
    try:
        return f"{reverse('workplace:desk_filters')}?{urlencode(here)}"
    except NoReverseMatch:
        return ""


@door(Can.SEE)
@require_safe
def call(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one call: who, what, since when, what was said, and what may be done."""
    viewer, now = looking(request)
    everything = request.GET.get("history") == "all"
    found = calls.call_page(viewer, reference, now, everything=everything)
    offered = [
        each
        for each in calls_acting.ALL
        if each.offered(found.working)
        and (each.key not in WAVE or found.family.open_children)
        and (each.key != FOLLOWED or found.followers)
        and not (each.key == "take" and found.working.call.person_id == viewer.staff_id)
    ]
    return page(
        request,
        "call",
        found=found,
        call=found.working.call,
        file=found.working.file,
        talk=found.working.talk,
        first=[each for each in offered if each.key in _FIRST],
        more=[each for each in offered if each.key not in _FIRST],
        everything=everything,
        letters=[(each.letter, each.title) for each in offered if each.letter],
        elsewhere=_elsewhere(found),
        article_base=_articles(),
        said=to_the_second,
        now=now,
    )


def _articles() -> str:
    """Return where articles are read; nowhere until there is such a page."""
    try:
        return reverse("workplace:desk_articles")
    except NoReverseMatch:
        return ""


def _elsewhere(found: calls.CallPage) -> dict[str, str]:
    """Return the pages of other areas of the desk about this call, as far as they are there."""
    reference = found.working.call.reference
    pages = {
        "escalate": ("workplace:desk_escalate", reference) if found.working.call.open else None,
    }
    links: dict[str, str] = {}
    for key, named in pages.items():
        if named is not None:
            try:
                links[key] = reverse(named[0], args=[named[1]])
            except NoReverseMatch:
                continue
    return links
