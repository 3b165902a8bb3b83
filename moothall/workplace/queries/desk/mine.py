"""One's own calls: what they are about, how they stand in plain words, and what waits for oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import store
from moothall.process.engine.state import NEVER, CaseState
from moothall.process.queries.asking import next_words
from moothall.servicedesk.models import Call
from moothall.servicedesk.models.calls import Ended, Kind, State
from moothall.servicedesk.queries.calls import own_call, own_calls
from moothall.workplace import rules
from moothall.workplace.queries.desk.calls_talk import Said, users_talk

MOST = 100
_WORDS = {
    State.NEW: ("We have it", "blue"),
    State.OPEN: ("We work on it", "blue"),
    State.APPROVAL: ("Waits for approval", "purple"),
    State.USER: ("Waits for your answer", "red"),
    State.SUPPLIER: ("A supplier works on it", "blue"),
    State.RESOLVED: ("Does it work?", "orange"),
    State.CLOSED: ("Closed", "grey"),
}
_YOURS = frozenset({State.USER, State.RESOLVED})
_RESOLVE = "resolve"
_QUESTIONS = ("asked", "question")


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One's own call, as a line: how it stands in words, and whether it waits for oneself.

    `whose` says for whom it is, or who asked for it, where that are two.
    """

    call: Call
    state: str
    colour: str
    yours: bool
    whose: str = ""


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One's own call as its page shows it. `question` is what waits for an answer; `confirm` whether it works does."""

    line: OwnLine
    seq: int
    next: str
    promise: str
    question: str
    confirm: bool
    said: Sequence[Said]
    is_open: bool

    @property
    def is_request(self) -> bool:
        """Whether something was asked for, which is there or not; a fault works again or not."""
        return self.line.call.kind == Kind.REQUEST


def mine(viewer: Viewer) -> list[OwnLine]:
    """Return the viewer's own calls: what waits for them first, then the newest."""
    rows = own_calls(viewer).select_related("council", "asked_by")[:MOST]
    found = [_line(viewer, each) for each in rows]
    return sorted(found, key=lambda each: (not each.yours, not each.call.open))


def _line(viewer: Viewer, call: Call) -> OwnLine:
    words, colour = _WORDS[State(call.state)]
    if call.state == State.CLOSED and call.ended not in {"", Ended.DONE}:
        words = Ended(call.ended).label
    if call.state == State.RESOLVED and call.kind == Kind.REQUEST:
        words = "Is it all there?"
    yours = call.state in _YOURS and call.kind in {Kind.INCIDENT, Kind.REQUEST}
    return OwnLine(call, words, colour, yours=yours, whose=_whose(viewer, call))


def _whose(viewer: Viewer, call: Call) -> str:
    """Return for whom somebody asked, or who asked for the viewer; nothing where both are one."""
    if call.asked_by is None:
        return ""
    if call.asked_by_id == viewer.actor.user_id:
        return f"You asked for {call.caller_name}"
    return f"{call.asked_by.name} asked for you"


def one(viewer: Viewer, reference: str, now: datetime) -> OwnCall:
    """Return one of the viewer's own calls; anybody else's does not exist for them."""
    call = own_call(viewer, reference)
    case = store.load(call.case_id)
    if case is None:
        raise NotFound(what="call")
    answer, confirm = case.steps.get("answer"), case.steps.get("confirm")
    asked = answer is not None and answer.state == "open"
    return OwnCall(
        line=_line(viewer, call),
        seq=case.seq,
        next=next_words(case) if case.status == "open" else "",
        promise=_promise(case, now),
        question=next((str(case.data[key]) for key in _QUESTIONS if case.data.get(key)), "") if asked else "",
        confirm=confirm is not None and confirm.state == "open",
        said=users_talk(call, case, viewer.actor.user_id),
        is_open=case.status == "open",
    )


def _promise(case: CaseState, now: datetime) -> str:
    """Return by when it is promised, in a sentence; nothing where no promise runs."""
    clock = case.clocks.get(_RESOLVE)
    if case.status != "open" or clock is None or clock.due_at >= NEVER:
        return ""
    if clock.state == "paused":
        return "The time that we promised stands still while we wait."
    if clock.state != "running":
        return ""
    if clock.due_at < now:
        return f"We promised it by {rules.moment(clock.due_at, now)}, and are late. We are sorry."
    return f"We promised it by {rules.moment(clock.due_at, now)}."
