"""Saying how a call to the ICT desk went: by the link in an email, without signing in."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import public
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.portal.rating import RateForm
from moothall.portal.visit import council_here
from moothall.servicedesk.actions import satisfaction
from moothall.servicedesk.errors.packs import AnswerKept, NoSuchQuestion, OwnWork
from moothall.servicedesk.models import Survey
from moothall.servicedesk.queries.satisfaction import question, worked_on
from moothall.servicedesk.rules.satisfaction import can_be_answered


@forgery.gently
@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, council: str, token: str) -> HttpResponseBase:
    """Ask how it was, and take the answer; within a week it can be changed by the same link."""
    del council
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    found = question(here, token)
    if worked_on(viewer, found.call):
        raise OwnWork
    if not can_be_answered(found.asked_at, found.answered_at, now):
        raise AnswerKept if found.answered_at else NoSuchQuestion
    begin = {"recommend": found.recommend, "content": found.content, "words": found.words}
    form = RateForm(request.POST if request.method == "POST" else None, initial=begin)
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        satisfaction.answer(by=viewer, council=here, secret=token, now=now, **form.cleaned_data)
        return redirect(f"{request.path}?thanks=yes")
    return _page(request, found, form, forged=forged)


def _page(request: HttpRequest, found: Survey, form: RateForm, *, forged: bool) -> HttpResponse:
    facts = {
        "council": council_here(request),
        "call": found.call,
        "form": form,
        "thanks": bool(request.GET.get("thanks")) and found.answered_at is not None,
        "answered": found.answered_at is not None,
        "notice": forgery.SHOWN_AGAIN if forged else "",
    }
    status = 422 if form.is_bound and (form.errors or forged) else 200
    return render(request, "portal/rate.html", facts, status=status)
