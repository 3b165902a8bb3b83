"""Addresses whose views refuse or fail, for the tests of what is then shown."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from moothall.look import refusals
from moothall.plain.errors import HouseError, Invalid, NotFound, Refused, Stale, TooLarge, Unavailable

ERRORS: dict[str, Exception] = {
    "not-found": NotFound(what="request"),
    "refused": Refused(act="close requests"),
    "stale": Stale(),
    "invalid": Invalid({"email": ["Enter an email address"]}),
    "too-large": TooLarge(limit="10 MB"),
    "unavailable": Unavailable(what="Mail"),
    "house": HouseError(),
    "denied": PermissionDenied(),
    "suspicious": SuspiciousOperation(),
    "broken": RuntimeError("a secret of the database"),
}


@login_not_required
def fail(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


@login_not_required
def early(request: HttpRequest) -> HttpResponse:
    return refusals.answer(request, Stale())


@login_not_required
@require_POST
def post_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@login_not_required
@csrf_protect
def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", ""))


urlpatterns = [
    path("look/", include("moothall.look.urls")),
    path("fail/<str:name>/", fail),
    path("early/", early),
    path("take/", take),
    path("post-only/", post_only),
]
handler400 = "moothall.look.views.bad_request"
handler403 = "moothall.look.views.forbidden"
handler404 = "moothall.look.views.not_found"
handler500 = "moothall.look.views.failed"
