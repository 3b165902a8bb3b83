"""What upper rooms may hang on the engine: who is told when a case changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from moothall.process.engine.state import CaseState, Happening, Telling


@dataclass(frozen=True, slots=True)
class Change:
    """What one action did to a case; handed on in the same transaction, before it is kept."""

    case: CaseState
    happened: tuple[Happening, ...]
    told: tuple[Telling, ...]
    seq: int
    now: datetime


Watcher = Callable[[Change], None]
watchers: list[Watcher] = []


def watch(watcher: Watcher) -> Watcher:
    """Hang a function that is called with every change, in its transaction: if it raises, nothing happened.

    It may write rows and post jobs to the outbox; it must not reach outside the database.
    """
    if watcher in watchers:
        raise ValueError(f"{watcher.__qualname__} hangs here already.")
    watchers.append(watcher)
    return watcher


def announce(change: Change) -> None:
    """Tell every watcher of a change."""
    for watcher in watchers:
        watcher(change)
