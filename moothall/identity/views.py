"""Pages of one's own account, and the doors to the sign-in library's pages."""

from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from allauth.socialaccount.views import ConnectionsView as LibraryConnectionsView
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from moothall.identity import actions, queries
from moothall.identity.errors import ProviderFailed, TooManyTries
from moothall.identity.forms import NameForm
from moothall.identity.models import User
from moothall.plain.errors import Refused


def owner(request: HttpRequest) -> User:
    """Return whose account this is; the pages below are behind sign-in."""
    if not isinstance(request.user, User):
        raise Refused(act="see this account")
    return request.user


class SignInView(LoginView):
    """The sign-in page, with the providers of the council one comes from."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        council_code = self.request.GET.get("council") or _council_in(found["redirect_field_value"] or "")
        offered = list(queries.active_providers(council_code))
        needed = getattr(found["form"], "provider", None)
        if needed and needed not in offered:
            offered.append(needed)
        return {**found, "providers": offered, "council_code": council_code}


class SessionsView(ListUserSessionsView):
    """Where one is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        devices = queries.devices(owner(self.request), self.request.session.session_key)
        return {**found, "devices": devices, "now": timezone.now()}


class ConnectionsView(LibraryConnectionsView):
    """Providers one can also sign in with."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        return {**found, "offered": queries.providers_to_connect(owner(self.request))}


def _council_in(address: str) -> str:
    """Return the first word of where somebody was going: on a council's site it is the council's code."""
    return address.strip("/").partition("/")[0].partition("?")[0][:40]


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    return render(request, "identity/overview.html", {"about": queries.overview(owner(request))})


def name(request: HttpRequest) -> HttpResponse:
    """Change one's own name."""
    form = NameForm(request.POST or None, instance=owner(request))
    if request.method == "POST" and form.is_valid():
        actions.rename(by=owner(request), name=form.cleaned_data["name"])
        messages.success(request, "Your name has been changed.")
        return redirect("identity:overview")
    return render(request, "identity/name.html", {"form": form})


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session."""
    actions.end_session(by=owner(request), session_id=pk)
    messages.success(request, "That device has been signed out.")
    return redirect("usersessions_list")


def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask staff to choose a second factor, or to wait until the next sign-in where that is allowed."""
    going = _safe_next(request)
    may_wait = settings.SECOND_FACTOR == "ask"
    if request.method == "POST" and may_wait:
        request.session["second_factor_later"] = True
        return HttpResponseRedirect(going)
    if queries.has_second_factor(owner(request)):
        return HttpResponseRedirect(going)
    return render(request, "identity/second_factor.html", {"may_wait": may_wait, "going": going})


def provider_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to a provider, by way of a page of ours: our forms may not lead to other sites (`form-action`)."""
    answer = _at_provider(openid_connect.login, request, provider_id)
    if isinstance(answer, HttpResponseRedirect) and answer.url.startswith(("https:", "http:")):
        return render(request, "identity/going.html", {"address": answer.url})
    return answer


def provider_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from a provider."""
    return _at_provider(openid_connect.callback, request, provider_id)


def too_many_tries(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer when a rate limit is reached; the middleware turns this into a page."""
    raise TooManyTries


def _at_provider(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        answer: HttpResponse = view(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        raise ProviderFailed(provider="The sign-in service") from error
    return answer


def _safe_next(request: HttpRequest) -> str:
    wished = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if safe else reverse("identity:overview")
