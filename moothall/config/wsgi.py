"""The door for the web server."""

import logging
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.config.settings")
_house = get_wsgi_application()

from moothall.look.views import bare_page  # noqa: E402 - the settings come first

# All countries come at once: a quarter of a second that belongs to no page.
import_module("holidays.countries")

logger = logging.getLogger("moothall.wsgi")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request. What nothing else has caught is logged and answered in a sentence, never with silence."""
    try:
        answer: Iterable[bytes] = _house(environ, start_response)
    except Exception:
        logger.exception("A request was not answered by the house.")
        body = bare_page("").encode()
        start_response(
            "500 Internal Server Error",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))],
        )
        return [body]
    return answer
