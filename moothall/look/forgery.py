"""Protection against forged forms that throws nothing away: an expired page is shown again with what was typed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt

SHOWN_AGAIN = (
    "This page was open for a long time, so for your security we did not take it. Check what you entered and send"
    " it again. If you chose a file, choose it again."
)


class _Check(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(status=403)


_check = _Check(lambda _request: HttpResponse())
_strict = CsrfViewMiddleware(lambda _request: HttpResponse())


def gently(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view that asks `is_forged` itself before it takes anything."""
    marked: Callable[..., HttpResponseBase] = csrf_exempt(view)
    return marked


def is_forged(request: HttpRequest) -> bool:
    """Say whether a form that was sent cannot be trusted to come from our own page."""
    return request.method == "POST" and _asked(_check, request) is not None


def refusal(request: HttpRequest) -> HttpResponseBase | None:
    """Return the page for a form that cannot be trusted; None if it can be."""
    return _asked(_strict, request) if request.method == "POST" else None


def _asked(check: CsrfViewMiddleware, request: HttpRequest) -> HttpResponseBase | None:
    check.process_request(request)
    view: Any = is_forged  # the check looks only for an exemption on it
    return check.process_view(request, view, (), {})
