"""One case as its page shows it: what the engine knows, with forms' facts, due words and the post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from moothall.councils import gate
from moothall.councils.models import Team
from moothall.councils.queries import calendar_of
from moothall.councils.rules import Viewer
from moothall.messages.models import Message
from moothall.messages.queries import correspondence
from moothall.persons.permissions import Can as PersonsCan
from moothall.persons.queries.cases import Whose, whose_case
from moothall.plain.errors import NotFound
from moothall.plain.working_time import Calendar
from moothall.process import kinds
from moothall.process import queries as process
from moothall.process.circles import OTHERS, UNSEEN, WHOLE, Sight
from moothall.process.definition import Step
from moothall.process.engine import steps
from moothall.process.engine.state import NEVER, CaseState, facts, signature
from moothall.process.models import Attachment
from moothall.process.permissions import Can
from moothall.process.queries.casefile import CaseFile, OpenStep, Promise, files_of, loaded
from moothall.process.queries.history import Line
from moothall.process.queries.typing import Typed
from moothall.requests import rules as requests
from moothall.requests import tokens
from moothall.requests.models import Request
from moothall.requests.queries import requester_of
from moothall.workplace import rules
from moothall.workplace.queries.approving import with_terms
from moothall.workplace.queries.ballots import Ballot, ballot
from moothall.workplace.queries.origins import Answer, answers_of, origins_of
from moothall.workplace.queries.waiting import Need, later, waits, waivable
from moothall.workplace.rules import Due

NOTES = frozenset({"noted", "wrote"})
DECISIONS = frozenset({"started", "done", "ended", "passed_on", "taken", "put_back"})
SHOWN: Mapping[str, frozenset[str]] = {"notes": NOTES, "decisions": DECISIONS}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open step with its due time in words, and what would allow each outcome that is closed so far.

    `ballot` is how it stands if it is decided by a vote; `waits` says what time does with it; `needs` are those that
    the viewer may go on without.
    """

    step: OpenStep
    due: Due
    closed: Mapping[str, str]
    ballot: Ballot | None = None
    waits: Sequence[str] = ()
    needs: Sequence[Need] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A clock with how it stands, in words."""

    promise: Promise
    due: Due
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the page of one case shows. `contact` is how the person who asked can be reached.

    `whose` says whom of the register it is about, to those who may see people.

    `typing` is what the viewer has typed and not sent, and what others have typed into steps that the viewer may do.
    """

    file: CaseFile
    due: Due
    waiting: Sequence[Waiting]
    clocks: Sequence[Kept]
    history: Sequence[Line]
    letters: Sequence[Message]
    typing: Sequence[Typed]
    answers: Sequence[Answer]
    origins: Mapping[str, str]
    later: Sequence[str]
    contact: Request | None
    phone: str
    whose: Whose | None
    may_put: bool
    may_note: bool
    may_take: bool
    may_pass_on: bool
    may_write: bool
    may_end: bool
    may_link: bool
    in_part: str


def case_page(viewer: Viewer, reference: str, now: datetime, *, show: str = "") -> CasePage:
    """Return the page of a case; `show` is “all”, “notes” or “decisions” of its history."""
    file = process.case_file(viewer, reference, now, whole_history=bool(show))
    case = file.case
    calendar = calendar_of(case.council_id)
    seen = facts(case, now)
    wanted = SHOWN.get(show)
    whole = file.level is WHOLE
    contact = requester_of(case.id) if whole else None
    return CasePage(
        file=file,
        due=_due_of_case(case, now, calendar),
        waiting=[
            _waiting(viewer, file, step, rules.due_of(step.due_at, now, calendar), seen, now)
            for step in with_terms(file)
        ],
        answers=answers_of(file, now),
        origins=origins_of(file, now),
        later=later(case, file.seen),
        clocks=[_kept(promise, now, calendar) for promise in file.clocks],
        history=_shortened(
            file.history if wanted is None else [line for line in file.history if line.kind in wanted]
        ),
        letters=_letters(case.id) if whole else (),
        typing=process.typing(viewer, case, _shared(file)),
        contact=contact,
        phone=kinds.words(requests.PHONE, contact.phone) if contact and contact.phone else "",
        whose=whose_case(viewer, case.id, case.council_id) if whole else None,
        may_put=whole and gate.may(viewer, PersonsCan.CHANGE, case.council_id),
        may_note=whole and gate.may(viewer, Can.NOTE, case.council_id),
        may_take=gate.may(viewer, Can.TAKE, case.council_id),
        may_pass_on=gate.may(viewer, Can.PASS_ON, case.council_id),
        may_write=contact is not None and gate.may(viewer, Can.WRITE, case.council_id),
        may_link=whole and gate.may(viewer, Can.NOTE, case.council_id),
        in_part="" if whole else _keepers(case),
        may_end=whole and case.status == "open" and gate.may(viewer, Can.END, case.council_id),
    )


def _shortened(history: Sequence[Line]) -> list[Line]:
    """Return the history with one line for each run of work by others: of it there is nothing else to be read."""
    found: list[Line] = []
    for unseen, lines in groupby(history, key=lambda line: line.sentence.startswith(OTHERS)):
        run = list(lines)
        if unseen and len(run) > 1:
            run = [replace(run[0], kind="others", sentence=f"{OTHERS} ({len(run)} entries)")]
        found += run
    return found


def _keepers(case: CaseState) -> str:
    """Return the teams for which a case is wholly there, in words: those whom to ask."""
    names = Team.objects.filter(councils=case.council_id, function__in=case.circle.split()).order_by("name")
    found = list(names.values_list("name", flat=True)) or [case.definition.owner.replace("-", " ")]
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}"


def _shared(file: CaseFile) -> set[str]:
    """Return the open steps in which the viewer sees what others type: those they may do, but nobody's ballot paper."""
    steps = file.case.definition.steps
    return {each.key for each in file.open_steps if each.may_act and steps[each.key].vote is None}


def _waiting(
    viewer: Viewer, file: CaseFile, step: OpenStep, due: Due, seen: Mapping[str, Any], now: datetime
) -> Waiting:
    """Return an open step with all that its page says of it; of work by others nothing but its time."""
    closed = _closed(file.case, step, seen, file.seen)
    if step.others:
        return Waiting(step, due, closed)
    run, asked = file.case.steps[step.key], file.case.definition.steps[step.key]
    return Waiting(
        step,
        due,
        closed,
        ballot(viewer, file.case, run, now) if asked.vote else None,
        waits(file.case, asked, run, file.seen),
        waivable(viewer, file.case, asked, step, file.seen),
    )


def _letters(case_id: int) -> list[Message]:
    """Return the correspondence as staff read it: the resident's own secret link is not theirs to use."""
    letters = list(correspondence(f"case:{case_id}"))
    for letter in letters:
        letter.body = tokens.hidden(letter.body)
    return letters


def step_of(page: CasePage, key: str) -> OpenStep | None:
    """Return the open step of this key, if the case still waits for it."""
    return next((each.step for each in page.waiting if each.step.key == key), None)


def step_there(page: CasePage, key: str) -> Step | None:
    """Return a step of the process, if it is there for the viewer."""
    run, step = page.file.case.steps.get(key), page.file.case.definition.steps.get(key)
    return step if step and page.file.seen.step(key, run.team_id if run else None) else None


def held(page: CasePage, step: Step) -> dict[str, Any]:
    """Return the answers that a step's form may begin with: what the viewer reads, and all of a step they may do."""
    waiting = step_of(page, step.key)
    all_of_it = waiting is not None and waiting.may_act
    return {
        key: value
        for key, value in page.file.case.data.items()
        if key in page.file.seen.fields or (all_of_it and key in step.ask)
    }


def own_typing(page: CasePage, key: str) -> Typed | None:
    """Return what the viewer has typed into the open run of a step."""
    run = page.file.case.steps.get(key)
    if run is None or run.state != "open":
        return None
    mine = (each for each in page.typing if each.mine and each.step == key and each.run == run.run)
    return next(mine, None)


@dataclass(frozen=True, slots=True)
class Left:
    """What the viewer typed into a step and never sent, which does not wait any more, or waits anew.

    It may become a note, unless the step is for few eyes.
    """

    typed: Typed
    title: str
    again: bool
    as_note: bool


def as_note(page: CasePage, key: str) -> bool:
    """Say whether what the viewer typed into a step may become a note, which everybody who sees the case reads."""
    return page.may_note and not page.file.case.definition.steps[key].circle


def left_typing(page: CasePage) -> list[Left]:
    """Return what the viewer typed and cannot send any more as it is."""
    steps = page.file.case.definition.steps
    doable = {each.step.key for each in page.waiting if each.step.may_act}
    return [
        Left(each, steps[each.step].title, again=each.step in doable, as_note=as_note(page, each.step))
        for each in page.typing
        if each.mine and each.step in steps and own_typing(page, each.step) != each
    ]


def known_to(viewer: Viewer, case: CaseState, step: str, now: datetime) -> dict[str, Any]:
    """Return what the rules of a step's questions may ask about when this viewer is about to do it."""
    return facts(case, now, None, **{step: signature(viewer.actor)})


def attachment(viewer: Viewer, reference: str, number: int) -> Attachment:
    """Return a file of a case that the viewer may see."""
    found = next((each for each in files_of(*loaded(viewer, reference)) if each.pk == number), None)
    if found is None:
        raise NotFound(what="file")
    return found


def _closed(case: CaseState, step: OpenStep, seen: Mapping[str, Any], sight: Sight) -> dict[str, str]:
    """Return, for outcomes that hang on answers from before, what is still in the way of each."""
    found = {}
    for outcome in step.outcomes:
        reasons = steps.why_not(case, outcome.when, seen)
        if sight.hides(outcome.when, case.definition):
            reasons = reasons and [UNSEEN]
        if reasons:
            found[outcome.key] = " ".join(reasons)
    return found


def _due_of_case(case: CaseState, now: datetime, calendar: Calendar) -> Due:
    if case.status == "closed" or case.due_at >= NEVER:
        return rules.NO_DUE
    return rules.due_of(case.due_at, now, calendar)


_ENDED = {"met": "Kept", "missed": "Missed", "stopped": "Not needed any more"}


def _kept(promise: Promise, now: datetime, calendar: Calendar) -> Kept:
    if promise.state == "paused":
        due = Due("none", "")
        return Kept(promise, due, "paused", f"stands still, waiting for “{promise.paused_for}”")
    if promise.state == "running":
        due = rules.due_of(promise.due_at, now, calendar)
        return Kept(promise, due, due.state, due.words)
    return Kept(
        promise, Due("none", ""), "late" if promise.state == "missed" else "done", _ENDED[promise.state]
    )
