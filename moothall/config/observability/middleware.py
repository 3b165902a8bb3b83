"""The outermost middleware: it counts and logs each request by the name of its view, never by its address."""

import logging
import os
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from moothall.config.observability.tally import Tally
from moothall.plain import request_id

_log = logging.getLogger("moothall.requests")
_WATCHED = ("livez", "readyz", "metrics")


def tally() -> Tally:
    """Return the counts of this house, as this process keeps them."""
    return _tally_of(os.getpid())


@cache
def _tally_of(_process: int) -> Tally:
    return Tally(settings.HOME / "run" / "tally")


class Observed:
    """Counts and logs what was asked for, how it was answered and how long that took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self._get_response(request)
        self._note(request, response.status_code, time.perf_counter() - started)
        return response

    def _note(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        view = (match.view_name or "unnamed") if match else "none"
        tally().add(f"{view} {status // 100}xx", seconds)
        if view in _WATCHED:
            return
        viewer = vars(request).get("_viewer")  # set only when somebody asked who is looking
        facts = {
            "method": request.method,
            "view": view,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "council": match.kwargs.get("council", "") if match else "",
            "actor": viewer.actor.kind if viewer else "",
            "request_id": request_id.current(),
        }
        _log.info("answered", extra=facts)
