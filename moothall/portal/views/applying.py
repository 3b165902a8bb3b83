"""One question on a page, kept at once."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import public
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.plain.errors import NotFound
from moothall.portal import holding
from moothall.portal.visit import Visit, council_here, visit
from moothall.process.errors import AnswersRefused
from moothall.process.files import Kept
from moothall.process.forms import AnswersForm
from moothall.requests import actions, queries, rules

CHECKING = "checking"


@public
@require_safe
def start(request: HttpRequest, council: str, service: str) -> HttpResponse:
    """Say what a service is, what one needs, and how long it takes."""
    del council
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    offer = queries.offer(viewer, here, service)
    draft = queries.under_way(viewer, here, service, holding.held(request, here, service), now)
    return render(
        request,
        "portal/start.html",
        {"council": here, "offer": offer, "service": offer.service, "draft": draft},
    )


@public
@require_POST
def again(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Throw the answers under way away and begin anew."""
    here, viewer = council_here(request), viewer_of(request)
    under_way = {each.pk for each in queries.unfinished(viewer, here, timezone.now(), service)}
    if (held := holding.held(request, here, service)) is not None:
        under_way.add(held)
    for draft_id in under_way:
        actions.put_away(council=here, service=service, draft_id=draft_id)
    holding.let_go(request, here, service)
    return redirect("portal:go_on", council, service)


@public
@require_safe
def go_on(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Go to the first question that is still open."""
    found = visit(request, service)
    return redirect(found.next_page) if found else redirect("portal:start", council, service)


@forgery.gently
@public
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, council: str, service: str, key: str) -> HttpResponseBase:
    """Put one question, and keep its answer."""
    found = visit(request, service)
    if found is None:
        return redirect("portal:start", council, service)
    if key not in found.definition.first.ask:
        raise NotFound(what="question")
    if not rules.reachable(found.questions, key):
        return redirect(found.next_page)
    if request.method == "POST":
        return _take(request, found, key)
    return _show(request, found, _form(found, key))


def _form(found: Visit, key: str, request: HttpRequest | None = None) -> AnswersForm:
    form = AnswersForm(
        request.POST if request else None,
        request.FILES if request else None,
        definition=found.definition,
        keys=[key],
        known=rules.known(found.questions, found.now),
        held=found.draft.answers if found.draft else {},
    )
    form.one_question = True
    return form


def _show(request: HttpRequest, found: Visit, form: AnswersForm, notice: str = "") -> HttpResponse:
    key = form.keys[0]
    field = found.definition.fields[key]
    checking = CHECKING in request.GET
    return render(
        request,
        "portal/question.html",
        {
            "service": found.service,
            "form": form,
            "field": field,
            "files": (found.draft.answers.get(key) or [])
            if found.draft and field.type in rules.UPLOADS
            else [],
            "back": found.address("check") if checking else found.before(key),
            "can_save": found.draft is not None,
            "notice": notice,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _take(request: HttpRequest, found: Visit, key: str) -> HttpResponseBase:
    """Take what was sent: an answer, a file to leave out, or the wish to stop here."""
    form = _form(found, key, request)
    if forgery.is_forged(request):
        form.is_valid()
        return _show(request, found, form, forgery.SHOWN_AGAIN)
    if (without := request.POST.get("remove")) is not None:
        left = [each for each in _held_files(found, key) if each.get("id") != without]
        done = _offered(request, found, form, left or None, [])
        return redirect(request.get_full_path()) if done else _show(request, found, form)
    saving = request.POST.get("then") == "save" and found.draft is not None
    if saving and not _anything_sent(form, key):
        return redirect(found.address("save"))
    if (then := _answered(request, found, form)) is None:
        return _show(request, found, form)
    return redirect(then.address("save") if saving else then.after(key, checking=CHECKING in request.GET))


def _answered(request: HttpRequest, found: Visit, form: AnswersForm) -> Visit | None:
    """Keep the answer and its files, and return where that leads; None after saying in the form what is wrong."""
    key = form.keys[0]
    kept = form.keep_files() if form.is_valid() else {}
    if form.errors:
        return None
    files = kept.get(key, [])
    value = form.answers(kept)[key]
    if files:
        value = _held_files(found, key) + value
    return _offered(request, found, form, value, files)


def _offered(
    request: HttpRequest, found: Visit, form: AnswersForm, value: Any, files: Sequence[Kept]
) -> Visit | None:
    """Offer an answer to the draft, and return where that leads; None after saying in the form what is wrong."""
    key = form.keys[0]
    try:
        return _keep(request, found, key, value, files)
    except AnswersRefused as error:
        for sentence in error.fields.get(key, [error.sentence]):
            form.add_error(key, sentence.removesuffix("."))
        return None


def _anything_sent(form: AnswersForm, key: str) -> bool:
    sent = form.sent(key)
    return any(sent) if isinstance(sent, list | tuple) else bool(sent)


def _held_files(found: Visit, key: str) -> list[dict[str, str]]:
    if found.draft is None or found.definition.fields[key].type not in rules.UPLOADS:
        return []
    return list(found.draft.answers.get(key) or [])


def _keep(request: HttpRequest, found: Visit, key: str, value: Any, files: Sequence[Kept]) -> Visit:
    draft = actions.answer(
        by=found.viewer,
        council=found.council,
        service=found.key,
        draft_id=found.draft.pk if found.draft else None,
        key=key,
        value=value,
        files=files,
        now=found.now,
    )
    holding.hold(request, draft)
    questions = rules.way(found.definition, draft.answers, found.now)
    return Visit(
        found.viewer, found.council, found.key, found.definition, found.service, questions, draft, found.now
    )
