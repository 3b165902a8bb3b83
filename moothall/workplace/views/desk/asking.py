"""Asking for something from the catalogue: for oneself, for a colleague, or, at the desk, for whoever calls."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from moothall.councils import gate
from moothall.councils.doors import staff_only
from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions import catalogue
from moothall.servicedesk.errors.calls import NoSuchColleague
from moothall.servicedesk.models import Call, CatalogueItem
from moothall.servicedesk.models.calls import Channel
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import colleagues
from moothall.servicedesk.queries.catalogue import approvers_of, offered_item
from moothall.servicedesk.rules.catalogue import NotAnApprover, price_of
from moothall.workplace.forms.desk.help import AskForForm, ColleagueForm
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_LONGEST = 100
DESK = "desk"
"""What an address has in `by` where the desk asks for whoever is on the phone."""


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for something from the catalogue, for oneself or for whom was found by name or email address."""
    viewer, now = looking(request)
    given = request.POST if request.method == "POST" else request.GET
    whom, wrong = _whom(viewer, given.get("for", ""), now)
    item = offered_item(viewer, key, whom.council_id if whom else None)
    by_desk = whom is not None and _by_desk(viewer, whom, given.get("by", ""))
    form = AskForForm(
        request.POST if request.method == "POST" else None,
        item=item,
        approvers=_approvers(viewer, item, whom),
        other=whom is not None,
        by_desk=by_desk,
    )
    if form.is_bound and not wrong and form.is_valid():
        try:
            call = _ask(viewer, item, form, whom, now)
        except NotAnApprover as error:
            form.add_error("approver" if "approver" in form.fields else None, error.sentence)
        except Invalid as error:
            form.add_error(None, error.sentence)
        else:
            return _asked(request, call, whom, by_desk=by_desk)
    words = request.GET.get("q", "").replace("\0", "")[:_LONGEST]
    return page(
        request,
        "ask",
        status=UNPROCESSABLE if form.is_bound or wrong else 200,
        form=form,
        item=item,
        price=price_of(item.price_pence),
        whom=whom,
        wrong=wrong,
        by=DESK if by_desk else "",
        find=ColleagueForm({"q": words}),
        words=words,
        found=colleagues.find(viewer, words, now) if words and whom is None else (),
        page_errors=error_links(form),
        now=now,
    )


def _whom(viewer: Viewer, number: str, now: datetime) -> tuple[Staff | None, str]:
    """Return the colleague who was chosen, and what is wrong with the choice; oneself is nobody else."""
    if not number:
        return None, ""
    try:
        found = colleagues.colleague(viewer, number_of(number), now)
    except NoSuchColleague as error:
        return None, error.sentence
    return (None if found.user_id == viewer.actor.user_id else found), ""


def _by_desk(viewer: Viewer, whom: Staff, asked: str) -> bool:
    """Say whether the desk asks: for people of other councils always, for one's own where that was said."""
    return gate.may(viewer, Can.LOG, whom.council_id) and (
        asked == DESK or whom.council_id != viewer.council_id
    )


def _approvers(viewer: Viewer, item: CatalogueItem, whom: Staff | None) -> list[tuple[int, str]]:
    council_id = whom.council_id if whom else viewer.council_id or 0
    never = (viewer.actor.user_id, whom.user_id if whom else None)
    return [
        (each.pk, each.user.name) for each in approvers_of(item, council_id, timezone.localdate(), *never)
    ]


def _ask(viewer: Viewer, item: CatalogueItem, form: AskForForm, whom: Staff | None, now: datetime) -> Call:
    given = form.cleaned_data
    return catalogue.ask_for(
        by=viewer,
        key=item.key,
        detail=given["detail"],
        urgency=given["urgency"],
        submission=given["submission"],
        approver_id=given.get("approver"),
        for_staff_id=whom.pk if whom else None,
        channel=given.get("channel") or Channel.PORTAL,
        now=now,
    )


def _asked(request: HttpRequest, call: Call, whom: Staff | None, *, by_desk: bool) -> HttpResponse:
    if by_desk:
        messages.success(request, f"{call.reference} is logged. Tell them this reference.")
        return redirect("workplace:desk_call", call.reference)
    told = f" {whom.user.name} has been told." if whom else ""
    messages.success(request, f"We have it. Your reference is {call.reference}.{told}")
    return redirect("workplace:desk_mine_one", call.reference)
