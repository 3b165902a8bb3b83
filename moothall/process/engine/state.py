"""What the engine works on: one case with its newest steps and clocks, and what has happened to it since loading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process import answers, cel
from moothall.process.definition import NOTHING, Definition

StepStatus = Literal["open", "done", "skipped", "reset", "cancelled"]
ClockStatus = Literal["running", "paused", "met", "missed", "stopped"]

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The due time of what has none: it sorts last."""

SETTLED = frozenset({"done", "skipped"})


@dataclass(slots=True)
class Cast:
    """One vote: whose seat it took (`council:3`, `user:7`), who cast it, and how. `id` is None until it is stored."""

    seat: str
    staff_id: int
    by: str
    choice: Literal["for", "against", "abstain"]
    at: datetime
    text: str = ""
    id: int | None = None
    changed: bool = True


@dataclass(slots=True)
class StepRun:
    """The newest run of one step. `id` is None until it is stored.

    `wake_at` is when time does something with it: a wait is over, or a repeated step opens again. `circle` names the
    teams that may see it; empty for all staff.
    """

    key: str
    run: int
    state: StepStatus
    opened_at: datetime
    id: int | None = None
    asks_requester: bool = False
    team_id: int | None = None
    person_id: int | None = None
    due_at: datetime = NEVER
    done_at: datetime | None = None
    done_by: str = ""
    outcome: str = ""
    circle: str = ""
    wake_at: datetime | None = None
    votes: list[Cast] = field(default_factory=list)
    changed: bool = True


@dataclass(slots=True)
class ClockRun:
    """The newest run of one clock. `sweep_at` is when the sweeper must look at it next.

    `target` is the answer by which it has its time, where that is in a table, and empty while nothing is promised.
    `within` and `calendar` say how long that is, and in which calendar it is counted. `stood` are the stretches in
    which it stood still, as JSON: from and until, in seconds since 1970. `used_seconds` is what it has taken, once
    it has ended, and `ended_by` what ended it: its step, or that staff wrote to whoever asked.
    """

    key: str
    run: int
    state: ClockStatus
    started_at: datetime
    id: int | None = None
    due_at: datetime = NEVER
    warn_at: datetime | None = None
    paused_at: datetime | None = None
    left_seconds: int | None = None
    late_at: datetime | None = None
    ended_at: datetime | None = None
    sweep_at: datetime | None = None
    target: str = ""
    within: str = ""
    calendar: str = ""
    stood: str = ""
    used_seconds: int | None = None
    ended_by: Literal["", "step", "wrote"] = ""
    changed: bool = True

    @property
    def going(self) -> bool:
        """Whether the promise is still to be kept."""
        return self.state in {"running", "paused"}


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as it will stand in the history."""

    kind: str
    step: str = ""
    run: int = 0
    outcome: str = ""
    team_id: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opening:
    """Another case is to be opened, in the same transaction, with these answers, and linked to this one.

    A `child` was handed over by a step; what was merely `opened` by an outcome goes its own way.
    """

    process: str
    data: Mapping[str, Any]
    kind: Literal["child", "opened"]
    step: str
    run: int


@dataclass(frozen=True, slots=True)
class Voter:
    """Somebody who may vote: which account they are, and for which council they work."""

    staff_id: int
    by: str
    council_id: int
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pulled:
    """An answer from elsewhere: its value, since when it is known there, and where that is, in words."""

    value: Any
    where: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Somebody is to be told of something, in the transaction in which it happens."""

    audience: str
    about: Literal["outcome", "warning", "late"]
    key: str
    outcome: str = ""


def _nobody(_teams: tuple[str, ...]) -> tuple[Voter, ...]:
    return ()


def _nothing(_case: "CaseState", _source: str) -> Pulled | None:
    return None


def _no_council(_code: str) -> int | None:
    return None


def _no_owner(_process: str) -> str:
    return ""


def _all_still(_team_id: int, _person_id: int | None) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Around:
    """What is true around the case: the time, who acts, and the council's teams and calendars.

    `still` says whether a team still serves the council and, if somebody is named, whether they still work in it.
    """

    now: datetime
    by: Actor
    team: Callable[[str], int | None]
    calendar: Callable[[str], Calendar]
    staff_id: int | None = None
    still: Callable[[int, int | None], bool] = _all_still
    acts_as: frozenset[str] | None = None  # as `by` in a process names people; None for the house itself
    voters: Callable[[tuple[str, ...]], tuple[Voter, ...]] = _nobody  # those of these teams, at this council
    council: Callable[[str], int | None] = (
        _no_council  # by its code: 0 if there is none, None where nobody knows
    )
    pull: Callable[["CaseState", str], Pulled | None] = _nothing  # a field's `from`, looked up now
    owner: Callable[[str], str] = (
        _no_owner  # the team that answers for another process; refuses one that is not there
    )


@dataclass(slots=True)
class CaseState:
    """One case while it is worked on. `steps` and `clocks` hold the newest run of each."""

    id: int
    council_id: int
    reference: str
    definition: Definition
    seq: int
    status: Literal["open", "closed"]
    data: dict[str, Any]
    opened_at: datetime
    due_at: datetime = NEVER
    ending: str = ""
    priority: str = ""
    headline: str = ""
    requester_id: int | None = None
    steps: dict[str, StepRun] = field(default_factory=dict)
    clocks: dict[str, ClockRun] = field(default_factory=dict)
    closed_at: datetime | None = None
    superseded: list[StepRun] = field(default_factory=list)
    kept: list[ClockRun] = field(default_factory=list)  # runs of clocks that others have followed
    version_id: int = 0
    circle: str = ""
    origins: dict[str, Any] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    happened: list[Happening] = field(default_factory=list)
    told: list[Telling] = field(default_factory=list)

    def settled(self, key: str) -> bool:
        """Whether the newest run of a step is done or was not needed; a step on demand is, unless it waits.

        A step that is repeated until another is settled is settled with that one; one that is repeated without end
        holds nothing up once it has begun.
        """
        step, run = self.definition.steps[key], self.steps.get(key)
        if step.on_demand:
            return run is None or run.state != "open"
        if run is None or step.every is None:
            return run is not None and run.state in SETTLED
        if run.state == "skipped" or not step.until:
            return run.state in {"open", "done", "skipped"}
        return run.state != "reset" and self.settled(step.until)

    def open_steps(self) -> list[StepRun]:
        """Return the steps that wait to be done, in the order of the definition."""
        return [
            run
            for key in self.definition.steps
            if (run := self.steps.get(key)) is not None and run.state == "open"
        ]


def answered_in(origin: Mapping[str, str]) -> str:
    """Return the step in which an answer was given, by where it came from; empty if in none.

    An answer that was put right since is still one of the step that asked it: who sees it follows from that.

    >>> answered_in({"from": "step:triage"}), answered_in({"from": "amend:triage"}), answered_in({"from": "calc"})
    ('triage', 'triage', '')
    """
    kind, _, step = origin.get("from", "").partition(":")
    return step if kind in {"step", "amend"} else ""


def signature(by: Actor) -> str:
    """Return who acts, as rules compare it: `triage.by != decide.by`. One account is one person, in whatever role.

    >>> signature(Actor(kind="staff", user_id=7, name="Ann"))
    'user:7'
    """
    return f"user:{by.user_id}" if by.user_id else by.kind


def facts(
    case: CaseState,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    new: Mapping[str, Mapping[str, str]] = NOTHING,
    /,
    **doing: str,
) -> dict[str, Any]:
    """Return what rules can see: the answers, and of each settled step who did it, when and how it turned out.

    `data` stands in for the answers of the case, `new` for the origins of some; `doing` names who is about to finish
    which step.
    """
    known: dict[str, Any] = {}
    for key, run in case.steps.items():
        if run.state == "done":
            known[key] = {"by": run.done_by, "outcome": run.outcome, "at": run.done_at}
        elif run.state == "skipped":
            known[key] = {"outcome": "skipped"}
    for key, by in doing.items():
        known[key] = {"by": by}

    def since(key: str) -> datetime | None:
        origin = new.get(key) or case.origins.get(key)
        return datetime.fromisoformat(origin["at"]) if origin else None

    known[cel.SINCE] = since
    return answers.facts(case.definition, case.data if data is None else data, now=now, steps=known)
