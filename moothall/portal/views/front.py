"""The front of the house: which council, which service."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from moothall.councils import queries as councils
from moothall.councils.doors import public
from moothall.councils.middleware import viewer_of
from moothall.portal.visit import council_here
from moothall.requests import queries

MOST_TYPED = 200


@public
@require_safe
def choose(request: HttpRequest) -> HttpResponseBase:
    """Let somebody choose their council; at a council's own host name, that is the one."""
    if (own := councils.council_of_host(request.get_host())) is not None:
        return redirect("portal:home", own.code)
    return render(request, "portal/choose.html", {"councils": councils.every_council()})


@public
@require_safe
def home(request: HttpRequest, council: str) -> HttpResponse:
    """Show what a council offers, by category."""
    del council
    offers = queries.catalogue(viewer_of(request), council_here(request))
    return render(
        request,
        "portal/home.html",
        {"council": council_here(request), "categories": queries.by_category(offers), "typed": ""},
    )


@public
@require_safe
def find(request: HttpRequest, council: str) -> HttpResponse:
    """Show the services that fit what somebody typed."""
    del council
    typed = request.GET.get("q", "")[:MOST_TYPED].replace("\0", "").strip()
    offers = queries.catalogue(viewer_of(request), council_here(request))
    found = queries.find(offers, typed) if typed else []
    return render(
        request, "portal/find.html", {"council": council_here(request), "typed": typed, "found": found}
    )
