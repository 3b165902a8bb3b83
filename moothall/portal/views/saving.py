"""Saving answers for later, and coming back to them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import public
from moothall.councils.middleware import viewer_of
from moothall.look import forgery
from moothall.portal import holding, limits
from moothall.portal.forms import AddressForm
from moothall.portal.visit import council_here, visit
from moothall.requests import actions, queries
from moothall.requests.errors import ContactRefused


@forgery.gently
@public
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, council: str, service: str) -> HttpResponseBase:
    """Send the link back to the answers under way."""
    found = visit(request, service)
    if found is None or found.draft is None:
        return redirect("portal:start", council, service)
    known = found.draft.contact.get("email") or getattr(request.user, "email", "")
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": known})
    forged = forgery.is_forged(request)
    if request.method == "POST" and form.is_valid() and not forged:
        limits.asking_for_link(request, form.cleaned_data["email"])  # it may be anybody's address
        try:
            draft = actions.send_return_link(
                by=found.viewer,
                council=found.council,
                service=service,
                draft_id=found.draft.pk,
                email=form.cleaned_data["email"],
                now=found.now,
            )
        except ContactRefused as error:
            form.add_error("email", error.fields["email"][0].removesuffix("."))
        else:
            sent_to = form.cleaned_data["email"]
            return render(
                request,
                "portal/saved.html",
                {"service": found.service, "draft": draft, "sent_to": sent_to, "go_on": found.next_page},
            )
    return render(
        request,
        "portal/save.html",
        {
            "service": found.service,
            "form": form,
            "draft": found.draft,
            "back": found.next_page,
            "notice": forgery.SHOWN_AGAIN if forged else "",
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@public
@require_safe
def come_back(request: HttpRequest, council: str, token: str) -> HttpResponseBase:
    """Go on with saved answers, by their secret link."""
    draft = queries.draft_returned_to(viewer_of(request), council_here(request), token, timezone.now())
    holding.hold(request, draft)
    messages.success(request, "Welcome back. Your answers are as you left them.")
    return redirect("portal:go_on", council, draft.service)
