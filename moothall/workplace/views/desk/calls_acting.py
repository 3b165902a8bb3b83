"""Doing something to a call: a page for each act, which loses nothing if somebody was quicker or something is wrong."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, Invalid, Stale
from moothall.process import queries as process
from moothall.process.errors import CaseChanged, NotYet
from moothall.process.queries.history import Line
from moothall.servicedesk.models import Call
from moothall.workplace.forms.desk.calls_acts import ActForm
from moothall.workplace.queries.desk.calls import working_on
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk import calls_acts, calls_joining, calls_suppliers
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.calls_acts import Act, Doing

ALL: Sequence[Act] = (*calls_acts.ACTS, *calls_suppliers.ACTS, *calls_joining.ACTS)
CONFLICT = 409
_NEWEST = 6
_METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponseBase]


def view_of(act: Act) -> View:
    """Return the page of an act: what it asks, and doing it."""

    @door(act.permission)
    @require_http_methods(_METHODS)
    def done(request: HttpRequest, reference: str) -> HttpResponse:
        return _do(request, act, reference)

    return done


def _do(request: HttpRequest, act: Act, reference: str) -> HttpResponse:
    viewer, now = looking(request)
    doing = Doing(viewer, working_on(viewer, reference, now), now)
    back = _back(request)
    if not act.offered(doing.working):
        return _not_now(request, act, doing)
    if request.method != "POST" or request.POST.keys() & {"put-in", "check"}:
        return _ask(request, act, doing, back)
    form = act.form(doing, _sent(request, doing))
    if not form.is_valid():
        return _show(request, act, doing, form, back, status=UNPROCESSABLE)
    try:
        call = act.run(doing, form)
    except CaseChanged:
        return _changed(request, act, doing, back)
    except HouseError as error:
        return _refused(request, act, doing, form, back, error)
    messages.success(request, act.done.format(reference=call.reference))
    return _onwards(back, call)


def _sent(request: HttpRequest, doing: Doing) -> Any:
    """Return what was sent. A key of the queue sends nothing but the act: the call counts as it stands."""
    data = request.POST.copy()
    if "expected" not in data:
        data["expected"] = str(doing.working.case.seq)
    return data


def _ask(request: HttpRequest, act: Act, doing: Doing, back: str) -> HttpResponse:
    """Ask what an act needs; what has been typed so far stays, with what was put into it."""
    data = None
    if request.method == "POST":
        data = act.put_in(doing, request.POST) if act.put_in and "put-in" in request.POST else request.POST
    form = act.form(doing, None)
    if data is not None:
        typed = act.form(doing, data)
        form.initial.update({name: typed[name].data for name in typed.fields if name != "expected"})
    return _show(request, act, doing, form, back)


def _not_now(request: HttpRequest, act: Act, doing: Doing) -> HttpResponse:
    """Say that an act does not fit how the call stands; whoever may not do it at all is told so by the gate."""
    gate.allow(doing.viewer, act.permission, doing.call.council_id)
    messages.warning(
        request,
        f"“{act.title}” does not fit {doing.call.reference} as it stands now: {_state(doing.call)}."
        " Nothing was changed.",
    )
    return redirect("workplace:desk_call", doing.call.reference)


def _state(call: Call) -> str:
    return str(call.get_state_display()).lower()


def _changed(request: HttpRequest, act: Act, doing: Doing, back: str) -> HttpResponse:
    """Show what somebody else did meanwhile, with what was typed, ready to be sent again."""
    seen = number_of(request.POST.get("expected")) or 0
    lines = process.what_changed(doing.viewer, doing.call.reference, seen).lines
    fresh = Doing(doing.viewer, working_on(doing.viewer, doing.call.reference, doing.now), doing.now)
    if not act.offered(fresh.working):
        return _not_now(request, act, fresh)
    form = act.form(fresh, None)
    typed = act.form(fresh, request.POST)
    form.initial.update({name: typed[name].data for name in typed.fields if name != "expected"})
    return _show(request, act, fresh, form, back, status=CONFLICT, changed=lines)


def _refused(
    request: HttpRequest, act: Act, doing: Doing, form: ActForm, back: str, error: HouseError
) -> HttpResponse:
    """Say why not, at the question it is about, with what was typed kept."""
    if isinstance(error, NotYet):
        wrong: dict[str, list[str]] = {"": list(error.reasons)}
    elif isinstance(error, Invalid):
        wrong = error.fields or {"": [error.sentence]}
    else:
        wrong = {"": [error.sentence]}
    for key, sentences in wrong.items():
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)
    status = error.status if isinstance(error, Invalid | Stale | NotYet) else max(error.status, 400)
    return _show(request, act, doing, form, back, status=status)


def _show(  # noqa: PLR0913 - each is one part of the page
    request: HttpRequest,
    act: Act,
    doing: Doing,
    form: ActForm,
    back: str,
    *,
    status: int = 200,
    changed: Sequence[Line] | None = None,
) -> HttpResponse:
    talk = doing.working.talk
    return page(
        request,
        "act",
        status=status,
        act=act,
        call=doing.call,
        form=form,
        back=back,
        changed=changed,
        shown=act.foresee(doing, form) if act.foresee else "",
        newest=talk.with_user[-_NEWEST:],
        newest_notes=talk.notes[-_NEWEST:],
        page_errors=error_links(form),
        now=doing.now,
    )


def _back(request: HttpRequest) -> str:
    """Return where somebody came from: a queue of the desk, and nowhere else."""
    asked = request.POST.get("back") or request.GET.get("back", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.startswith("/work/desk/") else ""


def _onwards(back: str, call: Call) -> HttpResponse:
    return redirect(back) if back else redirect("workplace:desk_call", call.reference)


def letters() -> list[tuple[str, str]]:
    """Return the keys of a call's page, with what each does."""
    return [(each.letter, each.title) for each in ALL if each.letter]
