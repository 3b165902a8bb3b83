"""One case: its page, its clocks, its notes and its files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from moothall.councils.doors import door
from moothall.plain.errors import TooLarge
from moothall.process import actions as process
from moothall.process import files, queries
from moothall.process.errors import FileRefused
from moothall.process.permissions import Can
from moothall.workplace import actions, rules
from moothall.workplace.forms.steps import FileForm, NoteForm
from moothall.workplace.queries import cases, clocks, origins
from moothall.workplace.views import casepage
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page
from moothall.workplace.views.casepage import Sent

_LONG_NUMBER = 6


@door(Can.SEE)
@require_safe
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Show everything about a case, and what is to be done next."""
    return casepage.show(request, reference)


@door(Can.SEE)
@require_safe
def clock(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Let a clock explain itself, to the second."""
    viewer, now = looking(request)
    number = request.GET.get("run", "")
    run = int(number) if number.isdecimal() and len(number) < _LONG_NUMBER else None
    found = clocks.explained(viewer, reference, key, now, run)
    return page(request, "clock", found=found, said=rules.to_the_second)


@door(Can.SEE)
@require_safe
def answer(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Show every version of an answer: what it was, who gave it, when and from where."""
    viewer, now = looking(request)
    found = origins.versions_of(viewer, reference, key)
    return page(request, "answer", found=found, case=found.case, now=now)


@door(Can.NOTE)
@require_POST
def note(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a note into the history."""
    viewer, now = looking(request)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return casepage.show(request, reference, Sent(note=form), status=UNPROCESSABLE)
    case_id = queries.case_id_of(viewer, reference)
    process.note(by=viewer, case_id=case_id, text=form.cleaned_data["text"], now=now)
    messages.success(request, "Your note is in the history.")
    return redirect("workplace:case", reference)


@door(Can.NOTE)
@require_POST
def add_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a file."""
    viewer, now = looking(request)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        case_id = queries.case_id_of(viewer, reference)
        try:
            added = actions.add_file(by=viewer, case_id=case_id, upload=form.cleaned_data["file"], now=now)
        except (FileRefused, TooLarge) as error:
            form.add_error("file", error.sentence)
        else:
            messages.success(request, f"“{added.name}” is added.")
            return redirect("workplace:case", reference)
    return casepage.show(request, reference, Sent(file=form), status=UNPROCESSABLE)


@door(Can.SEE)
@require_safe
def file(request: HttpRequest, reference: str, number: int) -> HttpResponseBase:
    """Give a file of a case; a picture is shown in the window."""
    viewer, _ = looking(request)
    return files.response(cases.attachment(viewer, reference, number), inline=True)
