"""What the council holds about whoever is connected: shown with where it came from, and put right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import signed_in
from moothall.councils.middleware import viewer_of
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.identity import queries as identity
from moothall.look import forgery
from moothall.persons.actions import correcting, proving
from moothall.persons.models import Fact
from moothall.persons.queries import connections
from moothall.persons.rules.facts import KINDS
from moothall.persons.rules.own_words import asked_of_them
from moothall.plain.errors import Invalid, NotFound
from moothall.portal import limits
from moothall.portal.forms import DetailForm
from moothall.portal.visit import council_here
from moothall.requests import queries as requests

_METHODS = ["GET", "HEAD", "POST"]
_ASKED_FOR = "change-details"


@signed_in
@never_cache
@require_safe
def details(request: HttpRequest, council: str) -> HttpResponse:
    """Show somebody's own details, or how to connect with them."""
    del council
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    found = connections.own_details(viewer, here.pk, now)
    if found is None:
        context = {
            "council": here,
            "providers": identity.proving_providers(here.code),
            "proof": identity.proof_here(request.session, here.code),
            "has_letters": proving.letters_can_be_asked_for(here),
        }
        return render(request, "portal/connect_ways.html", context)
    if not found.is_shown:
        return render(request, "portal/details_not_shown.html", {"council": here})
    context = {
        "council": here,
        "found": found,
        "kinds": [(KINDS[kind], kind in connections.OWN) for kind in connections.SHOWN],
        "service": _service(viewer, here),
    }
    return render(request, "portal/details.html", context)


def _service(viewer: Viewer, council: Council) -> str:
    """Return the service by which somebody asks for what is checked first, if the council offers it just now."""
    offers = requests.catalogue(viewer, council)
    return next((each.key for each in offers if each.key == _ASKED_FOR and each.is_open), "")


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def add(request: HttpRequest, council: str, kind: str) -> HttpResponseBase:
    """Add a phone number, an email address, a language or an access need."""
    here, viewer = council_here(request), viewer_of(request)
    if kind not in connections.OWN:
        raise NotFound(what="page")
    connections.mine(viewer, here.pk)
    form = DetailForm(request.POST if request.method == "POST" else None, parts=asked_of_them(kind))
    forged = forgery.is_forged(request)
    if request.method == "POST" and not forged:
        limits.putting_right(request)
        try:
            correcting.add_own(
                by=viewer, council_id=here.pk, kind=kind, body=form.given(), now=timezone.now()
            )
        except Invalid as error:
            form.complain(error.fields or {"": [error.sentence]})
        else:
            messages.success(request, "Thank you. We have added it.")
            return redirect("portal:details", council)
    return _correct(request, form, f"Add {_a(kind)}", None, forged=forged)


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def change(request: HttpRequest, council: str, number: int) -> HttpResponseBase:
    """Put another value into the place of one that is not right any more."""
    here, viewer = council_here(request), viewer_of(request)
    held = connections.own_fact(viewer, here.pk, number)
    posted = request.POST if request.method == "POST" else None
    form = DetailForm(posted, parts=asked_of_them(held.kind), held=held.body)
    forged = forgery.is_forged(request)
    if request.method == "POST" and not forged:
        limits.putting_right(request)
        try:
            correcting.replace_own(
                by=viewer, council_id=here.pk, fact_id=number, body=form.given(), now=timezone.now()
            )
        except Invalid as error:
            form.complain(error.fields or {"": [error.sentence]})
        else:
            messages.success(request, "Thank you. We have changed it.")
            return redirect("portal:details", council)
    title = f"Change your {KINDS[held.kind].title.lower()}"
    return _correct(request, form, title, held, forged=forged)


def _a(kind: str) -> str:
    title = KINDS[kind].title.lower()
    return f"an {title}" if title[0] in "aeiou" else f"a {title}"


def _correct(
    request: HttpRequest, form: DetailForm, title: str, held: Fact | None, *, forged: bool
) -> HttpResponse:
    context = {
        "council": council_here(request),
        "form": form,
        "title": title,
        "held": held,
        "notice": forgery.SHOWN_AGAIN if forged else "",
    }
    return render(
        request, "portal/correct.html", context, status=422 if form.is_bound and not forged else 200
    )


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def take_away(request: HttpRequest, council: str, number: int) -> HttpResponseBase:
    """Take a value away that is not right any more: asked once more, then done."""
    here, viewer = council_here(request), viewer_of(request)
    held = connections.own_fact(viewer, here.pk, number)
    forged = forgery.is_forged(request)
    if request.method == "POST" and not forged:
        limits.putting_right(request)
        correcting.end_own(by=viewer, council_id=here.pk, fact_id=number, now=timezone.now())
        messages.success(request, "We have taken it away.")
        return redirect("portal:details", council)
    context = {
        "council": here,
        "title": f"Take away your {KINDS[held.kind].title.lower()}",
        "words": connections.said_to_owner(held),
        "notice": forgery.SHOWN_AGAIN if forged else "",
    }
    return render(request, "portal/correct_end.html", context)


@forgery.gently
@signed_in
@never_cache
@require_http_methods(_METHODS)
def end_acting(request: HttpRequest, council: str, number: int) -> HttpResponseBase:
    """Say that somebody acts for one no more: asked once more, then done."""
    here, viewer, now = council_here(request), viewer_of(request), timezone.now()
    connections.mine(viewer, here.pk)
    found = connections.own_details(viewer, here.pk, now)
    acting = (
        next((each for each in found.act_for_me if each.relationship_id == number), None) if found else None
    )
    if acting is None:
        raise NotFound(what="page")
    forged = forgery.is_forged(request)
    if request.method == "POST" and not forged:
        limits.putting_right(request)
        correcting.end_own_representative(by=viewer, council_id=here.pk, relationship_id=number, now=now)
        messages.success(request, f"{acting.name} does not act for you any more.")
        return redirect("portal:details", council)
    context = {"council": here, "acting": acting, "notice": forgery.SHOWN_AGAIN if forged else ""}
    return render(request, "portal/acting_end.html", context)
