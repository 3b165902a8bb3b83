"""Before a draft is published: what it changes, what it would come to, who proposes it, who publishes it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.plain.errors import HouseError, NotFound
from moothall.process import actions
from moothall.process.errors import NoOverlay, NoSuchDraft
from moothall.process.models import ProcessVersion
from moothall.process.permissions import Can
from moothall.workplace.forms.designing import TryForm
from moothall.workplace.queries import processes, rehearsing
from moothall.workplace.views.answering import looking, number_of, page
from moothall.workplace.views.designer.places import address
from moothall.workplace.views.designer.writing import said

TRIALS = ("made-up", "closed", "running")


@door(Can.PUBLISH)
@require_safe
def review(request: HttpRequest, key: str, code: str = "") -> HttpResponse:
    """Show what a draft changes; tried with made-up, closed and running cases as far as that is asked for."""
    viewer, now = looking(request)
    council = processes.council_named(viewer, code)
    try:
        found = rehearsing.review(viewer, key, council)
    except NoSuchDraft as error:
        return _gone(request, error, address("process", key, code))
    form = TryForm(
        request.GET if "cases" in request.GET else None, councils=rehearsing.trial_councils(viewer)
    )
    wanted = set(request.GET.getlist("with")) & {*TRIALS, "all"} or {"made-up"}
    facts: dict[str, Any] = dict.fromkeys(("report", "past", "running"))
    if found.found.definition is not None:
        made = found.found.definition
        if wanted & {"made-up", "all"} and (not form.is_bound or form.is_valid()):
            named = form.cleaned_data["council"] if form.is_bound else ""
            cases = form.wanted if form.is_bound else rehearsing.FEW_CASES
            facts["report"] = rehearsing.simulated(
                viewer, made, cases, processes.council_named(viewer, named)
            )
        if wanted & {"closed", "all"}:
            facts["past"] = rehearsing.rehearsed(viewer, made, council, now)
        if wanted & {"running", "all"}:
            facts["running"] = rehearsing.moved(viewer, found.found, council, now)
    return page(
        request,
        "designer/review",
        key=key,
        council=council,
        found=found,
        draft=found.found.draft,
        said=said(found.found),
        form=form,
        wanted=wanted,
        two=settings.TWO_PERSON_PUBLISHING,
        own=viewer.actor.user_id in (found.found.draft.saved_by_id, found.found.draft.proposed_by_id),
        addresses={name: address(name, key, code) for name in ("draft", "decide", "process", "review")},
        most_closed=rehearsing.MOST_CLOSED,
        too_many=rehearsing.too_many(viewer, key),
        **facts,
    )


@door(Can.PUBLISH)
@require_POST
def decide(request: HttpRequest, key: str, code: str = "") -> HttpResponse:
    """Propose a draft, take the proposal back, publish it, or throw it away; only as it was seen."""
    viewer, now = looking(request)
    council = processes.council_named(viewer, code)
    act = request.POST.get("act", "")
    expected = number_of(request.POST.get("expected")) or 0
    given: dict[str, Any] = {"by": viewer, "key": key, "council": council, "expected": expected, "now": now}
    acts: dict[str, Callable[[], tuple[str, str]]] = {
        "propose": lambda: _proposed(given),
        "withdraw": lambda: _withdrawn(given),
        "publish": lambda: _published(given),
        "drop": lambda: _dropped(given),
    }
    if act not in acts:
        raise NotFound(what="button")
    try:
        sentence, to = acts[act]()
    except NoSuchDraft as error:
        return _gone(request, error, address("process", key, code))
    messages.success(request, sentence)
    gone = to == "process" and not ProcessVersion.objects.filter(key=key).exists()
    return redirect("workplace:processes") if gone else redirect(address(to, key, code))


def _gone(request: HttpRequest, error: HouseError, to: str) -> HttpResponse:
    """Lead whoever comes too late to the process itself: what they came for is published, or thrown away."""
    messages.info(request, f"{error.sentence} {error.advice}")
    return redirect(to)


def _proposed(given: dict[str, Any]) -> tuple[str, str]:
    actions.propose(**given)
    return "The draft is proposed. Somebody else can publish it now.", "review"


def _withdrawn(given: dict[str, Any]) -> tuple[str, str]:
    actions.withdraw(**given)
    return "The draft is not proposed any more.", "review"


def _published(given: dict[str, Any]) -> tuple[str, str]:
    version = actions.publish_draft(**given)
    return (
        f"Version {version.number} is published. New cases follow it; those that run keep their version.",
        "process",
    )


def _dropped(given: dict[str, Any]) -> tuple[str, str]:
    actions.drop_draft(**given)
    return "The draft is thrown away. What is published stays.", "process"


@door(Can.SEE_PROCESSES)
@require_safe
def laid(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Show what one council makes of a process."""
    viewer, _ = looking(request)
    found = processes.laid(viewer, key, _council(viewer, code))
    return page(request, "designer/laid", key=key, found=found, process=found.definition)


@door(Can.PUBLISH)
@require_POST
def remove(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Let a council's new cases follow the shared process again."""
    viewer, now = looking(request)
    council = _council(viewer, code)
    try:
        actions.remove_overlay(by=viewer, key=key, council=council, now=now)
    except NoOverlay as error:
        return _gone(request, error, address("process", key, code))
    messages.success(request, f"New cases of {council.name} follow the shared process again.")
    return redirect("workplace:laid", key, code)


def _council(viewer: Viewer, code: str) -> Council:
    council = processes.council_named(viewer, code)
    if council is None:
        raise NotFound(what="council")
    return council
