"""What areas of the desk, and rooms above it, may hang on calls."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.servicedesk.models import Call

Heard = Callable[[Call, datetime], None]
PriorityHeard = Callable[[Call, int, datetime], None]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a new call goes, and by which rule."""

    team_id: int
    person_id: int | None = None
    rule: str = ""


@dataclass(slots=True)
class BeingLogged:
    """What whoever logs a call knows of it beside its case and, once that is there, the row that it was given."""

    told: Mapping[str, Any]
    call: Call | None = None


being_logged: ContextVar[BeingLogged | None] = ContextVar("being_logged", default=None)
"""The call that is logged just now; read when its case makes its row."""
logged: list[Heard] = []
resolved: list[Heard] = []
closed: list[Heard] = []
reprioritised: list[PriorityHeard] = []
routes: list[Callable[[Call, datetime], Route | None]] = []


def on_logged(heard: Heard) -> Heard:
    """Hang what is called when a call was logged, in its transaction."""
    return _hang(logged, heard)


def on_resolved(heard: Heard) -> Heard:
    """Hang what is called when a call was resolved; again when it is resolved again."""
    return _hang(resolved, heard)


def on_closed(heard: Heard) -> Heard:
    """Hang what is called when a call was closed, however it ended."""
    return _hang(closed, heard)


def on_priority(heard: PriorityHeard) -> PriorityHeard:
    """Hang what is called when a call has another priority: with the call as it is now, and the priority before."""
    if heard not in reprioritised:
        reprioritised.append(heard)
    return heard


def route(finder: Callable[[Call, datetime], Route | None]) -> Callable[[Call, datetime], Route | None]:
    """Hang what says where a new call goes; the first answer counts."""
    if finder not in routes:
        routes.append(finder)
    return finder


def _hang(heards: list[Heard], heard: Heard) -> Heard:
    if heard not in heards:
        heards.append(heard)
    return heard
