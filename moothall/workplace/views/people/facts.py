"""Adding a fact about a person, correcting one, and ending one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.persons.actions.looking import looked_at
from moothall.persons.actions.records import add_fact, end_fact, replace_fact
from moothall.persons.errors import NoSuchPerson
from moothall.persons.permissions import Can
from moothall.persons.rules.facts import KINDS, said
from moothall.workplace.forms.facts import FactForm, WhyForm
from moothall.workplace.queries.people.changing import changeable, fact_of, teams_of
from moothall.workplace.queries.people.page import receipt
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person: str, kind: str) -> HttpResponse:
    """Add a fact of some kind."""
    viewer, now = looking(request)
    if kind not in KINDS:
        raise NoSuchPerson
    found = changeable(viewer, person)
    form = FactForm(
        request.POST if request.method == "POST" else None,
        kind=KINDS[kind],
        records=found.choices(),
        teams=teams_of([record.council_id for record in found.records]) if KINDS[kind].circled else (),
        today=timezone.localdate(now),
    )
    if form.is_bound and form.is_valid() and form.fact is not None:
        record = found.record(form.cleaned_data.get("record", ""))
        add_fact(by=viewer, record_id=record.pk, fact=form.fact, source=form.source, now=now)
        messages.success(request, f"{KINDS[kind].title} is added.")
        return redirect("workplace:register_person", found.reference)
    return page(
        request,
        "register/fact",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        kind=KINDS[kind],
        form=form,
        held=None,
        page_errors=error_links(form),
    )


@door(Can.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, person: str, number: int) -> HttpResponse:
    """Put another fact into the place of one; what was believed before stays in the history."""
    viewer, now = looking(request)
    found = changeable(viewer, person)
    record, held = fact_of(viewer, found, number)
    kind = KINDS[held.kind]
    form = FactForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        records=(),
        teams=teams_of([record.council_id]) if kind.circled else (),
        today=timezone.localdate(now),
        held=held,
    )
    if form.is_bound and form.is_valid() and form.fact is not None:
        replace_fact(
            by=viewer,
            record_id=record.pk,
            fact_id=held.pk,
            fact=form.fact,
            why=form.why,
            source=form.source,
            now=now,
        )
        messages.success(request, f"{kind.title} is changed. What stood there before is in the history.")
        return redirect("workplace:register_person", found.reference)
    looked_at(by=viewer, records=[record], why="change", now=now)
    return page(
        request,
        "register/fact",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        kind=kind,
        form=form,
        held=held,
        receipt=receipt(held, record.council.name if len(found.records) > 1 else ""),
        page_errors=error_links(form),
    )


@door(Can.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, person: str, number: int) -> HttpResponse:
    """End a fact without another in its place."""
    viewer, now = looking(request)
    found = changeable(viewer, person)
    record, held = fact_of(viewer, found, number)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        end_fact(by=viewer, record_id=record.pk, fact_id=held.pk, why=form.cleaned_data["why"], now=now)
        messages.success(request, f"{KINDS[held.kind].title} is ended. It stays in the history.")
        return redirect("workplace:register_person", found.reference)
    looked_at(by=viewer, records=[record], why="change", now=now)
    return page(
        request,
        "register/end",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        title=f"{KINDS[held.kind].title}: {said(held.kind, held.body)}",
        form=form,
        page_errors=error_links(form),
    )
