"""Assignment rules: their order, writing one, and trying them out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError
from moothall.servicedesk.actions import routing as actions
from moothall.servicedesk.actions.routing import Wanted
from moothall.servicedesk.models import AssignmentRule
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import routing as queries
from moothall.servicedesk.rules.routing import Facts, TeamElsewhere
from moothall.workplace.forms.desk.routing import RuleForm, TryForm
from moothall.workplace.forms.desk.setting_up import complain
from moothall.workplace.queries.desk import setting_up
from moothall.workplace.views.answering import UNPROCESSABLE, looking
from moothall.workplace.views.desk.answering import page

_METHODS = ["GET", "HEAD", "POST"]
_EMPTY = {"at_most_priority": 0, "active": False}
_NAMES = ("title", "kind", "category", "channel", "words", "at_most_priority", "pick", "active")


@door(Can.SET_UP)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """List the rules in the order in which they are asked."""
    viewer, _ = looking(request)
    rows = list(queries.rules_to_keep(viewer))
    return page(request, "rules", rules=rows, asks=setting_up.asks)


@door(Can.SET_UP)
@require_safe
def try_out(request: HttpRequest) -> HttpResponse:
    """Show what the rules would do with a call that nobody made."""
    viewer, _ = looking(request)
    form = TryForm(
        request.GET or None,
        councils=setting_up.council_choices(viewer),
        items=setting_up.item_choices(viewer),
    )
    tried = []
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        facts = Facts(
            council_id=given["council"],
            kind=given["kind"],
            item_id=given["item"],
            category=given["category"],
            channel=given["channel"],
            text=given["text"],
            priority=given["priority"],
        )
        tried = queries.tried(viewer, facts)
    return page(
        request,
        "rules_try",
        form=form,
        tried=tried,
        asked=form.is_bound and form.is_valid(),
        decides=next((each.rule for each in tried if each.decides), None),
        page_errors=error_links(form),
    )


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def new(request: HttpRequest) -> HttpResponse:
    """Write a rule; it is asked last until it is moved up."""
    viewer, _ = looking(request)
    return _write(request, viewer, None)


@door(Can.SET_UP)
@require_http_methods(_METHODS)
def change(request: HttpRequest, rule: int) -> HttpResponse:
    """Change a rule; it keeps its place."""
    viewer, _ = looking(request)
    return _write(request, viewer, queries.rule_to_keep(viewer, rule))


def _write(request: HttpRequest, viewer: Viewer, found: AssignmentRule | None) -> HttpResponse:
    _, now = looking(request)
    begin = {name: getattr(found, name) for name in _NAMES} if found else {}
    if found:
        begin |= {"council": found.council_id, "item": found.item_id, "team": found.team_id}
    form = RuleForm(
        request.POST if request.method == "POST" else None,
        councils=setting_up.council_choices(viewer),
        teams=setting_up.team_choices(viewer),
        items=setting_up.item_choices(viewer),
        begin=begin,
    )
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = {name: form.cleaned_data[name] or _EMPTY.get(name, "") for name in _NAMES}
        wanted = Wanted(
            team_id=form.cleaned_data["team"],
            council_id=form.cleaned_data["council"],
            item_id=form.cleaned_data["item"],
            **given,
        )
        try:
            kept = actions.keep_rule(by=viewer, wanted=wanted, now=now, rule_id=found.pk if found else None)
        except TeamElsewhere as error:
            form.add_error("team", error.sentence)
        except HouseError as error:
            complain(form, error)
        else:
            messages.success(request, f"The rule “{kept.title}” is kept.")
            return _to(kept.pk)
    return page(
        request,
        "fill",
        status=UNPROCESSABLE if form.is_bound else 200,
        title="Change this rule" if found else "Write a rule",
        form=form,
        button="Keep it",
        says="What you leave open asks for nothing. All that you name has to hold.",
        back=reverse("workplace:desk_rules"),
        back_text="Back to the rules",
        delete=reverse("workplace:desk_rule_delete", args=[found.pk]) if found else "",
        delete_text="Delete this rule",
        page_errors=error_links(form),
    )


@door(Can.SET_UP)
@require_POST
def move(request: HttpRequest, rule: int) -> HttpResponse:
    """Move a rule one place up or down."""
    viewer, now = looking(request)
    moved = actions.move_rule(by=viewer, rule_id=rule, up=request.POST.get("way") == "up", now=now)
    messages.success(request, f"“{moved.title}” is moved.")
    return _to(moved.pk)


@door(Can.SET_UP)
@require_POST
def delete(request: HttpRequest, rule: int) -> HttpResponse:
    """Delete a rule."""
    viewer, now = looking(request)
    actions.delete_rule(by=viewer, rule_id=rule, now=now)
    messages.success(request, "The rule is deleted. Calls that it sent on stay where they are.")
    return redirect("workplace:desk_rules")


def _to(number: int) -> HttpResponse:
    """Go back to the list, to the rule that was in hand."""
    return redirect(f"{reverse('workplace:desk_rules')}#rule-{number}")
