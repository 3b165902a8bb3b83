"""A closed case as its events tell it. Plain values: the rehearsal asks no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from moothall.plain.actors import Actor
from moothall.plain.working_time import Calendar
from moothall.process.definition import Definition
from moothall.process.engine.migrating import ASIDE


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: when, what, by whom, at which step with which outcome, and what else it says."""

    at: datetime
    kind: str
    by: Actor
    step: str = ""
    outcome: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """One case that is over: what happened, how it ended, and which of its promises were kept.

    `definition` is the version it followed to its end. `clocks` holds the state of the newest run of each clock.
    `calendar` gives the calendars of its council. `shown` says whether its reference may be named.
    """

    reference: str
    council_id: int
    definition: Definition
    events: tuple[Happened, ...]
    ending: str
    clocks: Mapping[str, str]
    calendar: Callable[[str], Calendar]
    shown: bool = True


def in_last_words(events: tuple[Happened, ...], names: Mapping[str, str]) -> tuple[Happened, ...]:
    """Return events with the names that steps, outcomes and questions had at the end, if the case was moved on the way.

    `names` say what they are called in the draft, as when cases are moved: `{"old_step": "new_step"}`.
    """
    if not names and not any(each.kind == "migrated" for each in events):
        return events
    found: list[Happened] = []
    moves: list[Mapping[str, str]] = [names]
    for each in reversed(events):
        if each.kind == "migrated":
            moves.insert(0, each.body.get("map", {}))
            continue
        step, outcome = each.step, each.outcome
        for called in moves:
            outcome = called.get(f"{step}.{outcome}", outcome)
            step = _called(step, called)
        found.append(Happened(each.at, each.kind, each.by, step, outcome, _renamed(each.body, moves)))
    return tuple(reversed(found))


def _renamed(body: Mapping[str, Any], moves: list[Mapping[str, str]]) -> Mapping[str, Any]:
    found = dict(body)
    for part in ("answers", "data"):
        if given := body.get(part):
            found[part] = {_last(key, moves): value for key, value in given.items()}
    return found


def _last(name: str, moves: list[Mapping[str, str]]) -> str:
    for names in moves:
        name = _called(name, names)
    return name


def _called(name: str, names: Mapping[str, str]) -> str:
    """Return what something is called now; what was set aside keeps its old name."""
    new = names.get(name, name)
    return name if new == ASIDE else new
