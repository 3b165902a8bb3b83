"""How an errand is told: who starts it, and for each step what is answered, voted, and how long it takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moothall.config.demo.stories.telling import Handler, Scene, Turn
from moothall.plain.working_time import LONDON


@dataclass(frozen=True, slots=True)
class Errand:
    """A kind of work. `share` is how often it is begun beside the others; 0 for what only other cases open.

    `handle` says how each step turns out; `against` how often a member of a board votes against, and why. `days` is
    how long ago the oldest were begun.
    """

    share: int
    handle: Mapping[str, Handler]
    ask: Callable[[Scene], dict[str, Any]] | None = None
    against: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    days: int = 300


def always(outcome: str, given: Mapping[str, Any] | None = None, *, hours: float = 2) -> Handler:
    """Return the handler of a step that always turns out so."""
    turn = Turn(outcome, given or {}, hours=hours)
    return lambda _scene: turn


def day(now: datetime, days: float) -> str:
    """Return the day so many days later, as an answer."""
    return (now + timedelta(days=days)).astimezone(LONDON).date().isoformat()


def moment(now: datetime, days: float, hour: int) -> str:
    """Return that hour of the day so many days later, as an answer."""
    then = (now + timedelta(days=days)).astimezone(LONDON)
    then = then.replace(hour=hour, minute=0, second=0, microsecond=0)
    return then.astimezone(UTC).astimezone(LONDON).isoformat(timespec="minutes")
