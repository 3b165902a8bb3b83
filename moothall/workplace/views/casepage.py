"""The page of one case, shown by itself or with what somebody just sent and what was in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from moothall.councils.rules import Viewer
from moothall.look.forms import error_links
from moothall.look.widgets import Checkboxes, Radios
from moothall.process import queries as process
from moothall.process.definition import TIME, Outcome, Step
from moothall.process.forms import AnswersForm
from moothall.process.queries.history import Line
from moothall.process.queries.typing import Typed
from moothall.process.queries.wording import in_words
from moothall.workplace.forms.steps import DecideForm, FileForm, LinkForm, NoteForm, VoteForm, WaiveForm
from moothall.workplace.forms.typing import EXPECTED, fill
from moothall.workplace.queries import cases
from moothall.workplace.queries.cases import CasePage, Waiting
from moothall.workplace.views.answering import looking, page
from moothall.workplace.whose import Whose, signed


@dataclass(frozen=True, slots=True)
class Posted:
    """What a browser sent, as Django holds it; None where nothing was sent."""

    data: Any = None
    files: Any = None


NOT_POSTED = Posted()


@dataclass(frozen=True, slots=True)
class Panel:
    """An open step with the form for what it asks, if the viewer may do it.

    `typed` stands in the form already; `others` are typing there, too. `whose` is the signed word of the form.
    """

    waiting: Waiting
    answers: AnswersForm | None
    decide: DecideForm | None
    pass_on: bool
    typed: Typed | None = None
    others: Sequence[Typed] = ()
    whose: str = ""
    vote: VoteForm | None = None
    waive: WaiveForm | None = None

    @property
    def forms(self) -> list[BaseForm]:
        """The forms of the step, in the order of the page."""
        return [form for form in (self.answers, self.waive, self.decide, self.vote) if form is not None]


@dataclass(frozen=True, slots=True)
class Changed:
    """What somebody else did meanwhile, and what the viewer had typed: both versions, side by side.

    `step` is the title of what they were doing; empty if it was about the whole case.
    """

    lines: Sequence[Line]
    typed: Sequence[tuple[str, str, str]]
    still_open: bool
    step: str
    key: str = ""


@dataclass(slots=True)
class Sent:
    """What was sent to the page and could not be taken as it is; by default, nothing was."""

    panel: Panel | None = None
    note: NoteForm | None = None
    file: FileForm | None = None
    link: LinkForm | None = None
    changed: Changed | None = None


def show(
    request: HttpRequest, reference: str, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    """Show the page of a case."""
    viewer, now = looking(request)
    wanted = request.GET.get("history", "")
    shown = wanted if wanted in {"all", *cases.SHOWN} else ""
    found = cases.case_page(viewer, reference, now, show=shown)
    sent = sent or Sent()
    panels = [_replaced(sent.panel, panel_for(viewer, found, each, now)) for each in found.waiting]
    forms = [form for panel in panels for form in panel.forms]
    forms += [form for form in (sent.note, sent.file, sent.link) if form is not None]
    links = [(text, href or f"#{form.prefix}-not-yet") for form in forms for text, href in error_links(form)]
    return page(
        request,
        "case",
        status=status,
        found=found,
        case=found.file.case,
        panels=panels,
        note=sent.note or NoteForm(),
        upload=sent.file or FileForm(),
        link=sent.link or LinkForm(),
        changed=sent.changed,
        left=cases.left_typing(found),
        page_errors=links,
        shown=shown,
        now=now,
    )


def _replaced(sent: Panel | None, fresh: Panel) -> Panel:
    return sent if sent is not None and sent.waiting.step.key == fresh.waiting.step.key else fresh


def panel_for(
    viewer: Viewer, found: CasePage, waiting: Waiting, now: datetime, posted: Posted = NOT_POSTED
) -> Panel:
    """Return an open step with its forms, filled with what was sent or with what is known."""
    if waiting.ballot is not None:
        return _vote_panel(viewer, found, waiting, posted)
    step = found.file.case.definition.steps.get(waiting.step.key)
    if step is None or not waiting.step.may_act or step.by_time or step.by_other_case:
        return Panel(waiting, None, None, pass_on=False)
    answers, decide = forms_for(viewer, found, step, now, posted)
    decide.hint(waiting.closed)
    typed = None if posted.data else cases.own_typing(found, step.key)
    if typed is not None:
        fill(answers, typed.fields)
        fill(decide, typed.fields)
    return Panel(
        waiting,
        answers,
        decide,
        pass_on=found.may_pass_on,
        typed=typed,
        others=[each for each in found.typing if each.step == step.key and not each.mine],
        whose=word_for(viewer, found, step.key),
        waive=_waive_form(waiting, typed, posted),
    )


def _waive_form(waiting: Waiting, typed: Typed | None, posted: Posted) -> WaiveForm | None:
    if not waiting.needs:
        return None
    form = WaiveForm(posted.data, needs=waiting.needs, prefix=waiting.step.key)
    if typed is not None:
        fill(form, typed.fields)
    return form


def _vote_panel(viewer: Viewer, found: CasePage, waiting: Waiting, posted: Posted) -> Panel:
    """Return a step that is decided by a vote, with the viewer's ballot paper if they may vote."""
    ballot, key = waiting.ballot, waiting.step.key
    assert ballot is not None
    if ballot.why_not:
        return Panel(waiting, None, None, pass_on=False)
    held = {EXPECTED: found.file.case.seq, "choice": ballot.choice, "text": ballot.text}
    vote = VoteForm(
        posted.data, passes=ballot.passes, fails=ballot.fails, ask=ballot.ask, prefix=key, initial=held
    )
    typed = None if posted.data else cases.own_typing(found, key)
    if typed is not None:
        fill(vote, typed.fields)
    return Panel(
        waiting, None, None, pass_on=False, typed=typed, whose=word_for(viewer, found, key), vote=vote
    )


def word_for(viewer: Viewer, found: CasePage, step: str) -> str:
    """Return the signed word that says whose form of a step this is."""
    case = found.file.case
    return signed(Whose(viewer.actor.user_id or 0, case.id, step, case.steps[step].run))


def forms_for(
    viewer: Viewer, found: CasePage, step: Step, now: datetime, posted: Posted = NOT_POSTED
) -> tuple[AnswersForm, DecideForm]:
    """Return the questions of a step and how it turns out, as forms; also of one that is not open any more."""
    case, outcomes = found.file.case, _ways(step)
    chosen = str(posted.data.get(f"{step.key}-outcome", "")) if posted.data else ""
    answers = AnswersForm(
        posted.data,
        posted.files,
        definition=case.definition,
        keys=step.ask,
        known=cases.known_to(viewer, case, step.key, now),
        held=cases.held(found, step),
        needed=step.needed(outcomes[0].key if len(outcomes) == 1 else chosen),
        prefix=step.key,
    )
    answers.one_question = False
    _close_together(answers)
    for key in answers.keys:
        if from_where := found.origins.get(key):
            answers.fields[key].help_text = f"{answers.fields[key].help_text} {from_where}.".strip()
    decide = DecideForm(posted.data, outcomes=outcomes, prefix=step.key, initial={EXPECTED: case.seq})
    return answers, decide


def _ways(step: Step) -> list[Outcome]:
    """Return the outcomes for people to choose from."""
    return [each for each in step.outcomes.values() if each.by != (TIME,)]


def _close_together(form: AnswersForm) -> None:
    """Draw radios and tick boxes small: staff work through many of these pages with a mouse or by keyboard."""
    for each in form.fields.values():
        if isinstance(each.widget, Radios | Checkboxes):
            kind = "radios" if isinstance(each.widget, Radios) else "checkboxes"
            each.widget.attrs["class"] = f"{each.widget.attrs.get('class', '')} govuk-{kind}--small".strip()


def changed_since(
    viewer: Viewer,
    found: CasePage,
    step: Step | None,
    seen: int,
    typed: tuple[AnswersForm, DecideForm] | None = None,
) -> Changed:
    """Return both versions: what happened since the viewer looked, and what they had typed.

    `step` is what they were doing; None if it was about the whole case.
    """
    difference = process.what_changed(viewer, found.file.case.reference, seen)
    rows: list[tuple[str, str, str]] = []
    if typed is not None:
        answers, decide = typed
        answers.is_valid()
        for key in answers.keys:
            value, asked = answers.taken.get(key), answers.definition.fields[key]
            if value is not None:
                rows.append(
                    (asked.name, in_words(answers.definition, asked, value), difference.theirs.get(key, ""))
                )
        if "text" in decide.fields and (text := str(decide["text"].data or "").strip()):
            rows.append((str(decide.fields["text"].label), text, ""))
    still_open = step is not None and cases.step_of(found, step.key) is not None
    title, key = (step.title, step.key) if step else ("", "")
    return Changed(difference.lines, rows, still_open=still_open, step=title, key=key)
