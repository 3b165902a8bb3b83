"""Rows for tests of figures: calls as they would stand after any history, without playing it.

Figures read rows, whoever wrote them: a test says what a call has come to. That rows come to this by the actions of the
desk is tested where those are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from moothall.councils.models import Council, Team
from moothall.process.models import Case, Clock, ProcessVersion, Step
from moothall.servicedesk.models import Call, Resolution
from moothall.servicedesk.rules import kinds
from tests.makers import make_council, make_team

_number = count(1)


def at(day: int, hour: int = 9, *, month: int = 10, minute: int = 0) -> datetime:
    """Return a moment of 2026, in October unless said otherwise."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@dataclass
class Ground:
    """A council with its desk, and the versions that its cases follow."""

    council: Council
    desk: Team
    resolvers: Team
    versions: dict[str, ProcessVersion] = field(default_factory=dict)


def make_ground(**facts: Any) -> Ground:
    """Make a council with a service desk and a team of resolvers. Enter a scope before."""
    council = make_council(**facts)
    desk = make_team(council=council, code=f"desk-{council.code}", function="service-desk")
    resolvers = make_team(council=council, code=f"res-{council.code}", function="resolvers")
    return Ground(council, desk, resolvers)


def version_of(kind: str) -> ProcessVersion:
    """Return a version for cases of a kind; nothing of it is read by figures."""
    found, _ = ProcessVersion.objects.get_or_create(
        key=kinds.PROCESS[kind],
        number=1,
        council=None,
        defaults={
            "title": kind, "sha256": "", "body": "{}", "source": "", "published_at": at(1, month=1), "published_by": "",
        },
    )  # fmt: skip
    return found


def make_call(ground: Ground, logged: datetime, *, resolved: datetime | None = None, **facts: Any) -> Call:
    """Make a call that stands so: resolved or open; `facts` are further columns."""
    kind = facts.pop("kind", "incident")
    number = next(_number)
    reference = f"TST-{number:04}"
    open_now = facts.pop("open", resolved is None and not facts.get("ended"))
    case = Case.objects.create(
        council=ground.council, version=version_of(kind), process=kinds.PROCESS[kind], reference=reference,
        headline=f"Call {number}", opened_at=logged, changed_at=logged,
        status=Case.Status.OPEN if open_now else Case.Status.CLOSED,
    )  # fmt: skip
    given: dict[str, Any] = {
        "priority": 3, "state": "open" if open_now else "closed", "first_resolved_at": resolved, "channel": "phone",
        "resolved_team": ground.desk if resolved else None, "first_contact": None,
    }  # fmt: skip
    call: Call = Call.objects.create(
        council=ground.council, case=case, kind=kind, reference=reference, headline=case.headline, logged_at=logged,
        resolved_at=resolved, open=open_now, due_at=logged, changed_at=logged, **(given | facts),
    )  # fmt: skip
    return call


def add_clock(call: Call, key: str, **facts: Any) -> Clock:
    """Add a clock to a call; met, in one hour of working time, unless said otherwise."""
    given: dict[str, Any] = {
        "state": "met", "started_at": call.logged_at, "due_at": call.logged_at + timedelta(hours=8),
        "ended_at": call.resolved_at, "used_seconds": 3600,
    }  # fmt: skip
    clock: Clock = Clock.objects.create(
        case_id=call.case_id, council_id=call.council_id, key=key, **(given | facts)
    )
    return clock


def add_step(call: Call, key: str, opened: datetime, done: datetime | None = None) -> Step:
    state = Step.State.DONE if done else Step.State.OPEN
    step: Step = Step.objects.create(
        case_id=call.case_id, council_id=call.council_id, key=key, opened_at=opened, done_at=done, state=state
    )
    return step


@dataclass(frozen=True)
class History:
    """What happened to a call, in order: logged, then resolved and reopened in turn; perhaps ended otherwise."""

    logged: datetime
    turns: Sequence[datetime]
    ended: datetime | None = None

    def open_at(self, moment: datetime) -> bool:
        """Say whether it was open just before a moment: by going through everything that happened."""
        is_open = False
        happened = [
            (self.logged, True),
            *((turn, bool(number % 2)) for number, turn in enumerate(self.turns)),
        ]
        happened += [(self.ended, False)] if self.ended else []
        for when, opens in sorted(happened, key=lambda pair: pair[0]):
            if when < moment:
                is_open = opens
        return is_open

    @property
    def resolved(self) -> list[datetime]:
        return list(self.turns[::2])

    @property
    def reopened(self) -> list[datetime]:
        return list(self.turns[1::2])

    def columns(self) -> dict[str, Any]:
        """Return what the row of the call would say of it."""
        is_resolved = len(self.resolved) > len(self.reopened)
        return {
            "first_resolved_at": self.resolved[0] if self.resolved else None,
            "resolved_at": self.resolved[-1] if is_resolved else None,
            "reopened": len(self.reopened),
            "reopened_at": self.reopened[-1] if self.reopened else None,
        }

    def rows(self) -> list[tuple[datetime, datetime | None]]:
        """Return the rows that are kept of it: each time that it was resolved, once it was resolved again."""
        if len(self.resolved) < 2:
            return []
        again: list[datetime | None] = [*self.reopened[: len(self.resolved) - 1], None]
        return list(zip(self.resolved, again, strict=True))


def make_call_of(ground: Ground, history: History, **facts: Any) -> Call:
    """Make a call with a history."""
    columns = history.columns()
    resolved = columns.pop("resolved_at")
    ended = {"ended": "cancelled", "closed_at": history.ended} if history.ended else {}
    call = make_call(ground, history.logged, resolved=resolved, **columns, **ended, **facts)
    for resolved_at, reopened_at in history.rows():
        Resolution.objects.create(
            call=call, council=ground.council, resolved_at=resolved_at, reopened_at=reopened_at
        )
    return call
