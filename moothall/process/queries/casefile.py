"""Everything the page of one case shows, fetched at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.prepared import Slot, prepared
from moothall.councils.queries import council_numbered
from moothall.councils.rules import Viewer
from moothall.journal.cursors import QuickCursor
from moothall.plain.errors import NotFound
from moothall.process import circles, rules, store
from moothall.process.circles import OTHERS, WHOLE, Level, Sight
from moothall.process.definition import Outcome
from moothall.process.engine import steps
from moothall.process.engine.state import NEVER, Around, CaseState, StepRun
from moothall.process.models import Attachment, Case, Event
from moothall.process.permissions import Can
from moothall.process.queries import history
from moothall.process.queries.history import Line
from moothall.process.queries.links import Linked, links_of, seen_cases
from moothall.process.queries.wording import in_words

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
    """A step that waits: for whom, until when, what it asks, and why it cannot be finished yet.

    One that is `others` is not there for the viewer: only that something waits, and until when.
    """

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
    others: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step whose turn may still come, and what it waits for."""

    title: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A clock, as it stands. `paused_for` names the steps it waits for while it is paused.

    It has no key, and no page of its own, where what is to be done by then is not there for the viewer.
    """

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
    """The page of one case. `agreement` names the agreement under which the viewer sees it, if any.

    `seen` says what of the case is there for them; everything here keeps to it. `case` does not: it is for rules and
    forms, and none of its answers is shown unless it is in `seen.fields`.
    """

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
    links: Sequence[Linked]
    seen: Sight
    ending: str = ""
    events: Sequence[Event] = ()
    """The newest events as they are kept, the latest first; all of them where there is nothing older."""

    @property
    def level(self) -> Level:
        """How much of the case is there for the viewer."""
        return self.seen.level


def case_id_of(viewer: Viewer, reference: str) -> int:
    """Return the number of the case with this reference; for whom may not see it, it does not exist."""
    rows = gate.narrow(viewer, Can.SEE, Case.objects.filter(reference=reference.upper()))
    found: tuple[int, int, str] | None = rows.values_list("id", "council_id", "circle").first()
    if found is None or not circles.is_there(viewer, *found):
        raise NotFound(what="case")
    return found[0]


def case_file(viewer: Viewer, reference: str, now: datetime, *, whole_history: bool = False) -> CaseFile:
    """Return everything the viewer may see of a case, ready for its page."""
    case, seen = loaded(viewer, reference)
    events = _newest.all(case_id=case.id, most=None if whole_history else HISTORY)
    links = links_of(case)
    others = seen_cases(viewer, {each.other_than(case.id) for each in links} | history.cases_named(events))
    names = _Names(case)
    council = council_numbered(case.council_id)
    return CaseFile(
        case=case,
        council=council,
        agreement=viewer.agreements.get(case.council_id, ""),
        facts=facts_of(case, seen=seen),
        open_steps=[_open_step(seen, case, run, names, now) for run in case.open_steps()],
        ahead=_ahead(case, seen),
        clocks=_promises(case, seen, now),
        history=history.lines(
            case.definition, events, seen, {key: each.reference for key, each in others.items()}
        ),
        older=0 if whole_history else max(0, case.seq - HISTORY),
        attachments=files_of(case, seen),
        links=[
            each.read(case.id, others)
            for each in links
            if seen.level is WHOLE or each.other_than(case.id) in others
        ],
        seen=seen,
        ending=ending_words(case, seen),
        events=events,
    )


@prepared
def _newest(case_id: Slot, *, most: int | None) -> Any:
    return Event.objects.filter(case_id=case_id).select_related("team").order_by("-seq")[:most]


@prepared
def _attached(case_id: Slot) -> Any:
    return Attachment.objects.filter(case_id=case_id)


def loaded(viewer: Viewer, reference: str) -> tuple[CaseState, Sight]:
    """Return the state of a case that the viewer may see, and what of it is there for them.

    Of a case that is there only in part, the line by which it is known in lists is not.
    """
    case = store.load_named(reference.upper())
    if case is None or not gate.may(viewer, Can.SEE, case.council_id):
        raise NotFound(what="case")
    seen = circles.allow(viewer, case)
    if seen.level is not WHOLE:
        case.headline = ""
    return case, seen


def files_of(case: CaseState, seen: Sight) -> list[Attachment]:
    """Return the files of a case that are there for the viewer: those that answer what they may read, and all others.

    Where only a part of the case is there for them, a file that answers nothing is not.
    """
    return [
        each
        for each in _attached.all(case_id=case.id)
        if seen.everything or each.field in seen.fields or (not each.field and seen.level is WHOLE)
    ]


class _Names:
    """The names of the teams and people of a case's open steps, by one query."""

    def __init__(self, case: CaseState) -> None:
        self.teams: dict[int, str] = {}
        self.people: dict[int, str] = {}
        if not case.open_steps():
            return
        with QuickCursor() as cursor:
            cursor.execute(
                "SELECT s.team_id, t.name, s.person_id, u.name FROM process_step s"
                " LEFT JOIN councils_team t ON t.id = s.team_id"
                " LEFT JOIN councils_staff p ON p.id = s.person_id LEFT JOIN identity_user u ON u.id = p.user_id"
                " WHERE s.case_id = %s AND s.current AND s.state = 'open'",
                [case.id],
            )
            for team_id, team, person_id, person in cursor.fetchall():
                self.teams[team_id], self.people[person_id] = team, person


def facts_of(case: CaseState, keys: Sequence[str] | None = None, seen: Sight | None = None) -> list[Fact]:
    """Return the answers in the order of the process, as they are read; with `seen`, those there for a viewer."""
    return [
        Fact(key, each.name, in_words(case.definition, each, case.data[key]), each.private)
        for key, each in case.definition.fields.items()
        if case.data.get(key) is not None
        and (keys is None or key in keys)
        and (seen is None or key in seen.fields)
    ]


def _open_step(seen: Sight, case: CaseState, run: StepRun, names: _Names, now: datetime) -> OpenStep:
    if not seen.step(run.key, run.team_id):
        return _of_others(case, run, now)
    viewer = seen.viewer
    step = case.definition.steps[run.key]
    supervises = gate.may(viewer, Can.SUPERVISE, case.council_id)
    may_act = gate.may(viewer, Can.ACT, case.council_id) and circles.may_do(
        viewer, case, run, seen, supervises=supervises
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
        show=facts_of(case, step.show, None if may_act else seen),
        ask=step.ask,
        why_not=circles.as_told(
            seen, case, step, [each.say for each in steps.unmet(case, step, case.data, place)]
        ),
        outcomes=list(step.outcomes.values()),
        next=step.next,
    )


def _of_others(case: CaseState, run: StepRun, now: datetime) -> OpenStep:
    """Return what is there of a step that is not there for the viewer: its time."""
    due_at = None if run.due_at >= NEVER else run.due_at
    number = list(case.definition.steps).index(run.key)
    return OpenStep(
        key=f"others-{number}",
        title=OTHERS,
        team="",
        team_id=None,
        person="",
        person_id=None,
        mine=False,
        may_act=False,
        asks_requester=False,
        opened_at=run.opened_at,
        due_at=due_at,
        late=due_at is not None and due_at < now,
        show=(),
        ask=(),
        why_not=(),
        outcomes=(),
        next="",
        others=True,
    )


def _no_calendar(name: str) -> Any:
    raise LookupError(f"Looking at a step needs no calendar, yet {name} was asked for.")


def _ahead(case: CaseState, seen: Sight) -> list[Ahead]:
    """Return the steps whose turn may still come, with what each waits for."""
    if case.status == "closed" or seen.level is not WHOLE:
        return []
    titles = {
        key: step.title if seen.step(key) else OTHERS.lower() for key, step in case.definition.steps.items()
    }
    found = []
    for step in case.definition.steps.values():
        run = case.steps.get(step.key)
        if step.on_demand:  # it comes only if somebody calls it, and then it is open
            continue
        if seen.step(step.key) and (run is None or run.state in {"reset", "cancelled"}):
            waits = [titles[key] for key in step.after if not case.settled(key)]
            found.append(Ahead(step.title, ", ".join(waits)))
    return found


def _promises(case: CaseState, seen: Sight, now: datetime) -> list[Promise]:
    found = []
    for run in case.clocks.values():
        clock = case.definition.clocks[run.key]
        if seen.level is not WHOLE and not seen.step(clock.until):
            continue
        waiting = [
            history.step_title(case.definition, key, seen)
            for key in clock.pause
            if (each := case.steps.get(key)) is not None and each.state == "open"
        ]
        found.append(
            Promise(
                key=run.key if seen.step(clock.until) else "",
                title=history.clock_title(case.definition, run.key, seen),
                within=run.within or clock.promised,
                state=run.state,
                started_at=run.started_at,
                due_at=run.due_at,
                late=run.late_at is not None or (run.state == "running" and run.due_at < now),
                paused_for=", ".join(waiting) if run.state == "paused" else "",
                ended_at=run.ended_at,
            )
        )
    return found


def ending_words(case: CaseState, seen: Sight | None = None) -> str:
    """Return how a closed case ended, as its last outcome was called; empty while it is open.

    With `seen`, as far as that is there for a viewer: how work by others ended is not.
    """
    if case.status != "closed":
        return ""
    if seen is not None and seen.level is not WHOLE:
        return "Closed"
    for run in sorted(case.steps.values(), key=lambda each: each.done_at or case.opened_at, reverse=True):
        outcome = case.definition.steps[run.key].outcomes.get(run.outcome)
        if run.state == "done" and outcome is not None and outcome.end == case.ending:
            return outcome.title if seen is None or seen.step(run.key, run.team_id) else "Closed"
    return rules.ENDINGS.get(case.ending) or case.ending.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody else changed since the viewer looked: the events, and the answers as they are now."""

    lines: Sequence[Line]
    theirs: Mapping[str, str]


def what_changed(viewer: Viewer, reference: str, seen: int) -> Difference:
    """Return what happened to a case after its event `seen`, for the page that shows both versions."""
    case, sight = loaded(viewer, reference)
    newest = Event.objects.filter(case_id=case.id, seq__gt=seen).select_related("team").order_by("-seq")
    events = list(newest[:HISTORY])
    changed: dict[str, str] = {}
    for event in events:
        for key in json.loads(event.body).get("answers", {}):
            if key in sight.fields and case.data.get(key) is not None:
                changed[key] = in_words(case.definition, case.definition.fields[key], case.data[key])
    others = {key: each.reference for key, each in seen_cases(viewer, history.cases_named(events)).items()}
    return Difference(history.lines(case.definition, events, sight, others), changed)
