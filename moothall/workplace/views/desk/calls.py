"""The queue of calls, and the page of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.plain.references import NotAReference, normalise
from moothall.servicedesk.models.calls import Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen
from moothall.servicedesk.queries.catalogue import terms_of
from moothall.servicedesk.queries.filters import filters_for
from moothall.servicedesk.rules import kinds
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
        first = next(iter(tabs_for(viewer)), None)
        return redirect(first.href if first else "workplace:desk_help")
    if found := _whole_reference(viewer, request.GET.get("words", "")):
        return redirect("workplace:desk_call", found)
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "team" if viewer.team_ids else "all"
    by = calls_queue.narrowing(viewer)
    asked = request.GET.urlencode() or urlencode({"tab": tab})
    form = _form(by, asked)
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
        saving=f"{reverse('workplace:desk_filters')}?{urlencode({'tab': tab} | filters)}",
        form=_drawn(by, asked),
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


def _form(by: calls_queue.Narrowing, asked: str) -> QueueForm:
    return QueueForm(QueryDict(asked), teams=by.teams, councils=by.councils, categories=by.categories)


@lru_cache(maxsize=256)
def _drawn(by: calls_queue.Narrowing, asked: str) -> str:
    """Return the form as it stands on the page: the same for all who may choose among the same, and chose the same."""
    return _form(by, asked).render()


def _whole_reference(viewer: Viewer, words: str) -> str:
    """Return the reference of a call, if that is what was searched for and the call is there."""
    try:
        return call_seen(viewer, normalise(words[:40])).reference if words.strip() else ""
    except (NotAReference, NotFound):
        return ""


def _saved(viewer: Viewer, here: Mapping[str, str]) -> list[Tab]:
    return [Tab(each.name, each.query, dict(parse_qsl(each.query)) == here) for each in filters_for(viewer)]


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
        elsewhere=_elsewhere(viewer, found),
        desk_processes=kinds.KIND,
        terms=terms_of(found.working.call.case_id) if found.working.call.kind == Kind.REQUEST else (),
        article_base=reverse("workplace:desk_articles"),
        said=to_the_second,
        now=now,
    )


def _elsewhere(viewer: Viewer, found: calls.CallPage) -> list[tuple[str, str]]:
    """Return what other pages of the desk have of this call, by name and address."""
    call = found.working.call
    links = []
    if found.major:
        links.append(("Its major incident", reverse("workplace:desk_major", args=[found.major])))
    if call.open and found.working.may_work:
        links.append(("Escalate it", reverse("workplace:desk_escalate", args=[call.reference])))
    if call.resolved_at and gate.anywhere(viewer, Can.WRITE_ARTICLES):
        address = f"{reverse('workplace:desk_article_new')}?from={call.reference}"
        links.append(("Write an article from this call", address))
    if found.may_see_case:
        links.append(("See its case, step by step", reverse("workplace:case", args=[call.reference])))
    return links
