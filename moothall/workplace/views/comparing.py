"""Two versions of a step's answers: one's own typing beside somebody else's, or beside what was finished meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process.actions.notes import NOTE_LENGTH
from moothall.process.definition import Step
from moothall.process.forms import AnswersForm
from moothall.process.queries.typing import Typed
from moothall.workplace.forms import merging
from moothall.workplace.forms.merging import Row, Side
from moothall.workplace.forms.steps import DecideForm
from moothall.workplace.forms.typing import as_data, fill
from moothall.workplace.queries import cases
from moothall.workplace.queries.cases import CasePage
from moothall.workplace.views import casepage
from moothall.workplace.views.casepage import Posted

DONE = "done"


@dataclass(frozen=True, slots=True)
class Versions:
    """Mine and theirs, and where they differ. `open_run` is the run into which the result can go, if there is one."""

    step: Step
    mine: Side
    theirs: Side
    rows: Sequence[Row]
    who: str
    at: datetime | None
    typed: Typed | None
    open_run: int | None


def versions(viewer: Viewer, found: CasePage, key: str, other: str, now: datetime) -> Versions | None:
    """Return the viewer's version of a step beside another: of the account `other`, or what is “done”.

    There is nothing to compare (None) if the viewer may not do the step and has typed nothing there, or if the other
    has sent it or thrown it away meanwhile.
    """
    step, case = cases.step_there(found, key), found.file.case
    waiting = cases.step_of(found, key)
    may = waiting is not None and waiting.may_act
    own = [each for each in found.typing if each.mine and each.step == key]
    typed = cases.own_typing(found, key) or (own[-1] if own else None)
    if step is None:
        raise NotFound(what="step")
    if not (may or typed):
        return None
    answers, decide = casepage.forms_for(viewer, found, step, now)
    mine = held = merging.side(answers, decide)
    if typed is not None:
        mine = merging.side(*_sent(viewer, found, step, typed, now), typed.fields)
        fill(answers, typed.fields)
        fill(decide, typed.fields)
    who, at = "", None
    if other == DONE:
        ways = {name: mine.fields[name] for name in (f"{key}-outcome", f"{key}-text") if name in mine.fields}
        visible = {fact.key for fact in found.file.facts}
        words = {name: text for name, text in held.words.items() if may or name in visible}
        theirs = Side({**held.fields, **ways}, words)
    else:
        them = next((each for each in found.typing if not each.mine and str(each.user_id) == other), None)
        if them is None or not may or them.step != key:
            return None
        theirs = merging.side(*_sent(viewer, found, step, them, now), them.fields)
        who, at = them.name, them.saved_at
    rows = merging.rows(mine, theirs, answers, decide)
    return Versions(step, mine, theirs, rows, who, at, typed, case.steps[key].run if may else None)


def _sent(
    viewer: Viewer, found: CasePage, step: Step, typed: Typed, now: datetime
) -> tuple[AnswersForm, DecideForm]:
    return casepage.forms_for(viewer, found, step, now, Posted(as_data(typed.fields)))


def as_words(viewer: Viewer, found: CasePage, typed: Typed, now: datetime) -> tuple[str, bool]:
    """Return what somebody typed into a step as the text of a note, and whether answers for few eyes are left out."""
    step = found.file.case.definition.steps[typed.step]
    answers, decide = _sent(viewer, found, step, typed, now)
    side = merging.side(answers, decide, typed.fields)
    secret = {key for key in side.words if key in answers.fields and answers.definition.fields[key].secret}
    labels = {bound.name: str(bound.label) for form in (answers, decide) for bound in form}
    said = [f"{labels[key]} {words}" for key, words in side.words.items() if key not in secret]
    head = f"Typed into “{step.title}” and not sent:"
    return "\n".join([head, *said])[:NOTE_LENGTH], bool(secret)
