"""Logging a call for somebody: who it is, what it is, and at once what is known about it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.councils.models import Council, Staff
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, Invalid
from moothall.servicedesk.actions import joining
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Channel, Kind
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen
from moothall.servicedesk.queries.catalogue import offered
from moothall.workplace.forms.desk.calls_new import CallerForm, LogForm
from moothall.workplace.queries.desk import calls_new as queries
from moothall.workplace.queries.desk.help import desk_at
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of, remember
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.help import article_base

_CHANNEL = "desk_channel"
_KINDS = frozenset({Kind.INCIDENT.value, Kind.REQUEST.value})
_ANSWERS = {
    Kind.INCIDENT.value: ("summary", "detail", "category", "impact", "urgency"),
    Kind.REQUEST.value: ("summary", "detail", "approval", "urgency"),
}


@door(Can.LOG)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Find the caller, ask what it is, show what follows from that, and log it."""
    viewer, now = looking(request)
    councils = queries.councils_to_log_at(viewer)
    given = request.POST if request.method == "POST" else request.GET
    user = queries.caller(viewer, number_of(given.get("caller")), now)
    kind = given.get("kind", "")
    kind = kind if kind in _KINDS else Kind.INCIDENT.value
    council = user.council if user else _council(councils, given.get("council", ""))
    form = _form(request, councils, council, kind, user, now)
    judged = request.method == "POST" and "check" not in request.POST
    if judged and form.is_valid():
        try:
            call = _log(viewer, form, council, kind, user, now)
        except Invalid as error:
            _complain(form, error)
        else:
            return _logged(request, viewer, form, call, now)
    elif not judged:
        form = _looked_at(request, form, councils, council, kind, user, now)
    words = request.GET.get("q", "").replace("\0", "")[:100]
    return page(
        request,
        "new",
        status=UNPROCESSABLE if form.is_bound else 200,
        form=form,
        find=CallerForm({"q": words}),
        words=words,
        found=queries.callers(viewer, words, now) if words and user is None else (),
        user=user,
        council=council,
        kind=kind,
        beside=queries.beside(viewer, council, kind, form.looked_at, now),
        offers=offered(viewer, council.pk).order_by("category", "title")
        if user and kind == Kind.REQUEST
        else (),
        article_base=article_base(),
        page_errors=error_links(form),
        now=now,
    )


def _council(councils: list[Council], code: str) -> Council:
    return next((each for each in councils if each.code == code), councils[0])


def _form(  # noqa: PLR0913 - each is one thing that is known of the call
    request: HttpRequest,
    councils: list[Council],
    council: Council,
    kind: str,
    user: Staff | None,
    now: datetime,
    *,
    data: Any = ...,
) -> LogForm:
    desk = desk_at(council, kind, now)
    sent = request.POST if request.method == "POST" else None
    return LogForm(
        sent if data is ... else data,
        councils=[(each.code, each.name) for each in councils],
        kind=kind,
        known=user is not None,
        systems=desk.systems,
        categories=desk.categories,
        impacts=desk.impacts,
        urgencies=desk.urgencies,
        begin={
            "kind": kind,
            "channel": request.session.get(_CHANNEL, Channel.PHONE.value),
            "council": council.code,
            "caller_name": request.GET.get("name", "").replace("\0", "")[:150],
        },
    )


def _looked_at(  # noqa: PLR0913, PLR0917
    request: HttpRequest,
    form: LogForm,
    councils: list[Council],
    council: Council,
    kind: str,
    user: Staff | None,
    now: datetime,
) -> LogForm:
    """Return the form with what was entered so far, not judged yet."""
    if not form.is_bound:
        return form
    fresh = _form(request, councils, council, kind, user, now, data=None)
    fresh.initial.update({name: form[name].data for name in form.fields})
    return fresh


def _log(
    viewer: Viewer, form: LogForm, council: Council, kind: str, user: Staff | None, now: datetime
) -> Call:
    given = form.cleaned_data
    answers = {key: given[key] for key in _ANSWERS[kind] if given.get(key)}
    return log_call(
        by=viewer,
        council=council,
        kind=kind,
        answers=answers,
        now=now,
        submission=given["submission"],
        channel=given["channel"],
        requester_id=user.user_id if user else None,
        caller_name=given.get("caller_name", ""),
        caller_email=given.get("caller_email", ""),
        item_id=number_of(given.get("system")),
    )


def _logged(request: HttpRequest, viewer: Viewer, form: LogForm, call: Call, now: datetime) -> HttpResponse:
    """Put the call under another one if that was said, and go on with it."""
    remember(request, _CHANNEL, form.cleaned_data["channel"])
    said = f"{call.reference} is logged. Tell them this reference."
    if above := request.POST.get("under", "")[:40]:
        try:
            parent = call_seen(viewer, above)
            joining.put_under(by=viewer, call_id=call.pk, parent_id=parent.pk, now=now)
        except HouseError as error:
            messages.warning(request, f"It could not be put under {above}. {error.sentence}")
        else:
            said = f"{call.reference} is logged, and put under {parent.reference}. Tell them their reference."
    messages.success(request, said)
    return redirect("workplace:desk_call", call.reference)


def _complain(form: LogForm, error: Invalid) -> None:
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)
