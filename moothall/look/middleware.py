"""What stands around every answer: a name for the request, headers that protect, refusals as pages."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from moothall.look import refusals
from moothall.look.views import NotTakenHere, too_large
from moothall.plain import request_id
from moothall.plain.errors import HouseError

NextStep = Callable[[HttpRequest], HttpResponseBase]
_FIXED = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'none'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(self), display-capture=(), geolocation=(self), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SENSIBLE_NAME = re.compile(r"[A-Za-z0-9_.-]{8,64}\Z")


class RequestId:
    """Name the request, or keep the name that a proxy in front gave it, and say it in the answer."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        name = given if _SENSIBLE_NAME.match(given) else request_id.new()
        request_id.enter(name)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        return response


class Headers:
    """Tell the browser what this site never does: foreign scripts, frames, cameras."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        # Pages show people's data: no proxy may keep them, and a browser asks again, unless a view says otherwise.
        # With a session they are somebody's own, and the computer may be a library's: nothing of them is kept.
        if "Cache-Control" not in response.headers and not response.streaming:
            own = settings.SESSION_COOKIE_NAME in request.COOKIES
            response.headers["Cache-Control"] = "no-store, private" if own else "no-cache, private"
        return response


class SizeLimit:
    """Turn away what is far too large before reading any of it."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isascii() and announced.isdigit() and int(announced) > settings.REQUEST_LIMIT:
            return refusals.answer(request, too_large())
        return self.get_response(request)


class Refusals:
    """Turn any refusal of the house into its page. Nobody else catches them."""

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            allowed = response.headers["Allow"]
            response = refusals.answer(request, NotTakenHere())
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that a view raised."""
        return refusals.answer(request, exception) if isinstance(exception, HouseError) else None
