"""Doing one thing to several calls: first what will happen to each, then each by itself, and what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import HouseError, NotFound
from moothall.plain.references import NotAReference, normalise
from moothall.process import queries as process
from moothall.process.models import Case
from moothall.process.queries.people import Receiver
from moothall.servicedesk.actions import joining, working
from moothall.servicedesk.models import Call
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.calls import call_seen, there
from moothall.workplace.forms.desk import calls_bulk as forms
from moothall.workplace.views.answering import UNPROCESSABLE, looking, number_of
from moothall.workplace.views.desk.answering import page

MOST = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """One call that was selected: what will happen to it, or why nothing will, and the event that was seen last."""

    call: Call
    why_not: str
    seen: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one call; `why_not` is empty if it was done."""

    call: Call
    why_not: str


@dataclass(frozen=True, slots=True)
class Together:
    """Who does what to which calls."""

    viewer: Viewer
    now: datetime
    chosen: Sequence[Chosen]

    @property
    def doable(self) -> list[Chosen]:
        return [each for each in self.chosen if not each.why_not]

    @property
    def likely(self) -> list[tuple[str, str]]:
        return [(each.call.reference, f"{each.call.reference} {each.call.headline}") for each in self.chosen]


Run = Callable[[Together, Chosen, Any], Call]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAct:
    """One thing that may be done to several calls."""

    title: str
    says: str
    button: str
    did: str
    form: Callable[[Together, Any], django_forms.Form]
    run: Run


def _take(doing: Together, each: Chosen, _form: Any) -> Call:
    return working.take(by=doing.viewer, call_id=each.call.pk, expected=each.seen, now=doing.now)


def _assign(doing: Together, each: Chosen, form: forms.AssignTogetherForm) -> Call:
    team_id, person_id = form.receiver
    return working.assign(
        by=doing.viewer,
        call_id=each.call.pk,
        team_id=team_id,
        person_id=person_id,
        why=form.cleaned_data["why"],
        expected=each.seen,
        now=doing.now,
    )


def _into(doing: Together, form: forms.IntoForm) -> Call:
    try:
        return call_seen(doing.viewer, normalise(form.reference))
    except NotAReference:
        raise NotFound(what="call") from None


def _merge(doing: Together, each: Chosen, form: forms.MergeTogetherForm) -> Call:
    return joining.merge(
        by=doing.viewer,
        call_id=each.call.pk,
        into_id=_into(doing, form).pk,
        why=form.cleaned_data["why"],
        expected=each.seen,
        now=doing.now,
    )


def _under(doing: Together, each: Chosen, form: forms.UnderTogetherForm) -> Call:
    parent = _into(doing, form)
    return joining.put_under(by=doing.viewer, call_id=each.call.pk, parent_id=parent.pk, now=doing.now)


def _receivers(doing: Together) -> list[Receiver]:
    """Return the teams and people that serve the councils of all the calls."""
    councils = sorted({each.call.council_id for each in doing.doable})
    by_council = [
        {each.team_id: each for each in process.choices_of_receivers(council)} for council in councils
    ]
    if not by_council:
        return []
    first, *others = by_council
    return [each for number, each in first.items() if all(number in other for other in others)]


ACTS: Mapping[str, BulkAct] = {
    "take": BulkAct(
        title="Take these calls", says="Each of them becomes yours.", button="Take them", did="taken",
        form=lambda _doing, data: forms.TogetherForm(data), run=_take,
    ),
    "assign": BulkAct(
        title="Assign these calls", says="Each of them goes to the same team or person, with the same words.",
        button="Assign them", did="assigned",
        form=lambda doing, data: forms.AssignTogetherForm(data, receivers=_receivers(doing)), run=_assign,
    ),
    "merge": BulkAct(
        title="Merge these calls into one",
        says="All but the one that goes on end as the same as it. Their users stay informed by that one.",
        button="Merge them", did="merged",
        form=lambda doing, data: forms.MergeTogetherForm(data, likely=doing.likely), run=_merge,
    ),
    "under": BulkAct(
        title="Put these calls under another",
        says="They are then worked on there, for all of them. Each user keeps their own call, at their own council.",
        button="Put them under it", did="put under it",
        form=lambda doing, data: forms.UnderTogetherForm(data, likely=doing.likely), run=_under,
    ),
}  # fmt: skip


@door(Can.WORK)
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Ask whether something is to be done to the selected calls, and do it."""
    viewer, now = looking(request)
    act = ACTS.get(request.POST.get("act", ""))
    back = _back(request)
    doing = Together(viewer, now, _chosen(request, viewer))
    if act is None or not doing.chosen:
        messages.warning(request, "Select the calls first, then choose what is to be done to them.")
        return redirect(back)
    sure = "sure" in request.POST
    form = act.form(doing, request.POST if sure else None)
    if not sure or not doing.doable:
        return _show(request, act, doing, form, back)
    if not form.is_valid() or not _found(doing, form):
        return _show(request, act, doing, form, back, status=UNPROCESSABLE)
    results = [_done(act, doing, each, form) for each in doing.chosen if not _is_target(each, form)]
    failed = [each for each in results if each.why_not]
    done = len(results) - len(failed)
    said = f"{_calls(done)} {'is' if done == 1 else 'are'} {act.did}."
    if not failed:
        messages.success(request, said)
        return redirect(back)
    return page(
        request,
        "bulk_done",
        act=act,
        key=request.POST["act"],
        results=results,
        failed=failed,
        said=said,
        back=back,
    )


def _found(doing: Together, form: django_forms.Form) -> bool:
    """Whether the call that goes on is there; said at its question if not."""
    if not isinstance(form, forms.IntoForm):
        return True
    try:
        _into(doing, form)
    except NotFound:
        form.add_error("other", "We cannot find a call with this reference")
        return False
    return True


def _is_target(each: Chosen, form: django_forms.Form) -> bool:
    """Whether a call is the one that goes on, to which nothing is done."""
    if not isinstance(form, forms.IntoForm):
        return False
    return each.call.reference == normalise(form.reference)


def _done(act: BulkAct, doing: Together, each: Chosen, form: django_forms.Form) -> Result:
    """Do it to one call. What is in the way of one holds none of the others up."""
    if each.why_not:
        return Result(each.call, each.why_not)
    try:
        act.run(doing, each, form)
    except HouseError as error:
        return Result(each.call, error.sentence)
    return Result(each.call, "")


def _chosen(request: HttpRequest, viewer: Viewer) -> list[Chosen]:
    """Return the selected calls that are there for the viewer, with the event of each that was seen last."""
    wanted = [text[:40] for text in request.POST.getlist("call")][:MOST]
    rows = there(viewer).filter(reference__in=wanted).select_related("council", "team", "person__user")
    calls = {each.reference: each for each in rows}
    seqs = dict(Case.objects.filter(id__in=[each.case_id for each in rows]).values_list("id", "seq"))
    found = []
    for reference in dict.fromkeys(wanted):
        if (call := calls.get(reference)) is not None:
            seen = number_of(request.POST.get(f"seen-{reference}"))
            found.append(
                Chosen(call, _why_not(viewer, call), seqs.get(call.case_id, 0) if seen is None else seen)
            )
    return found


def _why_not(viewer: Viewer, call: Call) -> str:
    if not gate.may(viewer, Can.WORK, call.council_id):
        return f"You may see the calls of {call.council.name}, but not work on them."
    if not call.open:
        return f"It is not open any more: {str(call.get_state_display()).lower()}."
    return ""


def _show(
    request: HttpRequest,
    act: BulkAct,
    doing: Together,
    form: django_forms.Form,
    back: str,
    status: int = 200,
) -> HttpResponse:
    return page(
        request,
        "bulk",
        status=status,
        act=act,
        key=request.POST["act"],
        chosen=doing.chosen,
        doable=doing.doable,
        form=form,
        back=back,
        page_errors=error_links(form),
    )


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("back", "")
    queue = reverse("workplace:desk_queue")
    return asked if asked == queue or asked.startswith(f"{queue}?") else queue


def _calls(number: int) -> str:
    return f"{number} call{'' if number == 1 else 's'}"
