"""Changes that were seen: what waits to be looked at, what each is decided to be, and files of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, NotFound, Refused, Stale
from moothall.servicedesk.actions import triage
from moothall.servicedesk.models import Observed
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import observing as queries
from moothall.workplace.forms.desk.changes import RetrospectiveForm, of_window
from moothall.workplace.forms.desk.observed import VERDICTS, BelongsForm, FileForm, WhyForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import changes as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]
_HOUR = timedelta(hours=1)
_DECISIONS = {"belongs": BelongsForm, "harmless": WhyForm, "unauthorised": WhyForm, "again": WhyForm}


@door(Can.SEE_CHANGES)
@require_safe
def observed(request: HttpRequest) -> HttpResponse:
    """List what was seen changing, those that wait first."""
    viewer, now = looking(request)
    verdict = request.GET.get("verdict", "waiting")
    verdict = verdict if verdict in Observed.Verdict.values else "waiting"
    return page(
        request,
        "observed",
        found=queries.observed(viewer, verdict, number_of(request.GET.get("after")) or 0),
        verdicts=VERDICTS,
        verdict=verdict,
        may_triage=gate.anywhere(viewer, Can.TRIAGE_OBSERVED),
        now=now,
    )


@door(Can.SEE_CHANGES)
@require_safe
def one(request: HttpRequest, observed: int) -> HttpResponse:
    """Show something that was seen, and what it may belong to."""
    return _show(request, observed)


def _show(
    request: HttpRequest,
    number: int,
    *,
    decision: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, now = looking(request)
    found = queries.observed_one(viewer, number)
    given = {decision: form} if form is not None else {}
    shown: dict[str, Any] = {key: given.get(key) or kind(prefix=key) for key, kind in _DECISIONS.items()}
    return page(
        request,
        "observed_one",
        status=status,
        found=found,
        change=queries.change_of(viewer, found),
        near=queries.may_belong_to(viewer, found) if found.verdict == Observed.Verdict.WAITING else (),
        may_triage=gate.may(viewer, Can.TRIAGE_OBSERVED, found.council_id),
        window=pages.window_briefly,
        forms=shown,
        decision=decision,
        page_errors=error_links(form),
        now=now,
    )


@door(Can.TRIAGE_OBSERVED)
@require_POST
def decide(request: HttpRequest, observed: int) -> HttpResponse:
    """Decide what something is: of an approved change, nobody's, harmless; or that somebody looks again."""
    viewer, now = looking(request)
    queries.observed_one(viewer, observed)
    decision = request.POST.get("decision", "")
    if decision not in _DECISIONS:
        return redirect("workplace:desk_observed_one", observed)
    form = _DECISIONS[decision](request.POST, prefix=decision)
    acts: dict[str, Callable[[dict[str, Any]], str]] = {
        "belongs": lambda given: _said(
            triage.belongs_to(
                by=viewer, observed_id=observed, reference=given["reference"], why=given["why"], now=now
            ),
            "It belongs to that change.",
        ),
        "harmless": lambda given: _said(
            triage.nothing_changed(by=viewer, observed_id=observed, why=given["why"], now=now),
            "That is recorded.",
        ),
        "unauthorised": lambda given: (
            "It is unauthorised. Whoever answers for the system has a call about it: "
            f"{_call(triage.unauthorised, viewer, observed, given['why'], now)}."
        ),
        "again": lambda given: _said(
            triage.look_again(by=viewer, observed_id=observed, why=given["why"], now=now), "It waits again."
        ),
    }
    if form.is_valid():
        try:
            said = acts[decision](form.cleaned_data)
        except (Stale, Refused):
            raise
        except NotFound as error:
            if decision != "belongs":
                raise
            form.add_error("reference", error.sentence)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, said)
            return redirect("workplace:desk_observed")
    return _show(request, observed, decision=decision, form=form, status=UNPROCESSABLE)


def _said(_kept: Observed, words: str) -> str:
    return words


def _call(act: Any, viewer: Any, number: int, why: str, now: Any) -> str:
    _, call = act(by=viewer, observed_id=number, why=why, now=now)
    return str(call.reference)


@door(Can.TRIAGE_OBSERVED)
@require_http_methods(_METHODS)
def retrospective(request: HttpRequest, observed: int) -> HttpResponse:
    """Raise the change that should have been raised before."""
    viewer, now = looking(request)
    found = queries.observed_one(viewer, observed)
    gate.allow(viewer, Can.TRIAGE_OBSERVED, found)
    form = RetrospectiveForm(
        request.POST if request.method == "POST" else None,
        councils=[(str(found.council_id), found.council.name)],
        items=pages.item_choices(viewer),
        people=(),
        begin={
            "what": found.what[:200],
            "items": [found.item.code] if found.item else [],
            "reason": f"Seen by {found.source}. Done by: {found.who or 'not known'}.",
            **of_window(found.at, found.at + _HOUR),
        },
    )
    if form.is_bound and form.is_valid():
        try:
            _, change = triage.approve_afterwards(
                by=viewer, observed_id=observed, asked=form.asked, why=form.cleaned_data["why"], now=now
            )
        except (NotFound, Stale, Refused):
            raise
        except HouseError as error:
            complain(form, error, (("starts", "start_time"), ("ends", "end_time")))
        else:
            messages.success(request, f"{change.call.reference} is raised. The board is asked afterwards.")
            return redirect("workplace:desk_change", change.call.reference)
    return page(
        request,
        "estate_fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Approve it afterwards",
        says="This raises an emergency change that was made already. The board votes on it within 48 hours.",
        form=form,
        back=reverse("workplace:desk_observed_one", args=[observed]),
        button="Raise the change",
        page_errors=error_links(form),
    )


@door(Can.TRIAGE_OBSERVED)
@require_http_methods(_METHODS)
def file(request: HttpRequest) -> HttpResponse:
    """Take in a CSV of what was seen."""
    viewer, now = looking(request)
    councils = pages.council_choices(viewer, Can.TRIAGE_OBSERVED)
    posted = request.method == "POST"
    form = FileForm(request.POST if posted else None, request.FILES if posted else None, councils=councils)
    if form.is_bound and form.is_valid() and (text := form.text) is not None:
        given = form.cleaned_data
        try:
            counted = triage.observe_file(
                by=viewer, council_id=given["council"], source=given["source"], text=text, now=now
            )
        except NotFound:
            raise
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(
                request,
                f"{counted.kept} new, of which {counted.matched} belong to an approved change and {counted.waiting}"
                f" wait to be looked at. {counted.known} were known.",
            )
            return redirect("workplace:desk_observed")
    return page(
        request,
        "estate_fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Take in a file",
        says="A CSV with the columns at, item, what and who; or the change log of NetBox as it is exported.",
        form=form,
        back=reverse("workplace:desk_observed"),
        button="Take it in",
        page_errors=error_links(form),
    )
