"""Work that staff start and ask for: choose it, answer its first questions, follow it, answer what waits for them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moothall.councils.doors import door, staff_only
from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.plain.errors import Invalid, NotFound, Stale
from moothall.process import queries
from moothall.process.engine.state import facts, signature
from moothall.process.errors import NotYet
from moothall.process.forms import AnswersForm, OutcomeForm
from moothall.process.permissions import Can
from moothall.process.queries.asking import AskedFile, AskedStep
from moothall.process.queries.typing import Typed
from moothall.workplace import actions
from moothall.workplace.forms.starting import ReplyForm, StartForm
from moothall.workplace.forms.typing import EXPECTED, fill
from moothall.workplace.queries import starting
from moothall.workplace.views import typing
from moothall.workplace.views.answering import looking, page
from moothall.workplace.views.expired import losing_nothing
from moothall.workplace.whose import Whose, signed

UNPROCESSABLE, CONFLICT = 422, 409
_CHANGED = "Something happened since you opened this page. Look at it, then send your answer again: it is still below."


@dataclass(slots=True)
class Asking:
    """The questions of a step and how it turns out, with what is wrong that belongs to no question."""

    answers: AnswersForm
    outcome: OutcomeForm
    step: AskedStep | None = None
    whose: str = ""
    typed: Typed | None = None

    def is_valid(self) -> bool:
        """Check both forms, so that everything wrong is said at once."""
        return all([self.answers.is_valid(), self.outcome.is_valid()])

    def complain(self, error: Invalid | NotYet) -> None:
        """Say what is wrong at the question it is about; what is about none stands at the top."""
        if isinstance(error, NotYet):
            for reason in error.reasons:
                self.outcome.add_error(None, reason)
            return
        for key, sentences in (error.fields or {"": [error.sentence]}).items():
            form = self.answers if key in self.answers.fields else self.outcome
            for sentence in sentences:
                form.add_error(key if key in form.fields else None, sentence)

    @property
    def links(self) -> list[tuple[str, str]]:
        """The errors, with the address of each input."""
        return [*error_links(self.answers), *error_links(self.outcome)]


@door(Can.START)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Choose what to start, and at which council."""
    viewer, _ = looking(request)
    return page(request, "start_choose", desks=starting.desks(viewer))


@door(Can.START)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Ask the questions of the first step, and start the work with the answers."""
    viewer, now = looking(request)
    council = starting.council_for(viewer, code)
    work = starting.work_of(viewer, council, key)
    if work is None:
        messages.info(request, "There is no such work for you to start here. This is what there is.")
        return redirect("workplace:start")
    definition = work.definition
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    outcome = StartForm(data, outcomes=list(definition.first.outcomes.values()))
    answers = AnswersForm(
        data,
        files,
        definition=definition,
        keys=definition.first.ask,
        known={"now": now, definition.first.key: {"by": signature(viewer.actor)}},
        held=starting.of_oneself(viewer, definition),
        needed=definition.first.needed(outcome.chosen),
    )
    answers.one_question = False
    asking = Asking(answers, outcome)
    if data is not None and asking.is_valid():
        kept = answers.keep_files()
        if not answers.errors:
            _, chosen, text = outcome.decided()
            try:
                case = actions.begin(
                    by=viewer,
                    council=council,
                    process=key,
                    answers=answers.answers(kept),
                    files=kept,
                    outcome=chosen,
                    text=text,
                    now=now,
                )
            except (Invalid, NotYet) as error:
                asking.complain(error)
            else:
                messages.success(
                    request, f"“{definition.title}” is started. The reference is {case.reference}."
                )
                return redirect("workplace:asked_one", case.reference)
    return page(
        request,
        "start_fill",
        status=200 if data is None else UNPROCESSABLE,
        council=council,
        work=work,
        asking=asking,
        page_errors=asking.links,
    )


@staff_only
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Show what the viewer asked for, and what of it waits for them."""
    viewer, now = looking(request)
    return page(request, "asked", found=queries.asked_by(viewer), now=now)


@staff_only
@require_safe
def asked_one(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one thing that the viewer asked for, with the questions that wait for them."""
    viewer, _ = looking(request)
    return _show(request, queries.asked(viewer, reference))


@losing_nothing
@staff_only
@require_POST
def reply(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Take the answer to a step that waits for whoever asked."""
    viewer, now = looking(request)
    found = queries.asked(viewer, reference)
    waiting = next((each for each in found.waiting if each.key == step), None)
    if waiting is None:
        if step not in found.case.definition.steps:
            raise NotFound(what="step")
        messages.info(request, "This does not wait for you any more. Nothing was changed.")
        return redirect("workplace:asked_one", reference)
    asking = _asking(request, viewer, found, waiting, request.POST)
    good = asking.is_valid()
    kept = asking.answers.keep_files() if good else {}
    if not good or asking.answers.errors:
        return _show(request, found, asking, status=UNPROCESSABLE)
    expected, chosen, text = asking.outcome.decided()
    try:
        actions.reply(
            by=viewer,
            case_id=found.case.id,
            step=step,
            expected=expected,
            answers=asking.answers.answers(kept),
            files=kept,
            outcome=chosen,
            text=text,
            now=now,
        )
    except Stale:
        return _again(request, reference, step)
    except (Invalid, NotYet) as error:
        asking.complain(error)
        return _show(request, found, asking, status=error.status)
    messages.success(request, "Your answer is sent.")
    return redirect("workplace:asked_one", reference)


@losing_nothing
@staff_only
@require_POST
def keep_reply(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Keep what whoever asked is typing."""
    viewer, _ = looking(request)
    return typing.kept(
        request, queries.asked(viewer, reference).case.id, step, "workplace:asked_one", reference
    )


def _again(request: HttpRequest, reference: str, step: str) -> HttpResponse:
    """Show what is new, with what was typed, ready to be sent again."""
    viewer, _ = looking(request)
    found = queries.asked(viewer, reference)
    messages.warning(request, _CHANGED)
    waiting = next((each for each in found.waiting if each.key == step), None)
    data = request.POST.copy()
    data[f"{step}-{EXPECTED}"] = str(found.case.seq)
    asking = _asking(request, viewer, found, waiting, data) if waiting else None
    return _show(request, found, asking, status=CONFLICT)


def _asking(
    request: HttpRequest, viewer: Viewer, found: AskedFile, step: AskedStep, data: Any = None
) -> Asking:
    _, now = looking(request)
    case = found.case
    outcome = ReplyForm(data, outcomes=step.outcomes, prefix=step.key, initial={EXPECTED: case.seq})
    own = {each.key for each in found.answers}
    answers = AnswersForm(
        data,
        None if data is None else request.FILES,
        definition=case.definition,
        keys=step.ask,
        known=facts(case, now, **{step.key: signature(viewer.actor)}),
        held={key: value for key, value in case.data.items() if key in own},
        needed=case.definition.steps[step.key].needed(outcome.chosen),
        prefix=step.key,
    )
    answers.one_question = False
    run = case.steps[step.key].run
    mine = queries.typing(viewer, case) if data is None else []
    typed = next((each for each in mine if (each.step, each.run) == (step.key, run)), None)
    if typed is not None:
        fill(answers, typed.fields)
        fill(outcome, typed.fields)
    word = signed(Whose(viewer.actor.user_id or 0, case.id, step.key, run))
    return Asking(answers, outcome, step, word, typed)


def _show(
    request: HttpRequest, found: AskedFile, sent: Asking | None = None, *, status: int = 200
) -> HttpResponse:
    viewer, now = looking(request)
    asking = [
        sent if sent and sent.step and sent.step.key == each.key else _asking(request, viewer, found, each)
        for each in found.waiting
    ]
    return page(
        request,
        "asked_one",
        status=status,
        found=found,
        case=found.case,
        asking=asking,
        may_open=starting.may_open(viewer, found.case.reference),
        page_errors=[link for each in asking for link in each.links],
        now=now,
    )
