"""Writing a process or an overlay as text: checked as it is typed, saved as a draft, nothing overwritten unseen."""

from datetime import datetime
from difflib import unified_diff
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.process import actions, queries
from moothall.process.bpmn.draft import draft as drafted_from
from moothall.process.bpmn.reading import NotBpmn
from moothall.process.errors import DraftChanged, NoSuchDraft
from moothall.process.language import read
from moothall.process.language.nodes import LARGEST
from moothall.process.models import ProcessDraft, ProcessVersion
from moothall.process.permissions import Can
from moothall.process.queries import Drafted, drafted
from moothall.workplace import beginnings
from moothall.workplace.forms.designing import BeginForm, DraftForm, ImportForm
from moothall.workplace.queries import processes
from moothall.workplace.views.answering import looking, page
from moothall.workplace.views.designer.places import address

UNPROCESSABLE, CONFLICT = 422, 409
_METHODS = ["GET", "HEAD", "POST"]
_CONTEXT = 2


@door(Can.PUBLISH)
@require_http_methods(_METHODS)
def draft(request: HttpRequest, key: str, code: str = "") -> HttpResponse:
    """Write the draft of a process, or of what a council makes of it; without one, from what is in force."""
    viewer, now = looking(request)
    council = processes.council_named(viewer, code)
    row = _draft_of(viewer, key, council)
    facts: dict[str, Any] = {"key": key, "council": council, "row": row}
    if request.method != "POST":
        text = row.source if row else _in_force(viewer, key, council)
        form = DraftForm(initial={"source": text, "expected": row.seq if row else 0})
        return _written(request, form, text, now, facts)
    form = DraftForm(request.POST)
    text = request.POST.get("source", "")
    if not form.is_valid():
        return _written(request, form, text, now, facts, status=UNPROCESSABLE)
    if request.POST.get("act") == "check":
        return _written(request, form, text, now, facts)
    try:
        actions.save_draft(
            by=viewer, key=key, council=council, source=text, expected=form.cleaned_data["expected"], now=now
        )
    except DraftChanged as error:
        again = DraftForm({"source": text, "expected": error.facts["seq"]})
        facts |= {
            "row": _draft_of(viewer, key, council),
            "changed": error,
            "lines": _differing(error.facts["theirs"], text),
        }
        return _written(request, again, text, now, facts, status=CONFLICT)
    messages.success(request, "Saved. It is a draft: nothing changes for anybody until it is published.")
    return redirect(address("draft", key, code))


@door(Can.PUBLISH)
@require_POST
def check(request: HttpRequest, key: str, code: str = "") -> JsonResponse:
    """Say what is wrong in a text while it is typed, and draw it if nothing is. Nothing is kept."""
    viewer, now = looking(request)
    council = processes.council_named(viewer, code)
    found = _judged(key, council, request.POST.get("source", "")[: LARGEST + 1], now)
    return JsonResponse(
        {
            "sound": found.sound,
            "said": said(found),
            "mistakes": [
                {
                    "line": each.line,
                    "wrong": each.wrong,
                    "instead": each.instead,
                    "serious": each.serious,
                    "path": each.path,
                }
                for each in found.mistakes
            ],
            "picture": processes.drawn(found.definition) if found.definition else "",
        }
    )


@door(Can.PUBLISH)
@require_http_methods(_METHODS)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a new process from a template."""
    viewer, now = looking(request)
    gate.allow_anywhere(viewer, Can.PUBLISH)
    templates = {each.name: each for each in beginnings.beginnings()}
    form = BeginForm(request.POST or None, templates={name: each.words for name, each in templates.items()})
    if form.is_bound and form.is_valid():
        key, title = form.cleaned_data["key"], form.cleaned_data["title"]
        source = beginnings.renamed(templates[form.cleaned_data["like"]].source, key=key, title=title)
        if _begun(viewer, key, source, now):
            messages.success(request, f"“{title}” is a draft now. Change its text, and save it.")
            return redirect("workplace:draft", key)
        form.add_error(
            "key", f"There is a process or a draft called “{key}” already. Choose another short name."
        )
    return page(request, "designer/begin", status=_status(form), form=form)


@door(Can.PUBLISH)
@require_http_methods(_METHODS)
def bring(request: HttpRequest) -> HttpResponse:
    """Begin a new process from a BPMN file of another tool."""
    viewer, now = looking(request)
    gate.allow_anywhere(viewer, Can.PUBLISH)
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            source = drafted_from(form.content)
        except NotBpmn as error:
            form.add_error("file", error.sentence)
        else:
            reading = read(source)
            found = reading.definition.key if reading.definition else "imported-process"
            key = form.cleaned_data["key"] or found
            if form.cleaned_data["key"]:
                source = beginnings.renamed(source, key=key)
            if _begun(viewer, key, source, now):
                messages.success(
                    request, "This is a first draft. What the file says and the draft does not stands on top."
                )
                return redirect("workplace:draft", key)
            form.add_error(
                "key", f"There is a process or a draft called “{key}” already. Choose another short name."
            )
    return page(request, "designer/bring", status=_status(form), form=form)


def said(found: Drafted) -> str:
    """Return how a text stands, in a sentence."""
    serious = sum(each.serious for each in found.mistakes)
    advice = len(found.mistakes) - serious
    advised = f", and {advice} piece{'s' if advice > 1 else ''} of advice" if advice else ""
    if serious:
        return f"{serious} mistake{'s' if serious > 1 else ''}{advised}."
    return f"Nothing is wrong{advised}."


def _written(
    request: HttpRequest, form: DraftForm, text: str, now: datetime, facts: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Return the page on which it is written, with what is wrong and the picture."""
    key, council = facts["key"], facts["council"]
    found = _judged(key, council, text, now)
    code = council.code if council else ""
    facts = {"changed": None, "lines": []} | facts
    facts |= {
        "form": form,
        "found": found,
        "said": said(found),
        "drawn": processes.drawn(found.definition) if found.definition else "",
        "texts": text.splitlines(),
        "addresses": {name: address(name, key, code) for name in ("check", "review", "process")},
    }
    return page(request, "designer/draft", status=status, **facts)


def _judged(key: str, council: Council | None, text: str, now: datetime) -> Drafted:
    return drafted(processes.unsaved(key, council, text.replace("\r\n", "\n"), now))


def _draft_of(viewer: Viewer, key: str, council: Council | None) -> ProcessDraft | None:
    try:
        return queries.draft(viewer, key, council).draft
    except NoSuchDraft:
        return None


def _in_force(viewer: Viewer, key: str, council: Council | None) -> str:
    """Return the text that a new draft begins with: what is published, or an overlay that changes nothing."""
    base = processes.versions_of(viewer, key)[0]
    if council is None:
        return base.source
    own = queries.overlay_of(key, council)
    return own.overlay if own else beginnings.first_overlay(key=key, council=council.name, code=council.code)


def _begun(viewer: Viewer, key: str, source: str, now: datetime) -> bool:
    """Keep a new draft; say whether its name was free."""
    if ProcessVersion.objects.filter(key=key).exists():
        return False
    try:
        actions.save_draft(by=viewer, key=key, council=None, source=source, expected=None, now=now)
    except DraftChanged:
        return False
    return True


def _differing(theirs: str, mine: str) -> list[tuple[str, str]]:
    """Return the lines that differ between two texts, with a few around them: a sign, and the line."""
    lines = unified_diff(theirs.splitlines(), mine.splitlines(), n=_CONTEXT, lineterm="")
    kept = [line for line in lines if not line.startswith(("---", "+++"))]
    return [("…", "") if line.startswith("@@") else (line[:1], line[1:]) for line in kept]


def _status(form: Form) -> int:
    return UNPROCESSABLE if form.is_bound else 200
