"""What every public body says about its site: accessibility, privacy, cookies."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from moothall.councils.doors import public
from moothall.portal.visit import council_here
from moothall.requests.rules import KEPT_DAYS


@public
@require_safe
def accessibility(request: HttpRequest, council: str) -> HttpResponse:
    """Say how accessible the site is, and how to complain."""
    del council
    return _statement(request, "accessibility")


@public
@require_safe
def privacy(request: HttpRequest, council: str) -> HttpResponse:
    """Say what is kept about people, why, and for how long."""
    del council
    return _statement(request, "privacy")


@public
@require_safe
def cookies(request: HttpRequest, council: str) -> HttpResponse:
    """Say which cookies there are."""
    del council
    return _statement(request, "cookies")


def _statement(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"portal/{name}.html", {"council": council_here(request), "kept_days": KEPT_DAYS})
