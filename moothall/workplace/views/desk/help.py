"""Self-service for everybody of the staff: what is known, what helps, what can be asked for, and reporting a fault."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import staff_only
from moothall.councils.rules import Viewer
from moothall.estate.queries import needed_by
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions import following
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import Call
from moothall.servicedesk.rules.catalogue import price_of
from moothall.workplace.forms.desk.calls_new import ReportForm
from moothall.workplace.forms.desk.help import FindForm
from moothall.workplace.queries.desk import help as queries
from moothall.workplace.queries.desk.calls_beside import outages_at
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@staff_only
@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """Show what is known to be away first, then what helps, then what can be asked for."""
    viewer, now = looking(request)
    form = FindForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    return page(
        request,
        "help",
        found=queries.help_page(viewer, words, now),
        form=form,
        words=words,
        article_base=article_base(),
        price_of=price_of,
        page_errors=[],
        now=now,
    )


@staff_only
@require_http_methods(_METHODS)
def report(request: HttpRequest) -> HttpResponse:
    """Report a fault in plain words. What is known of its system is shown before it is sent, if it is asked for."""
    viewer, now = looking(request)
    desk = queries.report_desk(viewer, now)
    begin = {"summary": request.GET.get("summary", "").replace("\0", "")[:200]}
    data = request.POST if request.method == "POST" else None
    form = ReportForm(
        data,
        systems=desk.systems,
        categories=desk.categories,
        impacts=desk.impacts,
        urgencies=desk.urgencies,
        begin=begin,
    )
    checking = data is not None and "check" in data
    if data is not None and not checking and form.is_valid():
        try:
            call = _log(viewer, desk, form)
        except Invalid as error:
            _complain(form, error)
        else:
            messages.success(request, f"We have it. Your reference is {call.reference}.")
            return redirect("workplace:desk_mine_one", call.reference)
    if checking:
        form = _unchecked(form, desk, begin)
    entered = form.looked_at
    item = number_of(entered.get("system"))
    return page(
        request,
        "report",
        status=UNPROCESSABLE if form.is_bound else 200,
        form=form,
        council=desk.council,
        outages=outages_at(viewer.council_id, now, needed_by([item]) if item else None),
        articles=queries.articles_for(viewer, entered["summary"]),
        article_base=article_base(),
        page_errors=error_links(form),
        now=now,
    )


def _log(viewer: Viewer, desk: queries.ReportDesk, form: ReportForm) -> Call:
    given = form.cleaned_data
    answers = {
        key: given[key] for key in ("summary", "detail", "category", "impact", "urgency") if given[key]
    }
    return log_call(
        by=viewer,
        council=desk.council,
        kind="incident",
        answers=answers,
        now=timezone.now(),
        submission=given["submission"],
        requester_id=viewer.actor.user_id,
        item_id=number_of(given["system"]),
    )


def _unchecked(form: ReportForm, desk: queries.ReportDesk, begin: dict[str, str]) -> ReportForm:
    """Return the form with what was entered, not judged yet: it was only looked at."""
    fresh = ReportForm(
        None,
        systems=desk.systems,
        categories=desk.categories,
        impacts=desk.impacts,
        urgencies=desk.urgencies,
        begin=begin,
    )
    fresh.initial.update({name: form[name].data for name in form.fields})
    return fresh


def _complain(form: ReportForm, error: Invalid) -> None:
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)


@staff_only
@require_POST
def have_it_too(request: HttpRequest, number: int) -> HttpResponse:
    """Say that one has an outage too: that is a call of one's own, which hears what all of them hear."""
    viewer, now = looking(request)
    call = following.have_it_too(by=viewer, outage_id=number, now=now)
    messages.success(request, f"You will hear how it goes. Your reference is {call.reference}.")
    return redirect("workplace:desk_mine_one", call.reference)


def article_base() -> str:
    """Return the address below which articles are read."""
    return reverse("workplace:desk_articles")
