"""The request catalogue, as whoever sets it up keeps it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions.catalogue import Offer, offer
from moothall.servicedesk.models import CatalogueItem
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import catalogue as queries
from moothall.servicedesk.rules.catalogue import price_of
from moothall.workplace.forms.desk.helping import OfferForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import setting_up
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SET_UP)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List everything that is or was offered."""
    viewer, _ = looking(request)
    items = list(queries.to_keep(viewer))
    return page(
        request,
        "catalogue",
        items=items,
        asked=queries.asked_counts(viewer, items),
        offered_at=setting_up.offered_at,
        price_of=price_of,
    )


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Offer something new."""
    viewer, _ = looking(request)
    return _write(request, viewer, None)


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change what is offered, or stop offering it."""
    viewer, _ = looking(request)
    return _write(request, viewer, queries.item_to_keep(viewer, key))


def _write(request: HttpRequest, viewer: Viewer, found: CatalogueItem | None) -> HttpResponse:
    _, now = looking(request)
    form = OfferForm(
        request.POST if request.method == "POST" else None,
        teams=setting_up.serving_choices(viewer),
        items=setting_up.item_choices(viewer),
        councils=setting_up.council_choices(viewer),
        begin=_begun(found) if found else {},
    )
    if form.is_bound and form.is_valid():
        try:
            kept = offer(by=viewer, what=_offer(form), now=now, key=found.key if found else "")
        except HouseError as error:
            complain(form, error)
        else:
            said = "is offered" if kept.offered else "is not offered any more"
            messages.success(request, f"“{kept.title}” {said}.")
            return redirect("workplace:desk_catalogue")
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Change what is offered" if found else "Offer something",
        form=form,
        button="Keep it",
        back=reverse("workplace:desk_catalogue"),
        back_text="Back to the catalogue",
        page_errors=error_links(form),
    )


def _begun(item: CatalogueItem) -> dict[str, object]:
    return {
        "title": item.title,
        "description": item.description,
        "category": item.category,
        "ask": item.ask,
        "approval": item.approval,
        "team": item.team_id,
        "item": item.item_id,
        "price": price_of(item.price_pence).removeprefix("£"),
        "councils": [str(council.pk) for council in item.councils.all()],
        "standard_change": item.standard_change,
        "offered": item.offered,
    }


def _offer(form: OfferForm) -> Offer:
    given = form.cleaned_data
    return Offer(
        title=given["title"],
        description=given["description"],
        category=given["category"],
        ask=given["ask"],
        approval=given["approval"],
        team_id=given["team"],
        item_id=given["item"],
        price_pence=given["price"],
        council_ids=given["councils"],
        offered=given["offered"],
        standard_change=given["standard_change"],
    )
