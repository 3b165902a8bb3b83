"""How a refusal is answered: as a page in whole sentences, or as JSON when that was asked for."""

import logging
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from moothall.look.frames import frame_of
from moothall.look.hooks import Frame
from moothall.plain import request_id
from moothall.plain.errors import HouseError, Invalid

_log = logging.getLogger("moothall.look")
_SERVER_FAULT = 500


def wants_json(request: HttpRequest) -> bool:
    """Return whether a programme is asking, not a person with a browser."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer(request: HttpRequest, error: HouseError, frame: Frame | None = None) -> HttpResponse:
    """Return the page or the JSON for a refusal; middleware that refuses before any view calls it too.

    With a frame given, nothing is asked of the database.
    """
    if error.status >= _SERVER_FAULT:
        _log.warning("%s: %s", error.code, error.sentence)
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            {
                "code": error.code,
                "message": error.sentence,
                "what_next": error.advice,
                "request_id": request_id.current(),
                **({"fields": fields} if (fields := fields_of(error)) else {}),
            },
            status=error.status,
        )
    else:
        response = HttpResponse(
            page(
                request,
                title=error.title,
                paragraphs=[error.sentence, error.advice],
                points=[text for texts in fields_of(error).values() for text in texts],
                frame=frame,
            ),
            status=error.status,
        )
    response["Cache-Control"] = "no-store"
    return response


def fields_of(error: HouseError) -> dict[str, list[str]]:
    """Return what is wrong with each field, for refusals that know."""
    return error.fields if isinstance(error, Invalid) else {}


def page(
    request: HttpRequest,
    *,
    title: str,
    paragraphs: Sequence[str],
    points: Sequence[str] = (),
    frame: Frame | None = None,
    name: str = "",
) -> str:
    """Return an error page; with a frame given, nothing is asked of the database."""
    context = {
        "title": title,
        "paragraphs": [text for text in paragraphs if text],
        "points": points,
        "frame": frame or _frame(request),
        "request_name": name,
    }
    return render_to_string("look/refusal.html", context, request=request, using="jinja2")


def _frame(request: HttpRequest) -> Frame:
    """Return the frame of the request, or the house's own if whatever went wrong is in the frame itself."""
    try:
        return frame_of(request)
    except Exception:  # noqa: BLE001 - whatever it is, the person gets a page
        _log.exception("The frame of the page could not be made.")
        return Frame()
