"""Health and figures. Anyone may ask whether the house is well; the details are for those who run it."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from moothall.config.observability import figures, health
from moothall.councils.doors import public
from moothall.plain.errors import NotFound

_LOOPBACK = {"127.0.0.1", "::1"}
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


@public
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Answer, which shows that this process can."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the house can do its work: 503 if not, and to those who run it, why."""
    found = list(health.probes(timezone.now()))
    well = all(probe.well for probe in found)
    answer: dict[str, object] = {"ready": well}
    if of_the_house(request):
        answer["probes"] = {probe.name: probe.hint or "well" for probe in found}
    response = JsonResponse(answer, status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures, for those who run the house; for others there is no such page."""
    if not of_the_house(request):
        raise NotFound(what="page")
    page = figures.page(timezone.now())
    return HttpResponse(page, content_type="text/plain; version=0.0.4; charset=utf-8")


def of_the_house(request: HttpRequest) -> bool:
    """Say whether this machine asks, with no proxy between, or somebody who has the token."""
    if token := settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), token.encode())
    direct = not any(header in request.META for header in _FORWARDED)
    return direct and request.META.get("REMOTE_ADDR") in _LOOPBACK
