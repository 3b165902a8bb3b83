"""Taking a request back: asked once more, then done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import public, signed_in
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.portal.forms import WithdrawForm
from moothall.portal.visit import council_here
from moothall.requests import actions, queries

_METHODS = ["GET", "HEAD", "POST"]


@forgery.gently
@public
@never_cache
@require_http_methods(_METHODS)
def withdraw(request: HttpRequest, council: str, reference: str, token: str) -> HttpResponseBase:
    """Take back a request that one has the link of."""
    return _withdraw(request, reference, token, reverse("portal:follow", args=[council, reference, token]))


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def mine_withdraw(request: HttpRequest, council: str, reference: str) -> HttpResponseBase:
    """Take back a request of one's own."""
    return _withdraw(request, reference, None, reverse("portal:mine_one", args=[council, reference]))


def _withdraw(request: HttpRequest, reference: str, token: str | None, back: str) -> HttpResponseBase:
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    page = queries.followed(viewer, here, reference, now, token)
    if page.case.status != "open":
        messages.info(request, "This request is closed already. Nothing was changed.")
        return redirect(back)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        actions.withdraw(
            by=viewer,
            council=here,
            reference=reference,
            token=token,
            text=form.cleaned_data["text"],
            now=now,
        )
        messages.success(request, "You have withdrawn your request.")
        return redirect(back)
    return _asked(request, {"form": form, "back": back, "page": page, "council": here}, forged=forged)


def _asked(request: HttpRequest, context: dict[str, object], *, forged: bool) -> HttpResponse:
    notice = forgery.SHOWN_AGAIN if forged else ""
    status = 422 if request.method == "POST" and not forged else 200
    return render(request, "portal/withdraw.html", context | {"notice": notice}, status=status)
