"""Saying how people belong together, and that it has ended."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.persons.actions.relating import end_relationship, relate
from moothall.persons.errors import NotRelated
from moothall.persons.permissions import Can
from moothall.persons.queries.searching import search
from moothall.workplace.forms.facts import WhyForm
from moothall.workplace.forms.people import RelateForm
from moothall.workplace.queries.people.changing import changeable, relationship_of
from moothall.workplace.queries.people.relating import other_of, words_of
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page


@door(Can.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, person: str) -> HttpResponse:
    """Find somebody who belongs to a person, then say how."""
    viewer, now = looking(request)
    found = changeable(viewer, person)
    sent = request.POST if request.method == "POST" else request.GET
    reference = sent.get("other", "").replace("\0", "")
    if not reference:
        text = request.GET.get("q", "").replace("\0", "").strip()[:200]
        people = (
            [each for each in search(viewer, text, now) if each.reference != found.reference] if text else []
        )
        return page(request, "register/relate_find", found=found, text=text, people=people)
    record, other = other_of(viewer, found, reference)
    form = RelateForm(request.POST if request.method == "POST" else None, name=found.name)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            relate(by=viewer, record_id=record.pk, other_id=other.pk, source="adviser", now=now, **given)
        except NotRelated as error:
            for key, sentences in error.fields.items():
                form.add_error(key if key in form.fields else None, " ".join(sentences).removesuffix("."))
        else:
            messages.success(request, f"{other.name} now stands with {found.name}.")
            return redirect("workplace:register_person", found.reference)
    return page(
        request,
        "register/relate",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        other=other,
        form=form,
        page_errors=error_links(form),
    )


@door(Can.CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, person: str, number: int) -> HttpResponse:
    """End a relationship: from now on nobody acts on it."""
    viewer, now = looking(request)
    found = changeable(viewer, person)
    record, row = relationship_of(found, number)
    form = WhyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        end_relationship(
            by=viewer, record_id=record.pk, relationship_id=row.pk, why=form.cleaned_data["why"], now=now
        )
        messages.success(request, "It is ended. It stays in the history.")
        return redirect("workplace:register_person", found.reference)
    return page(
        request,
        "register/end",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        title=words_of(viewer, record, row),
        form=form,
        page_errors=error_links(form),
    )
