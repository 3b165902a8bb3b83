"""Moving running cases to the version in force: tried on all of them first, with a choice for each trouble."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.process import actions
from moothall.process.errors import NotAChoice
from moothall.process.permissions import Can
from moothall.workplace.forms.designing import MoveForm
from moothall.workplace.queries import processes, rehearsing
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.MIGRATE)
@require_http_methods(_METHODS)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Try a move on every running case, again with what was chosen, and then do it."""
    viewer, now = looking(request)
    version = processes.versions_of(viewer, key)[0]
    if too_many := rehearsing.too_many(viewer, key):
        return page(request, "designer/move_many", version=version, cases=too_many)
    bare = actions.dry_run(by=viewer, version=version, now=now)
    form = MoveForm(request.POST if request.method == "POST" else None, groups=bare.groups)
    found, status = bare, 200
    if form.is_bound:
        try:
            found = actions.dry_run(by=viewer, version=version, choices=form.choices, now=now)
        except NotAChoice as error:
            form.add_error(None, error.sentence)
            status = UNPROCESSABLE
        else:
            if request.POST.get("act") == "move":
                done = actions.migrate(by=viewer, version=version, choices=form.choices, now=now, jobs=True)
                messages.success(request, _sentence(done.jobs, found.safe, version.number))
                return redirect("workplace:process", key)
    return page(
        request,
        "designer/move",
        status=status,
        version=version,
        bare=bare,
        found=found,
        form=form,
        tried=form.is_bound,
    )


def _sentence(jobs: int, cases: int, number: int) -> str:
    if not jobs:
        return "No case had to be moved."
    moved = f"{cases:,} case{' is' if cases == 1 else 's are'} being moved to version {number}."
    return f"{moved} Each says so in its history."
