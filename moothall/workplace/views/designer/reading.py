"""Reading processes: all of them, one as picture and text, two versions compared, and files of it to take away."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from moothall.councils.doors import door
from moothall.process.bpmn.export import export
from moothall.process.permissions import Can
from moothall.process.picture import svg
from moothall.workplace.forms.designing import TryForm
from moothall.workplace.queries import processes, rehearsing
from moothall.workplace.views.answering import looking, number_of, page


@door(Can.SEE_PROCESSES)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show the processes that are published, and the drafts."""
    viewer, _ = looking(request)
    return page(request, "designer/overview", found=processes.overview(viewer))


@door(Can.SEE_PROCESSES)
@require_safe
def process(request: HttpRequest, key: str) -> HttpResponse:
    """Show one process as a picture, as a list that can be read aloud, and as text; any of its versions."""
    viewer, _ = looking(request)
    found = processes.read(viewer, key, number_of(request.GET.get("version")))
    return page(request, "designer/process", found=found, process=found.definition)


@door(Can.SEE_PROCESSES)
@require_safe
def changes(request: HttpRequest, key: str) -> HttpResponse:
    """Show what differs between two versions, in words."""
    viewer, _ = looking(request)
    old, new = number_of(request.GET.get("from")), number_of(request.GET.get("to"))
    versions, compared = processes.compare(viewer, key, old, new)
    return page(request, "designer/changes", versions=versions, compared=compared)


@door(Can.SEE_PROCESSES)
@require_safe
def trial(request: HttpRequest, key: str) -> HttpResponse:
    """Try a published version with made-up cases, with enough people or with the teams of a council."""
    viewer, _ = looking(request)
    found = processes.read(viewer, key, number_of(request.GET.get("version")))
    form = TryForm(request.GET or None, councils=rehearsing.trial_councils(viewer))
    report = None
    if form.is_bound and form.is_valid():
        council = processes.council_named(viewer, form.cleaned_data["council"])
        report = rehearsing.simulated(viewer, found.definition, form.wanted, council)
    return page(request, "designer/trial", found=found, form=form, report=report)


@door(Can.SEE_PROCESSES)
@require_safe
def bpmn(request: HttpRequest, key: str) -> HttpResponse:
    """Give a version away as BPMN 2.0."""
    viewer, _ = looking(request)
    found = processes.read(viewer, key, number_of(request.GET.get("version")))
    return _file(export(found.definition), f"{key}.bpmn", "application/xml")


@door(Can.SEE_PROCESSES)
@require_safe
def drawing(request: HttpRequest, key: str) -> HttpResponse:
    """Give a version away as a picture that stands by itself."""
    viewer, _ = looking(request)
    found = processes.read(viewer, key, number_of(request.GET.get("version")))
    return _file(svg(found.definition, alone=True), f"{key}.svg", "image/svg+xml")


def _file(content: str, name: str, kind: str) -> HttpResponse:
    """Return a file to be kept, never shown: what a designer wrote is nothing to open in this house's name."""
    answer = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
