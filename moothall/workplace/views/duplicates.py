"""Keeping the register clean: which records may be one person, deciding, taking it back, and all that was decided."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.persons.actions.duplicates import ask_about, find_more
from moothall.persons.actions.linking import leave_open, link_same, tell_apart, undo
from moothall.persons.actions.looking import looked_at
from moothall.persons.errors import LinkGone, NoSuchPerson
from moothall.persons.permissions import Can
from moothall.persons.queries.duplicates import links_of, next_to_review, to_review
from moothall.persons.queries.pairs import Pair, pair
from moothall.workplace.forms.duplicates import APART, SAME, CompareForm, DecideForm, QueueForm, UndoForm
from moothall.workplace.queries.duplicates import (
    SAID,
    councils_to_clean,
    likelihood,
    records_to_decide,
    undoing,
)
from moothall.workplace.views.answering import UNPROCESSABLE, looking, page

_DECIDED = {
    SAME: "They are one person now. It can be undone at any time.",
    APART: "They are two people, and stay so.",
}


@door(Can.DECIDE)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the records that may be one person, the likeliest first."""
    viewer, _ = looking(request)
    form = QueueForm(request.GET, councils_to_clean(viewer))
    council_id = form.cleaned_data["council"] if form.is_valid() else None
    found = to_review(viewer, council_id=council_id, after=request.GET.get("after", ""))
    kept = {"council": council_id} if council_id else {}
    return page(
        request,
        "duplicates",
        form=form,
        found=found,
        narrowed=bool(kept),
        older=urlencode(kept | {"after": found.more}) if found.more else "",
        likelihood=likelihood,
        may_set=gate.anywhere(viewer, Can.SET_CUTOFFS),
        page_errors=[],
    )


@door(Can.SEE_LINKS)
@require_safe
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show two records side by side."""
    viewer, now = looking(request)
    return _show(request, viewer, pair(viewer, number, now), DecideForm())


def _show(request: HttpRequest, viewer: Viewer, found: Pair, form: DecideForm) -> HttpResponse:
    _, now = looking(request)
    looked_at(by=viewer, records=found.records, why="review", now=now)
    return page(
        request,
        "duplicates_pair",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        said=SAID[found.link.kind],
        form=form,
        page_errors=error_links(form),
    )


@door(Can.DECIDE)
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Say whether two records are one person, as the button says."""
    viewer, now = looking(request)
    found = pair(viewer, number, now)
    form = DecideForm(request.POST)
    return _decide(request, viewer, found, form) if form.is_valid() else _show(request, viewer, found, form)


def _decide(request: HttpRequest, viewer: Viewer, found: Pair, form: DecideForm) -> HttpResponse:
    """Do what the button says, and go on to the next pair."""
    _, now = looking(request)
    if not found.waits:
        raise LinkGone
    act, why = request.POST.get("act", ""), form.cleaned_data["why"]
    one_id, other_id = (record.pk for record in found.records)
    if act == SAME:
        link_same(by=viewer, one_id=one_id, other_id=other_id, why=why, now=now)
    elif act == APART:
        tell_apart(by=viewer, one_id=one_id, other_id=other_id, why=why, now=now)
    else:
        leave_open(by=viewer, link_id=found.link.pk, why=why, now=now)
    messages.success(request, _DECIDED.get(act, "It stays in the list, with what you found out."))
    following = next_to_review(viewer, found.link.pk) if act in _DECIDED else None
    if following is None:
        return redirect("workplace:duplicates")
    return redirect("workplace:duplicate", following)


@door(Can.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    """Show what came since two records were joined, ask where it belongs, and take the link back."""
    viewer, now = looking(request)
    found = undoing(viewer, number, now)
    form = UndoForm(
        request.POST if request.method == "POST" else None,
        things=found.things,
        may_tell_apart=found.separates and found.line.may_tell_apart,
    )
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        undo(
            by=viewer,
            link_id=number,
            why=given["why"],
            now=now,
            places=form.places,
            apart=bool(given.get("apart")),
        )
        messages.success(request, "It is undone, and both records say so.")
        mine = found.line.low if found.line.low.is_open else found.line.high
        return redirect("workplace:register_links", mine.reference)
    looked_at(by=viewer, records=found.line.records, why="review", now=now)
    return page(
        request,
        "duplicates_undo",
        status=UNPROCESSABLE if form.is_bound else 200,
        found=found,
        line=found.line,
        said=SAID[found.line.link.kind],
        form=form,
        page_errors=error_links(form),
    )


@door(Can.SEE_LINKS)
@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: HttpRequest, person: str) -> HttpResponse:
    """Show everything that was decided about whose the records of a person are; look for more."""
    viewer, now = looking(request)
    found = links_of(viewer, person)
    sent = request.POST if request.method == "POST" else None
    form = CompareForm(sent if sent is not None and sent.get("act") == "compare" else None)
    if sent is not None and sent.get("act") == "find":
        return _find(request, viewer, person)
    if form.is_bound and form.is_valid() and (number := _compare(viewer, person, form, request)):
        return redirect("workplace:duplicate", number)
    looked_at(by=viewer, records=found.records, why="links", now=now)
    return page(
        request,
        "duplicates_links",
        status=UNPROCESSABLE if sent is not None else 200,
        found=found,
        said=SAID,
        form=form,
        page_errors=error_links(form),
    )


def _find(request: HttpRequest, viewer: Viewer, person: str) -> HttpResponse:
    """Look for records like those of a person, and go to the list if there are any."""
    _, now = looking(request)
    mine = records_to_decide(viewer, person)
    found = sum(len(find_more(by=viewer, record_id=record_id, now=now)) for record_id in mine)
    if not found:
        messages.info(request, "Nobody else in the register is like them.")
        return redirect("workplace:register_links", person)
    messages.success(request, f"Found for you to look at: {found}.")
    return redirect("workplace:duplicates")


def _compare(viewer: Viewer, person: str, form: CompareForm, request: HttpRequest) -> int | None:
    """Return the number of the pair that two people make, or say why they make none."""
    _, now = looking(request)
    try:
        other = records_to_decide(viewer, form.cleaned_data["other"])
    except NoSuchPerson as error:
        form.add_error("other", error.sentence.removesuffix("."))
        return None
    mine = records_to_decide(viewer, person)
    link = ask_about(by=viewer, record_ids=mine, other_ids=other, now=now)
    if link is None:
        form.add_error("other", "It is decided already whether these are one person, or one may not be used")
        return None
    return int(link.pk)
