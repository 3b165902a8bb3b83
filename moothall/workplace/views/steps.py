"""Doing a step: finish it, take it, put it back, pass it on. Whoever comes second sees both versions.

Whoever has done their part comes to the page on which the case is shown; whoever goes on with it stays on its own page.
"""

from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from moothall.councils import gate
from moothall.councils.doors import door
from moothall.plain.errors import HouseError, Invalid, NotFound, Stale
from moothall.process import actions as process
from moothall.process import queries
from moothall.process.definition import Step
from moothall.process.errors import NotYet, NotYourStep
from moothall.process.permissions import Can
from moothall.workplace import actions, whose
from moothall.workplace.forms.steps import PassOnForm, VoteForm
from moothall.workplace.forms.typing import EXPECTED, sent
from moothall.workplace.queries import cases
from moothall.workplace.queries.cases import CasePage
from moothall.workplace.queries.desk.shown import page_of
from moothall.workplace.views import casepage
from moothall.workplace.views.answering import looking, number_of, page
from moothall.workplace.views.casepage import Panel, Posted, Sent
from moothall.workplace.views.expired import losing_nothing

UNPROCESSABLE, CONFLICT = 422, 409
_NO_VOTE = "This step is not decided by a vote."


@losing_nothing
@door(Can.ACT)
@require_POST
def finish(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Finish a step with its answers and its outcome."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    asked = _step(found, step)
    panel = _panel(request, found, step)
    if panel is None:
        seen = number_of(request.POST.get(f"{step}-{EXPECTED}")) or 0
        return _stale(request, reference, asked, seen=seen, typed=True)
    if panel.answers is None or panel.decide is None:
        raise NotYourStep(title=asked.title, who=queries.who_does(asked, panel.waiting.step.team_id))
    checked = [form.is_valid() for form in panel.forms]  # each, so that everything wrong is said at once
    good = all(checked)
    files = panel.answers.keep_files() if good else {}
    if not good or panel.answers.errors:
        return casepage.show(request, reference, Sent(panel=panel), status=UNPROCESSABLE)
    expected, outcome, text = panel.decide.decided()
    try:
        actions.finish_step(
            by=viewer,
            case_id=found.file.case.id,
            step=step,
            expected=expected,
            answers=panel.answers.answers(files),
            files=files,
            outcome=outcome,
            text=text,
            now=now,
            waived=panel.waive.waived() if panel.waive else {},
        )
    except Stale:
        return _stale(request, reference, asked, seen=expected, typed=True)
    except NotYet as error:
        return _refused(request, reference, panel, error.reasons)
    except Invalid as error:
        return _invalid(request, reference, panel, error)
    said = asked.outcomes[outcome].title if outcome in asked.outcomes else ""
    messages.success(request, f"“{asked.title}” is done: {said}.")
    return redirect(page_of(viewer, found.file.case))


@losing_nothing
@door(Can.ACT)
@require_POST
def vote(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Cast a vote, or change one's own."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    asked = _step(found, step)
    panel = _panel(request, found, step)
    if panel is None:
        seen = number_of(request.POST.get(f"{step}-{EXPECTED}")) or 0
        return _stale(request, reference, asked, seen=seen, typed=True)
    if panel.vote is None:
        messages.warning(request, panel.waiting.ballot.why_not if panel.waiting.ballot else _NO_VOTE)
        return redirect("workplace:case", reference)
    if not panel.vote.is_valid():
        return casepage.show(request, reference, Sent(panel=panel), status=UNPROCESSABLE)
    given = panel.vote.cleaned_data
    expected = given[EXPECTED] or 0
    try:
        case = actions.vote(
            by=viewer,
            case_id=found.file.case.id,
            step=step,
            expected=expected,
            choice=given["choice"],
            text=given["text"],
            now=now,
        )
    except Stale:
        return _stale(request, reference, asked, seen=expected, typed=True)
    except (NotYet, Invalid) as error:
        return _not_voted(request, reference, panel, panel.vote, error)
    run = case.steps[step]
    said = f" “{asked.title}” is decided: {asked.outcomes[run.outcome].title}." if run.state == "done" else ""
    messages.success(request, f"Your vote is in.{said}")
    return redirect(page_of(viewer, case))


def _not_voted(
    request: HttpRequest, reference: str, panel: Panel, form: VoteForm, error: NotYet | Invalid
) -> HttpResponse:
    wrong = {"": error.reasons} if isinstance(error, NotYet) else error.fields or {"": [error.sentence]}
    for key, sentences in wrong.items():
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)
    return casepage.show(request, reference, Sent(panel=panel), status=error.status)


def _step(found: CasePage, key: str) -> Step:
    asked = cases.step_there(found, key)
    if asked is None:
        raise NotFound(what="step")
    return asked


def _panel(request: HttpRequest, found: CasePage, step: str) -> Panel | None:
    """Return the step as it was sent, if it still waits to be done."""
    viewer, now = looking(request)
    waiting = next((each for each in found.waiting if each.step.key == step), None)
    if waiting is None:
        return None
    return casepage.panel_for(viewer, found, waiting, now, Posted(request.POST, request.FILES))


def _refused(request: HttpRequest, reference: str, panel: Panel, reasons: list[str]) -> HttpResponse:
    assert panel.decide is not None
    for reason in reasons:
        panel.decide.add_error(None, reason)
    if panel.waive is not None:
        panel.waive.show(reasons)
    return casepage.show(request, reference, Sent(panel=panel), status=CONFLICT)


def _invalid(request: HttpRequest, reference: str, panel: Panel, error: Invalid) -> HttpResponse:
    assert panel.answers is not None
    assert panel.decide is not None
    for key, sentences in (error.fields or {"": [error.sentence]}).items():
        form = next((each for each in panel.forms if key in each.fields), panel.decide)
        for sentence in sentences:
            form.add_error(key if key in form.fields else None, sentence)
    return casepage.show(request, reference, Sent(panel=panel), status=error.status)


def _stale(
    request: HttpRequest, reference: str, asked: Step, *, seen: int, typed: bool = False
) -> HttpResponse:
    """Show both versions: what happened meanwhile, and what was typed, ready to be sent again or left."""
    viewer, now = looking(request)
    fresh = cases.case_page(viewer, reference, now)
    if not typed:
        changed = casepage.changed_since(viewer, fresh, asked, seen)
        return casepage.show(request, reference, Sent(changed=changed), status=CONFLICT)
    _keep_typed(request, fresh, asked.key, seen)
    fresh = cases.case_page(viewer, reference, now)
    data = request.POST.copy()
    data[f"{asked.key}-{EXPECTED}"] = str(fresh.file.case.seq)
    forms = casepage.forms_for(viewer, fresh, asked, now, Posted(data, request.FILES))
    waiting = next((each for each in fresh.waiting if each.step.key == asked.key and each.step.may_act), None)
    posted = Posted(data, request.FILES)
    panel = casepage.panel_for(viewer, fresh, waiting, now, posted) if waiting else None
    changed = casepage.changed_since(viewer, fresh, asked, seen, forms)
    return casepage.show(request, reference, Sent(panel=panel, changed=changed), status=CONFLICT)


def _keep_typed(request: HttpRequest, found: CasePage, step: str, seen: int) -> None:
    """Keep what was sent and could not be taken, so that it is still there whatever its writer does next."""
    viewer, now = looking(request)
    owner = whose.read(request.POST.get("whose", ""))
    run = found.file.case.steps.get(step)
    former = owner.run if owner is not None and run is not None and run.state != "open" else None
    with suppress(HouseError):
        process.keep_typing(
            by=viewer,
            case_id=found.file.case.id,
            step=step,
            run=former,
            fields=sent(request.POST, step),
            seen=seen,
            now=now,
        )


def _act(
    request: HttpRequest, reference: str, step: str, act: Callable[..., object], done: str
) -> HttpResponse:
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    asked = _step(found, step)
    seen = number_of(request.POST.get(EXPECTED)) or 0
    try:
        act(by=viewer, case_id=found.file.case.id, step=step, expected=seen, now=now)
    except Stale:
        return _stale(request, reference, asked, seen=seen)
    messages.success(request, done.format(step=asked.title))
    return redirect("workplace:case", reference)


@door(Can.TAKE)
@require_POST
def take(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Take a step as one's own work."""
    return _act(request, reference, step, process.take, "“{step}” is yours.")


@door(Can.TAKE)
@require_POST
def put_back(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Give a step back to its team."""
    return _act(request, reference, step, process.put_back, "“{step}” is back with the team.")


@door(Can.PASS_ON)
@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Pass a step to another team, or to a person, saying why."""
    viewer, now = looking(request)
    found = cases.case_page(viewer, reference, now)
    asked, case = _step(found, step), found.file.case
    gate.allow(viewer, Can.PASS_ON, case)
    receivers = queries.choices_of_receivers(case.council_id)
    form = PassOnForm(request.POST or None, receivers=receivers, initial={EXPECTED: case.seq})
    changed, status = None, 200
    if form.is_bound and form.is_valid():
        team_id, person_id = form.receiver()
        seen = form.cleaned_data[EXPECTED] or 0
        try:
            process.pass_on(
                by=viewer,
                case_id=case.id,
                step=step,
                expected=seen,
                now=now,
                team_id=team_id,
                person_id=person_id,
                why=form.cleaned_data["why"],
            )
        except Stale:
            changed, status = casepage.changed_since(viewer, found, asked, seen), CONFLICT
            data = request.POST.copy()
            data[EXPECTED] = str(case.seq)
            form = PassOnForm(data, receivers=receivers)
        else:
            messages.success(request, f"“{asked.title}” is passed on.")
            return redirect(page_of(viewer, case))
    elif form.is_bound:
        status = UNPROCESSABLE
    return page(
        request,
        "pass_on",
        status=status,
        found=found,
        case=case,
        asked=asked,
        form=form,
        changed=changed,
        now=now,
    )
