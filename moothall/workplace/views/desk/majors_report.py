"""The report of a major incident: written, voted on, its actions closed, and the text for everybody."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid
from moothall.servicedesk.actions import lessons, publishing, reviewing
from moothall.servicedesk.models import Major
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import lessons as promised
from moothall.servicedesk.queries import majors as queries
from moothall.servicedesk.queries import publishing as published
from moothall.workplace.forms.desk.majors import complain
from moothall.workplace.forms.desk.reviews import (
    ActionForm,
    CloseActionForm,
    PublicForm,
    PublishForm,
    ReportForm,
    VoteForm,
)
from moothall.workplace.queries.desk import majors as pages
from moothall.workplace.queries.desk.majors import RoomPage
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page
from moothall.workplace.views.desk.majors_acts import led

_METHODS = ["GET", "HEAD", "POST"]
_WRITTEN = (Major.State.OPEN, Major.State.RESTORED)


@door(Can.SEE_MAJORS)
@require_safe
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a report; whoever leads writes it here."""
    return show(request, reference)


@door(Can.LEAD_MAJORS)
@require_POST
def keep(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the report as far as it is written, and perhaps send it to review."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = ReportForm(request.POST, items=pages.items(viewer))
    if form.is_valid():
        try:
            reviewing.save_report(
                by=viewer, major_id=major.pk, report=form.report, cause_item_id=form.cause_item_id, now=now
            )
            if request.POST.get("then") != "send":
                messages.success(request, "The report is kept as it stands.")
                return redirect("workplace:desk_major_report", reference)
            reviewing.send_report(by=viewer, major_id=major.pk, now=now)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "The report is with the councils that were hit.")
            return redirect("workplace:desk_major", reference)
    return show(request, reference, form=form, status=UNPROCESSABLE)


def show(
    request: HttpRequest,
    reference: str,
    *,
    form: ReportForm | None = None,
    action: ActionForm | None = None,
    vote: VoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of a report, with what somebody typed if it was refused."""
    viewer, now = looking(request)
    found = pages.room_page(viewer, reference, now)
    writes = found.leads and found.major.state in _WRITTEN
    owners = promised.owners(found.major) if found.leads else ()
    return page(
        request,
        "majors_report",
        status=status,
        found=found,
        room=found.room,
        major=found.major,
        writes=writes,
        form=(form or _begun(found, pages.items(viewer))) if writes else None,
        action=action or ActionForm(owners=[(str(each.pk), str(each)) for each in owners]),
        vote=vote or VoteForm(),
        reports=pages.REPORTS,
        page_errors=[*error_links(form), *error_links(action), *error_links(vote)],
        may_publish=gate.may(viewer, Can.PUBLISH_MAJORS, found.major.council_id),
        now=now,
    )


def _begun(found: RoomPage, items: list[tuple[str, str]]) -> ReportForm:
    major = found.major
    return ReportForm(
        items=items,
        initial={
            "summary": major.summary or pages.begun(found.room),
            "cause": major.cause,
            "cause_item": str(major.cause_item_id or major.item_id or ""),
            "cause_owner": major.cause_owner,
            "root_cause": major.root_cause,
            "went_well": major.went_well,
            "lessons": major.lessons,
        },
    )


@door(Can.REVIEW_MAJORS)
@require_POST
def vote(request: HttpRequest, reference: str) -> HttpResponse:
    """Vote on a report for a council."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    gate.allow(viewer, Can.REVIEW_MAJORS, major.council_id)
    if major.state != Major.State.REVIEW:
        messages.info(request, "This report is not in review any more, so nothing was changed.")
        return redirect("workplace:desk_major_report", reference)
    form = VoteForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            reviewing.vote_on_report(
                by=viewer, major_id=major.pk, choice=given["choice"], text=given["text"], now=now
            )
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "Your council has voted.")
            return redirect("workplace:desk_major_report", reference)
    return show(request, reference, vote=form, status=UNPROCESSABLE)


@door(Can.LEAD_MAJORS)
@require_POST
def add_action(request: HttpRequest, reference: str) -> HttpResponse:
    """Promise an action."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = ActionForm(request.POST, owners=[(str(each.pk), str(each)) for each in promised.owners(major)])
    if form.is_valid():
        given = form.cleaned_data
        try:
            lessons.add_action(
                by=viewer,
                major_id=major.pk,
                text=given["text"],
                owner_id=int(given["owner"]),
                due_on=given["due_on"],
                now=now,
            )
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "The action is promised.")
            return redirect("workplace:desk_major_report", reference)
    return show(request, reference, action=form, status=UNPROCESSABLE)


@door(Can.SEE_MAJORS)
@require_http_methods(_METHODS)
def action(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show an action; its owner, or whoever leads, says that it was done, or why it is dropped."""
    viewer, now = looking(request)
    found, may = pages.action_page(viewer, reference, number)
    form = CloseActionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            if given["how"] == "done":
                lessons.finish_action(by=viewer, action_id=number, text=given["text"], now=now)
            else:
                lessons.drop_action(by=viewer, action_id=number, why=given["text"], now=now)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "That is recorded.")
            return redirect("workplace:desk_major_action", reference, number)
    return page(
        request,
        "majors_action",
        status=UNPROCESSABLE if form.is_bound else 200,
        action=found,
        major=found.major,
        form=form if may and found.done_at is None else None,
        now=now,
    )


@door(Can.LEAD_MAJORS, Can.PUBLISH_MAJORS)
@require_safe
def public(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the report beside its text for everybody."""
    viewer, _ = looking(request)
    major = queries.major_seen(viewer, reference)
    if not gate.may(viewer, Can.PUBLISH_MAJORS, major.council_id):
        gate.allow(viewer, Can.LEAD_MAJORS, major.council_id)
    return _public(request, reference)


@door(Can.LEAD_MAJORS)
@require_POST
def keep_public(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the text for everybody; another person publishes it."""
    viewer, now = looking(request)
    major = led(viewer, reference)
    form = PublicForm(request.POST)
    if form.is_valid():
        try:
            publishing.save_public(by=viewer, major_id=major.pk, text=form.cleaned_data["text"], now=now)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "The text is kept. Somebody else publishes it.")
            return redirect("workplace:desk_major_public", reference)
    return _public(request, reference, form=form, status=UNPROCESSABLE)


def _public(
    request: HttpRequest,
    reference: str,
    *,
    form: PublicForm | None = None,
    publish: PublishForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    proposed = published.proposed(viewer, major, now)
    facts: dict[str, Any] = {
        "major": major,
        "whole": published.whole(viewer, major, now),
        "marks": proposed.marks,
        "left": published.still_there(major.public_text),
        "form": form or PublicForm(initial={"text": major.public_text or proposed.text}),
        "publish": publish or PublishForm(),
        "writes": gate.may(viewer, Can.LEAD_MAJORS, major.council_id),
        "may_publish": gate.may(viewer, Can.PUBLISH_MAJORS, major.council_id),
        "own": major.public_by_id is not None and major.public_by_id == viewer.staff_id,
        "page_errors": [*error_links(form), *error_links(publish)],
        "now": now,
    }
    return page(request, "majors_public", status=status, **facts)


@door(Can.PUBLISH_MAJORS)
@require_POST
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Publish the text for everybody."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            publishing.publish_report(by=viewer, major_id=major.pk, sure=form.cleaned_data["sure"], now=now)
        except Invalid as error:
            complain(form, error)
        else:
            messages.success(request, "The report is published at every council that was hit.")
            return redirect("workplace:desk_major_public", reference)
    return _public(request, reference, publish=form, status=UNPROCESSABLE)


@door(Can.PUBLISH_MAJORS)
@require_POST
def take_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a published report off the public pages."""
    viewer, now = looking(request)
    major = queries.major_seen(viewer, reference)
    publishing.take_back_report(by=viewer, major_id=major.pk, now=now)
    messages.success(request, "The report is not public any more.")
    return redirect("workplace:desk_major_public", reference)
