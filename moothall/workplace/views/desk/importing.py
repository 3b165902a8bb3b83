"""Bringing calls in from a file: uploaded, its columns settled beside the first rows, brought in, reported."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import import_runs
from moothall.servicedesk.models import ImportRun
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import importing as queries
from moothall.servicedesk.rules.columns import Mapped
from moothall.workplace.forms.desk.channels import CallsFileForm, MappingForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk.setting_up import council_choices
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.IMPORT)
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """List the imports, the newest first."""
    viewer, _ = looking(request)
    return page(request, "imports", runs=queries.import_runs(viewer))


@door(Can.IMPORT)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file; nothing is brought in yet."""
    viewer, now = looking(request)
    posted = request.method == "POST"
    councils = council_choices(viewer, Can.IMPORT)
    form = CallsFileForm(
        request.POST if posted else None, request.FILES if posted else None, councils=councils
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            run = import_runs.look_at(
                by=viewer,
                council=Council.objects.get(pk=given["council"]),
                name=given["file"].name,
                raw=given["file"].read(),
                now=now,
                source=given["source"],
            )
        except HouseError as error:
            form.add_error("file", f"{error.sentence} {error.advice}".strip())
        else:
            return redirect("workplace:desk_import_run", run=run.pk)
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Bring in calls",
        says="You see what each column is taken for, and the first rows, before anything is brought in.",
        form=form,
        button="Look at the file",
        back=reverse("workplace:desk_import"),
        back_text="Back to imports",
        page_errors=error_links(form),
    )


@door(Can.IMPORT)
@require_http_methods(_METHODS)
def one(request: HttpRequest, run: int) -> HttpResponse:
    """Show an import: its columns and first rows, or what became of its rows."""
    viewer, now = looking(request)
    found = queries.import_run(viewer, run)
    if found.state != ImportRun.State.LOOKED_AT:
        return page(request, "import_done", run=found, report=found.report)
    return _settle(request, viewer, found, now)


def _settle(request: HttpRequest, viewer: Viewer, found: ImportRun, now: datetime) -> HttpResponse:
    form = MappingForm(
        request.POST if request.method == "POST" else None,
        heads=queries.sheet_of(found).heads,
        mapped=Mapped.of(found.mapping),
        strange=queries.strange_words(found),
        teams=[(str(team.pk), team.name) for team in Team.objects.filter(councils=found.council)],
        judged=found.judged,
    )
    if form.is_bound and form.is_valid():
        try:
            import_runs.settle(
                by=viewer, run_id=found.pk, mapping=form.mapping, judged=form.cleaned_data["judged"], now=now
            )
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, "The columns are settled. The first rows below are read by them.")
            return redirect("workplace:desk_import_run", run=found.pk)
    return page(
        request,
        "import_run",
        status=UNPROCESSABLE if form.is_bound else 200,
        seen=queries.preview(viewer, found.pk, now),
        form=form,
        page_errors=error_links(form),
    )


@door(Can.IMPORT)
@require_POST
def start(request: HttpRequest, run: int) -> HttpResponse:
    """Let the calls be brought in."""
    viewer, now = looking(request)
    begun = import_runs.start(by=viewer, run_id=run, now=now)
    messages.success(request, f"“{begun.name}” is being brought in. This page says how far it is.")
    return redirect("workplace:desk_import_run", run=run)


@door(Can.IMPORT)
@require_POST
def drop(request: HttpRequest, run: int) -> HttpResponse:
    """Forget a file that was only looked at."""
    viewer, now = looking(request)
    import_runs.drop(by=viewer, run_id=run, now=now)
    messages.success(request, "The file is forgotten. Nothing was brought in.")
    return redirect("workplace:desk_import")
