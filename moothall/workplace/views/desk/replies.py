"""Canned replies: the list, and writing one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import replies as actions
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import replies as queries
from moothall.workplace.forms.desk.helping import ReplyForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk.setting_up import team_choices
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]


@door(Can.WRITE_ARTICLES)
@require_safe
def replies(request: HttpRequest) -> HttpResponse:
    """List the replies that the viewer may change."""
    viewer, _ = looking(request)
    return page(request, "replies", replies=list(queries.to_keep(viewer)))


@door(Can.WRITE_ARTICLES)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Write a reply."""
    return _write(request, None)


@door(Can.WRITE_ARTICLES)
@require_http_methods(_METHODS)
def change(request: HttpRequest, reply: int) -> HttpResponse:
    """Change a reply."""
    return _write(request, reply)


def _write(request: HttpRequest, number: int | None) -> HttpResponse:
    viewer, now = looking(request)
    found = queries.reply_to_keep(viewer, number) if number is not None else None
    begin = {"team": found.team_id, "title": found.title, "text": found.text} if found else {}
    teams = team_choices(viewer, Can.WRITE_ARTICLES)
    form = ReplyForm(request.POST if request.method == "POST" else None, teams=teams, begin=begin)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.write_reply(
                by=viewer,
                team_id=given["team"],
                title=given["title"],
                text=given["text"],
                now=now,
                reply_id=number,
            )
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, f"“{given['title']}” is kept.")
            return redirect("workplace:desk_replies")
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Change this reply" if found else "Write a reply",
        form=form,
        button="Keep it",
        back=reverse("workplace:desk_replies"),
        back_text="Back to canned replies",
        delete=reverse("workplace:desk_reply_delete", args=[found.pk]) if found else "",
        delete_text="Delete this reply",
        page_errors=error_links(form),
    )


@door(Can.WRITE_ARTICLES)
@require_POST
def delete(request: HttpRequest, reply: int) -> HttpResponse:
    """Delete a reply."""
    viewer, now = looking(request)
    actions.delete_reply(by=viewer, reply_id=reply, now=now)
    messages.success(request, "The reply is deleted.")
    return redirect("workplace:desk_replies")
