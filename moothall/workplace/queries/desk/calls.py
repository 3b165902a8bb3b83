"""One call as its page shows it: what the engine knows of its case, in the desk's words, with what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.councils import gate
from moothall.councils.prepared import Slot, prepared
from moothall.councils.rules import Viewer
from moothall.process import circles
from moothall.process import queries as process
from moothall.process.engine.state import NEVER, CaseState
from moothall.process.permissions import Can as ProcessCan
from moothall.process.queries.casefile import CaseFile, Promise
from moothall.process.queries.history import Line
from moothall.servicedesk.errors.calls import NoSuchCall
from moothall.servicedesk.models import Article, Call, Follower, Major
from moothall.servicedesk.models.calls import Ended, Kind, State
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries.articles import suggested
from moothall.servicedesk.queries.suppliers import Nested, nested
from moothall.servicedesk.queries.waves import Progress, progress_of
from moothall.servicedesk.rules import kinds
from moothall.workplace.queries.desk import calls_beside as beside
from moothall.workplace.queries.desk.calls_beside import Brief, Family, SystemSaid
from moothall.workplace.queries.desk.calls_queue import promise
from moothall.workplace.queries.desk.calls_talk import Talk, talk_of
from moothall.workplace.rules import Due

SHORT = 10
_SAID = frozenset({"noted", "wrote", "opened", "started", "pulled", "skipped"})
"""What stands elsewhere on the page, or says only what follows from the rest."""
_SHOWN = frozenset({"summary", "detail", "impact", "urgency", "priority"})
_ENDED = {"met": "Kept", "missed": "Missed", "stopped": "Not needed any more"}
_COLOURS = {
    State.NEW: "orange",
    State.OPEN: "blue",
    State.APPROVAL: "purple",
    State.USER: "teal",
    State.SUPPLIER: "magenta",
    State.RESOLVED: "green",
    State.CLOSED: "grey",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of a call: how it stands, in words."""

    promise: Promise
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Working:
    """What a call needs to be worked on: itself, its case, and what was said. Every act of the desk begins with it."""

    call: Call
    file: CaseFile
    talk: Talk
    may_work: bool
    may_move: bool

    @property
    def case(self) -> CaseState:
        return self.file.case


@dataclass(frozen=True, slots=True)
class CallPage:
    """Everything the page of one call shows."""

    working: Working
    state: str
    colour: str
    waits: str
    due: Due
    why: Sequence[tuple[str, str]]
    clocks: Sequence[Clock]
    history: Sequence[Line]
    older: int
    facts: Sequence[tuple[str, str]]
    system: SystemSaid | None
    others: Sequence[Brief]
    family: Family
    wave: Progress | None
    followers: Sequence[Follower]
    nested: Nested | None
    articles: Sequence[Article]
    may_see_case: bool
    major: str


def working_on(viewer: Viewer, reference: str, now: datetime, *, whole_history: bool = False) -> Working:
    """Return a call that is there for the viewer, with its case and what was said."""
    call = _call(viewer, reference)
    file = process.case_file(viewer, call.reference, now, whole_history=whole_history)
    call.council = file.council
    return Working(
        call=call,
        file=file,
        talk=talk_of(call, file),
        may_work=gate.may(viewer, Can.WORK, call.council_id),
        may_move=gate.may(viewer, Can.MOVE, call.council_id),
    )


@prepared
def _named(reference: Slot, *, reached: frozenset[int] | None) -> Any:
    rows = gate.within(Call.objects.filter(reference=reference), reached)
    return rows.select_related("item", "asked_by")


@prepared
def _followers(call_id: Slot) -> Any:
    return Follower.objects.filter(call_id=call_id).order_by("name", "email")


def _call(viewer: Viewer, reference: str) -> Call:
    """Return a call with its system alone: its council, team and people are known from its case."""
    found: Call | None = _named.first(reference=reference.upper(), reached=gate.reach(viewer, Can.SEE))
    if found is None or not circles.sees(viewer, found.council_id, found.circle):
        raise NoSuchCall
    return found


def call_page(viewer: Viewer, reference: str, now: datetime, *, everything: bool) -> CallPage:
    """Return the page of a call."""
    working = working_on(viewer, reference, now, whole_history=everything)
    call, file = working.call, working.file
    family = beside.family_of(viewer, call)
    history = file.history if everything else [line for line in file.history if line.kind not in _SAID]
    return CallPage(
        working=working,
        state=_state(call),
        colour=_COLOURS[State(call.state)],
        waits=_waits(working, mine=call.person_id is not None and call.person_id == viewer.staff_id),
        due=promise(None if call.due_at >= NEVER or not call.open else call.due_at, now),
        why=[
            (each.label, each.words)
            for each in file.facts
            if each.key in {"impact", "urgency"} and call.priority
        ],
        clocks=[_clock(each, now) for each in file.clocks],
        history=history if everything else history[:SHORT],
        older=0 if everything else max(0, len(history) - SHORT) + file.older,
        facts=[(each.label, each.words) for each in file.facts if each.key not in _SHOWN],
        system=beside.system_of(viewer, call, now),
        others=beside.others_of_user(viewer, call),
        family=family,
        wave=progress_of(viewer, call, now) if family.children else None,
        followers=_followers.all(call_id=call.pk),
        nested=nested(call, now) if "supplier" in file.case.steps else None,
        articles=suggested(viewer, call) if working.may_work and call.open else (),
        may_see_case=gate.may(viewer, ProcessCan.SEE, call.council_id),
        major=_major(viewer, call),
    )


def _major(viewer: Viewer, call: Call) -> str:
    """Return the reference of the major incident that a call is or has become; only the most urgent ask."""
    if not gate.may(viewer, Can.SEE_MAJORS, call.council_id):
        return ""
    if call.kind == Kind.MAJOR:
        return call.reference
    if call.priority != kinds.HIGHEST:
        return ""
    found = Major.objects.filter(call_id=call.pk).values_list("case__reference", flat=True).first()
    return str(found or "")


def _state(call: Call) -> str:
    if call.state == State.CLOSED and call.ended:
        return f"Closed: {Ended(call.ended).label.lower()}"
    return State(call.state).label


def _waits(working: Working, *, mine: bool) -> str:
    """Return what a call waits for and who has it, in a sentence."""
    call = working.call
    team, person = next(
        ((each.team, each.person) for each in working.file.open_steps if each.team_id == call.team_id),
        ("", ""),
    )
    whose = f"{person} has it, in {team}." if person and team else f"{person or team} has it."
    nobody = f"Nobody in {team} has taken it yet." if team else "Nobody has taken it yet."
    has = "You have it." if mine else whose if person else nobody
    said = {
        State.NEW: "It is to be sorted.",
        State.APPROVAL: "Somebody has to approve it first.",
        State.USER: "We asked the user, and wait for their answer.",
        State.SUPPLIER: "A supplier has it.",
        State.RESOLVED: "The user has been told. They can still say that it does not work.",
        State.CLOSED: "Nothing is to be done any more.",
    }.get(State(call.state), "")
    if call.state in {State.RESOLVED, State.CLOSED, State.APPROVAL}:
        return said
    return f"{said} {has}".strip()


def _clock(found: Promise, now: datetime) -> Clock:
    if found.state == "paused":
        return Clock(found, "paused", f"stands still, waiting for “{found.paused_for}”")
    if found.state == "running":
        due = promise(found.due_at, now)
        return Clock(found, due.state, due.words)
    return Clock(found, "late" if found.state == "missed" else "done", _ENDED[found.state])
