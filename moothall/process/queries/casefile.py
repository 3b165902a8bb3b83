"""Everything the page of one case shows, fetched at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils import gate
from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import kinds, rules, store
from moothall.process.definition import Outcome
from moothall.process.engine import steps
from moothall.process.engine.state import NEVER, Around, CaseState, StepRun
from moothall.process.models import Attachment, Case, Event
from moothall.process.permissions import Can
from moothall.process.queries import history
from moothall.process.queries.history import Line

HISTORY = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer, as it is read."""

    key: str
    label: str
    words: str
    private: str


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits: for whom, until when, what it asks, and why it cannot be finished yet."""

    key: str
    title: str
    team: str
    team_id: int | None
    person: str
    person_id: int | None
    mine: bool
    may_act: bool
    asks_requester: bool
    opened_at: datetime
    due_at: datetime | None
    late: bool
    show: Sequence[Fact]
    ask: Sequence[str]
    why_not: Sequence[str]
    outcomes: Sequence[Outcome]
    next: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step whose turn may still come, and what it waits for."""

    title: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock, as it stands. `paused_for` names the steps it waits for while it is paused."""

    key: str
    title: str
    within: str
    state: str
    started_at: datetime
    due_at: datetime
    late: bool
    paused_for: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The page of one case. `agreement` names the agreement under which the viewer sees it, if any."""

    case: CaseState
    council: Council
    agreement: str
    facts: Sequence[Fact]
    open_steps: Sequence[OpenStep]
    ahead: Sequence[Ahead]
    clocks: Sequence[Promise]
    history: Sequence[Line]
    older: int
    attachments: Sequence[Attachment]
    ending: str = ""


def case_id_of(viewer: Viewer, reference: str) -> int:
    """Return the number of the case with this reference; for whom may not see it, it does not exist."""
    rows = gate.narrow(viewer, Can.SEE, Case.objects.filter(reference=reference.upper()))
    found: int | None = rows.values_list("id", flat=True).first()
    if found is None:
        raise NotFound(what="case")
    return found


def case_file(viewer: Viewer, reference: str, now: datetime, *, whole_history: bool = False) -> CaseFile:
    """Return everything the viewer may see of a case, ready for its page."""
    case = _loaded(viewer, reference)
    events = Event.objects.filter(case_id=case.id).select_related("team").order_by("-seq")
    lines = history.lines(case.definition, events if whole_history else events[:HISTORY])
    names = _Names(case)
    council = Council.objects.get(pk=case.council_id)
    return CaseFile(
        case=case,
        council=council,
        agreement=viewer.agreements.get(case.council_id, ""),
        facts=facts_of(case),
        open_steps=[_open_step(viewer, case, run, names, now) for run in case.open_steps()],
        ahead=_ahead(case),
        clocks=_promises(case, now),
        history=lines,
        older=0 if whole_history else max(0, case.seq - HISTORY),
        attachments=list(Attachment.objects.filter(case_id=case.id)),
        ending=ending_words(case),
    )


def _loaded(viewer: Viewer, reference: str) -> CaseState:
    """Return the state of a case that the viewer may see."""
    case = store.load(case_id_of(viewer, reference))
    if case is None:
        raise NotFound(what="case")
    return case


class _Names:
    """The names of the teams and people of a case's open steps, by one query each."""

    def __init__(self, case: CaseState) -> None:
        runs = case.open_steps()
        teams = {run.team_id for run in runs if run.team_id is not None}
        people = {run.person_id for run in runs if run.person_id is not None}
        self.teams: dict[int, str] = (
            dict(Team.objects.filter(id__in=teams).values_list("id", "name")) if teams else {}
        )
        self.people: dict[int, str] = (
            dict(Staff.objects.filter(id__in=people).values_list("id", "user__name")) if people else {}
        )


def facts_of(case: CaseState, keys: Sequence[str] | None = None) -> list[Fact]:
    """Return the answers in the order of the process, as they are read."""
    return [
        Fact(key, each.name, kinds.words(each, case.data[key]), each.private)
        for key, each in case.definition.fields.items()
        if case.data.get(key) is not None and (keys is None or key in keys)
    ]


def _open_step(viewer: Viewer, case: CaseState, run: StepRun, names: _Names, now: datetime) -> OpenStep:
    step = case.definition.steps[run.key]
    supervises = gate.may(viewer, Can.SUPERVISE, case.council_id)
    may_act = gate.may(viewer, Can.ACT, case.council_id) and rules.may_do(
        viewer, step, run.team_id, supervises=supervises
    )
    place = Around(now=now, by=viewer.actor, team=lambda _code: None, calendar=_no_calendar)
    due_at = None if run.due_at >= NEVER else run.due_at
    return OpenStep(
        key=run.key,
        title=step.title,
        team=names.teams.get(run.team_id or 0, ""),
        team_id=run.team_id,
        person=names.people.get(run.person_id or 0, ""),
        person_id=run.person_id,
        mine=run.person_id is not None and run.person_id == viewer.staff_id,
        may_act=may_act,
        asks_requester=run.asks_requester,
        opened_at=run.opened_at,
        due_at=due_at,
        late=due_at is not None and due_at < now,
        show=facts_of(case, step.show),
        ask=step.ask,
        why_not=steps.unmet(case, step, case.data, place),
        outcomes=list(step.outcomes.values()),
        next=step.next,
    )


def _no_calendar(name: str) -> Any:
    raise LookupError(f"Looking at a step needs no calendar, yet {name} was asked for.")


def _ahead(case: CaseState) -> list[Ahead]:
    """Return the steps whose turn may still come, with what each waits for."""
    if case.status == "closed":
        return []
    titles = {key: step.title for key, step in case.definition.steps.items()}
    found = []
    for step in case.definition.steps.values():
        run = case.steps.get(step.key)
        if run is None or run.state in {"reset", "cancelled"}:
            waits = [titles[key] for key in step.after if not case.settled(key)]
            found.append(Ahead(step.title, ", ".join(waits)))
    return found


def _promises(case: CaseState, now: datetime) -> list[Promise]:
    found = []
    for run in case.clocks.values():
        clock = case.definition.clocks[run.key]
        waiting = [
            case.definition.steps[key].title
            for key in clock.pause
            if (each := case.steps.get(key)) is not None and each.state == "open"
        ]
        found.append(
            Promise(
                key=run.key,
                title=clock.title,
                within=str(clock.within),
                state=run.state,
                started_at=run.started_at,
                due_at=run.due_at,
                late=run.late_at is not None or (run.state == "running" and run.due_at < now),
                paused_for=", ".join(waiting) if run.state == "paused" else "",
                ended_at=run.ended_at,
            )
        )
    return found


def ending_words(case: CaseState) -> str:
    """Return how a closed case ended, as its last outcome was called; empty while it is open."""
    if case.status != "closed":
        return ""
    for run in sorted(case.steps.values(), key=lambda each: each.done_at or case.opened_at, reverse=True):
        outcome = case.definition.steps[run.key].outcomes.get(run.outcome)
        if run.state == "done" and outcome is not None and outcome.end == case.ending:
            return outcome.title
    return rules.ENDINGS.get(case.ending) or case.ending.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody else changed since the viewer looked: the events, and the answers as they are now."""

    lines: Sequence[Line]
    theirs: Mapping[str, str]


def what_changed(viewer: Viewer, reference: str, seen: int) -> Difference:
    """Return what happened to a case after its event `seen`, for the page that shows both versions."""
    case = _loaded(viewer, reference)
    newest = Event.objects.filter(case_id=case.id, seq__gt=seen).select_related("team").order_by("-seq")
    events = list(newest[:HISTORY])
    changed: dict[str, str] = {}
    for event in events:
        for key in json.loads(event.body).get("answers", {}):
            if key in case.definition.fields and case.data.get(key) is not None:
                changed[key] = kinds.words(case.definition.fields[key], case.data[key])
    return Difference(history.lines(case.definition, events), changed)
