"""Connecting one's own account with what the council holds: a code from a letter, asking for one, and ending it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import signed_in
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.persons.actions import connecting, proving
from moothall.persons.queries import connections
from moothall.plain.errors import NotFound
from moothall.portal import limits
from moothall.portal.forms import CodeForm
from moothall.portal.visit import council_here
from moothall.process import queries as process
from moothall.process import store
from moothall.process.forms import AnswersForm

_METHODS = ["GET", "HEAD", "POST"]
_ASKED = ("name", "born", "address")
_WRONG = "The reference and the code do not belong together, or the code works no more"


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def enter_code(request: HttpRequest, council: str) -> HttpResponseBase:
    """Take the reference and the code of a letter. What is wrong is said in the same words, whatever it is."""
    here, viewer = council_here(request), viewer_of(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        limits.entering_code(request)
        given = form.cleaned_data
        made = connecting.use_code(
            by=viewer,
            council_id=here.pk,
            reference=given["reference"],
            code=given["code"],
            now=timezone.now(),
        )
        if made is not None:
            messages.success(request, "Your account is now connected with your details.")
            return redirect("portal:details", council)
        form.add_error("code", _WRONG)
    elif connections.connection_of(viewer, here.pk) is not None:
        return redirect("portal:details", council)
    return _page(request, "connect", form, forged=forged)


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def ask_for_letter(request: HttpRequest, council: str) -> HttpResponseBase:
    """Take who asks for a letter. The answer is the same, whether the council knows them or not."""
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    if not proving.letters_can_be_asked_for(here):
        raise NotFound(what="page")
    if connections.connection_of(viewer, here.pk) is not None:
        return redirect("portal:details", council)
    definition = store.definition_of(process.newest_version(proving.LETTER, here.pk))
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        definition=definition,
        keys=_ASKED,
        known={"now": now},
    )
    form.one_question = False
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        limits.asking_for_letter(request)
        proving.ask_for_letter(by=viewer, council=here, answers=form.answers(), now=now)
        return render(request, "portal/connect_asked.html", {"council": here})
    return _page(request, "connect_letter", form, forged=forged)


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def not_me(request: HttpRequest, council: str) -> HttpResponseBase:
    """End the connection of one's own account: asked once more, then done."""
    here, viewer = council_here(request), viewer_of(request)
    if connections.connection_of(viewer, here.pk) is None:
        return redirect("portal:details", council)
    forged = forgery.is_forged(request)
    if request.method == "POST" and not forged:
        connecting.end_own_connection(by=viewer, council_id=here.pk, now=timezone.now())
        messages.success(request, "Your account is not connected any more.")
        return redirect("portal:details", council)
    return _page(request, "connect_end", None, forged=forged)


def _page(
    request: HttpRequest, name: str, form: CodeForm | AnswersForm | None, *, forged: bool
) -> HttpResponse:
    wrong = form is not None and form.is_bound and bool(form.errors)
    context = {
        "council": council_here(request),
        "form": form,
        "notice": forgery.SHOWN_AGAIN if forged else "",
    }
    return render(request, f"portal/{name}.html", context, status=422 if wrong else 200)
