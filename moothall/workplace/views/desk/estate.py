"""The estate: systems, what they need, who uses and supports them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.estate import actions
from moothall.estate import queries as estate
from moothall.estate.models import Item
from moothall.estate.permissions import Can
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, NotFound
from moothall.workplace.forms.desk.estate import (
    ItemForm,
    MaintenanceForm,
    NeedForm,
    RouteForm,
    UseForm,
    begun,
)
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import estate as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.SEE)
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """List the systems that are there for the viewer."""
    viewer, now = looking(request)
    kind, words = request.GET.get("kind", ""), request.GET.get("words", "").strip()[:100]
    kind = kind if kind in Item.Kind.values else ""
    return page(
        request,
        "estate",
        rows=pages.item_rows(viewer, now, kind=kind, words=words),
        kinds=Item.Kind.choices,
        kind=kind,
        words=words,
        may_change=bool(pages.council_choices(viewer)),
    )


@door(Can.SEE)
@require_safe
def item(request: HttpRequest, item: str) -> HttpResponse:
    """Show one system."""
    viewer, now = looking(request)
    return page(request, "estate_item", found=pages.item_page(viewer, item, now), now=now)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Record a system."""
    return _write(request, None)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def change(request: HttpRequest, item: str) -> HttpResponse:
    """Change what is recorded of a system."""
    viewer, _ = looking(request)
    return _write(request, estate.item_seen(viewer, item))


def _write(request: HttpRequest, found: Item | None) -> HttpResponse:
    viewer, now = looking(request)
    begin = {} if found is None else {
        "name": found.name, "kind": found.kind, "tier": found.tier, "status": found.status,
        "team": found.team_id, "supplier": found.supplier_id,
    }  # fmt: skip
    form = ItemForm(
        request.POST if request.method == "POST" else None,
        teams=pages.team_choices(viewer),
        suppliers=pages.supplier_choices(),
        begin=begin,
        known=found is not None,
    )

    def keep(given: dict[str, Any]) -> str:
        supplier_id = given["supplier"]
        if given["new_supplier"].strip():
            supplier_id = actions.add_supplier(by=viewer, name=given["new_supplier"], now=now).pk
        facts = {key: given[key] for key in ("name", "kind", "tier", "status")}
        if found is None:
            kept = actions.add_item(
                by=viewer,
                code=given["code"],
                now=now,
                team_id=given["team"],
                supplier_id=supplier_id,
                **facts,
            )
        else:
            kept = actions.change_item(
                by=viewer, code=found.code, now=now, team_id=given["team"], supplier_id=supplier_id, **facts
            )
        return kept.code

    title = f"Change {found.name}" if found else "Record a system"
    return _fill(request, form, keep, title=title, code=found.code if found else "")


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def need(request: HttpRequest, item: str) -> HttpResponse:
    """Record that a system does not work without another."""
    viewer, now = looking(request)
    found = estate.item_seen(viewer, item)
    form = NeedForm(
        request.POST if request.method == "POST" else None, items=pages.other_items(viewer, found)
    )

    def keep(given: dict[str, Any]) -> str:
        actions.add_dependency(by=viewer, item_id=found.pk, on_id=given["on"], now=now)
        return found.code

    return _fill(request, form, keep, title=f"What {found.name} needs", code=found.code)


@door(Can.CHANGE)
@require_POST
def drop_need(request: HttpRequest, item: str) -> HttpResponse:
    """Say that a system works without another after all."""
    viewer, now = looking(request)
    found = estate.item_seen(viewer, item)
    on_id = number_of(request.POST.get("on"))
    if on_id is not None:
        actions.drop_dependency(by=viewer, item_id=found.pk, on_id=on_id, now=now)
        messages.success(request, "It is taken away.")
    return redirect("workplace:desk_item", found.code)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def use(request: HttpRequest, item: str) -> HttpResponse:
    """Record how many people of a council use a system."""
    viewer, now = looking(request)
    found = estate.item_seen(viewer, item)
    form = UseForm(
        request.POST if request.method == "POST" else None,
        councils=pages.council_choices(viewer),
        begin={"since": now.date()},
    )

    def keep(given: dict[str, Any]) -> str:
        actions.record_use(
            by=viewer,
            council_id=given["council"],
            item_id=found.pk,
            users=given["users"],
            since=given["since"],
            hours=given["hours"],
            now=now,
        )
        return found.code

    return _fill(request, form, keep, title=f"Who uses {found.name}", code=found.code)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def maintenance(request: HttpRequest, item: str) -> HttpResponse:
    """Record a time in which a system may be away."""
    viewer, now = looking(request)
    found = estate.item_seen(viewer, item)
    form = MaintenanceForm(
        request.POST if request.method == "POST" else None, councils=pages.council_choices(viewer)
    )

    def keep(given: dict[str, Any]) -> str:
        actions.plan_maintenance(
            by=viewer,
            council_id=given["council"],
            item_id=found.pk,
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            reason=given["reason"],
            now=now,
        )
        return found.code

    return _fill(request, form, keep, title=f"When {found.name} may be away", code=found.code)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def route(request: HttpRequest, item: str) -> HttpResponse:
    """Record who helps a council with a system."""
    viewer, now = looking(request)
    found = estate.item_seen(viewer, item)
    form = RouteForm(
        request.POST if request.method == "POST" else None,
        councils=pages.council_choices(viewer),
        suppliers=pages.supplier_choices(),
        begin={"supplier": found.supplier_id},
        known=False,
    )

    def keep(given: dict[str, Any]) -> str:
        actions.add_route(
            by=viewer,
            council_id=given["council"],
            item_id=found.pk,
            supplier_id=given["supplier"],
            terms=form.terms,
            now=now,
        )
        return found.code

    return _fill(request, form, keep, title=f"Who helps with {found.name}", code=found.code)


@door(Can.CHANGE)
@require_http_methods(_METHODS)
def change_route(request: HttpRequest, route: int) -> HttpResponse:
    """Change what a supplier promises."""
    viewer, now = looking(request)
    found = pages.route_seen(viewer, route)
    if found is None:
        raise NotFound(what="support route")
    form = RouteForm(
        request.POST if request.method == "POST" else None,
        councils=(),
        suppliers=(),
        begin=begun(found),
        known=True,
    )

    def keep(_given: dict[str, Any]) -> str:
        actions.change_route(by=viewer, route_id=found.pk, terms=form.terms, now=now)
        return found.item.code

    title = f"{found.supplier.name} for {found.item.name}, {found.council.name}"
    return _fill(request, form, keep, title=title, code=found.item.code)


def _fill(
    request: HttpRequest, form: forms.Form, keep: Callable[[dict[str, Any]], str], *, title: str, code: str
) -> HttpResponse:
    """Show a form, or do what it says and go to the system that it was about."""
    if form.is_bound and form.is_valid():
        try:
            kept = keep(form.cleaned_data)
        except HouseError as error:
            if isinstance(error, NotFound):
                raise
            complain(form, error, [("ends", "end_time"), ("starts", "start_time"), ("credit", "limit")])
        else:
            messages.success(request, "That is recorded.")
            return redirect("workplace:desk_item", kept)
    return page(
        request,
        "estate_fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title=title,
        form=form,
        back=reverse("workplace:desk_item", args=[code]) if code else reverse("workplace:desk_estate"),
        page_errors=error_links(form),
    )
