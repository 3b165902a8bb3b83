"""What whoever leads a major incident does: lead, call in, tell, say what is away, restore, stand down."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions import majors as actions
from moothall.servicedesk.actions import outages
from moothall.servicedesk.models import Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.queries.outages import outage_seen
from moothall.workplace.forms.desk.majors import (
    CallForm,
    LeadForm,
    RestoreForm,
    TellForm,
    WhyForm,
    complain,
    written,
)
from moothall.workplace.forms.desk.outages import OutageForm
from moothall.workplace.queries.desk import majors as pages
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]
F = TypeVar("F", bound=forms.Form)


def led(viewer: Viewer, reference: str) -> Major:
    """Return a major incident that the viewer may lead."""
    major = queries.major_seen(viewer, reference)
    gate.allow(viewer, Can.LEAD_MAJORS, major.council_id)
    return major


def act(  # noqa: PLR0913 - each is one thing that the page says
    request: HttpRequest,
    major: Major,
    form: F,
    do: Callable[[F], object],
    *,
    title: str,
    button: str,
    said: str,
    lead: str = "",
    kind: str = "",
    template: str = "majors_act",
) -> HttpResponse:
    """Show a form, or do what it says and go back to the room; what an action refuses stands at its question."""
    if form.is_bound and form.is_valid():
        try:
            do(form)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, said)
            return redirect("workplace:desk_major", major.case.reference)
    return page(
        request,
        template,
        status=UNPROCESSABLE if form.is_bound else 200,
        major=major,
        form=form,
        title=title,
        lead=lead,
        button=button,
        kind=kind,
    )


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def lead(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who leads it, where they meet, and how often users are told."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    able = [(str(each.pk), str(each)) for each in queries.managers(major)]
    own = str(viewer.staff_id) if str(viewer.staff_id) in dict(able) else ""
    form = LeadForm(
        _data(request),
        managers=able,
        initial={
            "manager": str(major.manager_id or own),
            "bridge": major.bridge,
            "every_minutes": major.every_minutes,
        },
    )

    def do(form: LeadForm) -> None:
        given = form.cleaned_data
        actions.lead_major(
            by=viewer,
            major_id=major.pk,
            manager_id=int(given["manager"] or 0) or None,
            bridge=given["bridge"],
            every_minutes=given["every_minutes"],
            now=now,
        )

    title = "Change who leads it" if major.manager_id else "Take the lead"
    return act(request, major, form, do, title=title, button="Save it", said="That is known in the room now.")


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def call(request: HttpRequest, reference: str) -> HttpResponse:
    """Call somebody in."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = CallForm(_data(request), people=queries.to_call(major, now))

    def do(form: CallForm) -> None:
        given = form.cleaned_data
        actions.call_out(
            by=viewer,
            major_id=major.pk,
            staff_id=int(given["staff"] or 0) or None,
            name=given["name"],
            role=given["role"],
            now=now,
        )

    return act(
        request,
        major,
        form,
        do,
        title="Call somebody in",
        lead="Colleagues get an email with the way to this room. Ring them as well.",
        button="Call them in",
        said="They are called. Say here when they have answered.",
    )


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def tell(request: HttpRequest, reference: str) -> HttpResponse:
    """Tell the councils that are hit how it goes."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    told = [
        each for each in queries.told_of(viewer, major) if gate.may(viewer, Can.LEAD_MAJORS, each.council.pk)
    ]
    last = next((each.last.text for each in told if each.last), "")
    form = TellForm(
        _data(request),
        hit=[(str(each.council.pk), each.council.name) for each in told],
        initial={"text": last},
    )

    def do(form: TellForm) -> None:
        actions.tell_councils(by=viewer, major_id=major.pk, texts=form.texts, now=now)

    again = f" They are promised to hear again in {major.every_minutes} minutes." * (
        major.state == Major.State.OPEN
    )
    return act(
        request,
        major,
        form,
        do,
        title="Tell the councils",
        lead=f"It goes to users who reported it or follow it, to service owners, and to self-service.{again}",
        button="Tell them",
        said="They are told.",
    )


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def away(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that a system is away at one more council, or that another system is."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = OutageForm(
        _data(request),
        councils=pages.councils(viewer, Can.LEAD_MAJORS),
        items=pages.items(viewer),
        initial={
            "council": request.GET.get("council", str(major.council_id)),
            "item": str(major.item_id or ""),
            "started_at": written(major.call.logged_at, now),
        },
    )

    def do(form: OutageForm) -> None:
        outages.start_outage(by=viewer, major_id=major.pk, now=now, **form.told)

    return act(
        request,
        major,
        form,
        do,
        title="Say what else is away",
        button="Record it",
        said="It is recorded as away. Its users read of it when they come to report a fault.",
    )


@door(Can.LEAD_MAJORS)
@require_POST
def back(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say that a system is back at one council, while it is away elsewhere; or that it never was away there."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    outage = outage_seen(viewer, number)
    never = request.POST.get("never") == "yes"
    if outage.major_id == major.pk:
        ended = outages.end_outage(
            by=viewer, outage_id=number, ended_at=outage.started_at if never else None, now=now
        )
        words = "was not away" if never else "is back"
        messages.success(request, f"{ended.item.name} {words} at {ended.council.name}.")
    return redirect("workplace:desk_major", reference)


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def restore(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the service is back, and what restored it."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = RestoreForm(_data(request), initial={"at": written(now, now)})

    def do(form: RestoreForm) -> None:
        given = form.cleaned_data
        actions.restore_major(by=viewer, major_id=major.pk, fix=given["fix"], at=given["at"], now=now)

    return act(
        request,
        major,
        form,
        do,
        title="The service is back",
        lead="Outages end, the calls are resolved and their users told, and the report is due in 5 working days.",
        button="It is back",
        said="The service is back. Next: the report.",
    )


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def stand_down(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that it is no major incident."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    missing = "Say why it is no major incident."
    form = WhyForm(_data(request), label="Why is it no major incident?", missing=missing)

    def do(form: WhyForm) -> None:
        actions.stand_down(by=viewer, major_id=major.pk, why=form.cleaned_data["why"], now=now)

    return act(
        request,
        major,
        form,
        do,
        title="Stand it down",
        lead="The call stays as it is. It is watched for 5 working days, and opened again if it comes back.",
        button="Stand it down",
        said="It is stood down.",
        kind="warning",
    )


@door(Can.LEAD_MAJORS)
@require_http_methods(_METHODS)
def again(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that it is back."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = WhyForm(_data(request), label="How do you know?", missing="Say how you know that it is back.")

    def do(form: WhyForm) -> None:
        actions.reopen_major(by=viewer, major_id=major.pk, why=form.cleaned_data["why"], now=now)

    return act(
        request,
        major,
        form,
        do,
        title="It has come back",
        lead="It is led again. What is away is recorded anew.",
        button="Open it again",
        said="It is open again. Say what is away.",
    )
