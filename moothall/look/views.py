"""The pages of the look itself: what went wrong, the colours of a council, and the gallery of components."""

import errno
import logging
import shutil
import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.cache import cache_control

from moothall.look import gallery, hooks, refusals, themes
from moothall.look.hooks import Frame
from moothall.plain import request_id
from moothall.plain.errors import HouseError, NotFound, Refused, TooLarge, Unavailable

logger = logging.getLogger(__name__)

_SORRY = "Sorry, there is a problem with this service"
_FAULT = (
    "This is a fault on our side. We have made a note of it.",
    "Try again in a few minutes. What you sent just now was either saved whole or not at all.",
)
_FULL = ("disk is full", "No space left on device")
_LITTLE = 1024 * 1024
_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class Unreadable(HouseError):
    code = "look.unreadable"
    status = 400
    message = "We could not read what your browser sent."
    next_step = "Go back, load the page again and try once more. Nothing was changed."


class NotTakenHere(HouseError):
    code = "look.not_taken_here"
    status = 405
    title = "You cannot come here this way"
    message = "This address only takes what its own form sends."
    next_step = "Go back to the page you came from and use its buttons."


class FormExpired(HouseError):
    code = "look.form_expired"
    status = 403
    title = "This page was open for too long"
    message = (
        "For your security, the page you sent had expired, so we did not take it. "
        "Nothing that was saved before has been lost."
    )
    next_step = (
        "Go back in your browser: what you typed is usually still there. Copy anything long, load the page "
        "again, and send it once more. If this keeps happening, allow cookies for this site in your browser."
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not read, or would not."""
    if isinstance(exception, _TOO_MUCH):
        return refusals.answer(request, too_large())
    return refusals.answer(request, Unreadable())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer a refusal that came from Django or an app of others."""
    return refusals.answer(request, Refused(act="see this page or do this"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer an address that leads nowhere."""
    return refusals.answer(request, NotFound(what="page"))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - for programmers
    """Answer a form whose protection against forgery had expired."""
    return refusals.answer(request, FormExpired())


class NoRoom(Unavailable):
    code = "look.no_room"
    message = "There is no room left on our disk, so we could not keep what you sent. Nothing was half-saved."
    next_step = "We have made a note of it. Try again in an hour; what was saved before is safe."


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of our own, without the database: it may be what is broken."""
    if (trouble := trouble_of(sys.exc_info()[1])) is not None:
        return refusals.answer(request, trouble, frame=Frame())
    name = request_id.current()
    if refusals.wants_json(request):
        return JsonResponse(
            {"code": "house.fault", "message": "There is a fault on our side.", "request_id": name},
            status=500,
        )
    try:
        text = refusals.page(request, title=_SORRY, paragraphs=_FAULT, frame=Frame(), name=name)
    except Exception:  # the fault may be in the page's own frame, as after an update without a restart
        logger.exception("The page that says sorry has a fault, too.")
        text = bare_page(name)
    return HttpResponse(text, status=500)


def bare_page(name: str) -> str:
    """Return the page of last resort, without templates or styles."""
    said = "".join(f"<p>{line}</p>" for line in _FAULT)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{_SORRY}</title></head>'
        f"<body><main><h1>{_SORRY}</h1>{said}<p>Reference: {escape(name)}</p></main></body></html>"
    )


def trouble_of(error: BaseException | None) -> HouseError | None:
    """Return the refusal for what is no mistake in our code and passes: a full disk, a database that is away.

    >>> trouble_of(OperationalError("database or disk is full")).code
    'look.no_room'
    """
    if (isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}) or (
        isinstance(error, DatabaseError) and any(words in str(error) for words in _FULL)
    ):
        return NoRoom()
    if isinstance(error, OperationalError | InterfaceError):
        # SQLite calls some of its troubles with a full disk just an “I/O error”
        full = shutil.disk_usage(settings.HOME).free < _LITTLE
        return NoRoom() if full else Unavailable(what="The place where everything is kept")
    return None


def too_large() -> TooLarge:
    """Return the refusal of a request that is larger than the house takes."""
    return TooLarge(limit=f"{settings.REQUEST_LIMIT // (1024 * 1024)} MB in all")


@login_not_required
@cache_control(public=True, max_age=365 * 24 * 60 * 60, immutable=True)
def theme(request: HttpRequest, code: str, version: str) -> HttpResponse:  # noqa: ARG001 - version is for caches
    """Give the colours of a council as a stylesheet."""
    found = hooks.theme_for(code) or themes.HOUSE
    return HttpResponse(themes.stylesheet(found), content_type="text/css; charset=utf-8")


@login_not_required
def show_gallery(request: HttpRequest, name: str = "resident") -> HttpResponse:
    """Show every component, for those who build pages; only in demonstration and debugging."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, f"look/gallery/{name}.html", {**gallery.context(name)}, using="jinja2")
