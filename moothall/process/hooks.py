"""What upper rooms may hang on the engine: who is told when a case changes, and where answers are pulled from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.plain.actors import SYSTEM, Actor
from moothall.process.engine.state import CaseState, Happening, Pulled, Telling


@dataclass(frozen=True, slots=True)
class Change:
    """What one action did to a case; handed on in the same transaction, before it is kept."""

    case: CaseState
    happened: tuple[Happening, ...]
    told: tuple[Telling, ...]
    seq: int
    now: datetime
    by: Actor = SYSTEM


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


told_elsewhere: set[str] = set()
"""Processes whose requester is told by the room that hung them here: whoever else writes to requesters leaves them."""


def tells(*processes: str) -> None:
    """Say that a room tells whoever asked for work of these processes itself."""
    told_elsewhere.update(processes)


Source = Callable[[CaseState, Any, str], Pulled | None]
"""Looks up by its name one part of something: of the case, of the answer it belongs to (None for `requester`)."""
sources: dict[str, Source] = {}


def source(root: str, look_up: Source) -> Source:
    """Hang a source of answers: for `requester`, or for all answers of one type, such as `address` or `uprn`."""
    if root in sources:
        raise ValueError(f"A source of answers for “{root}” hangs here already.")
    sources[root] = look_up
    return look_up


walls: set[str] = set()
"""The permissions that a process may name to say who sees its cases (`seen_with`)."""


def wall(*permissions: str) -> None:
    """Say that processes may be seen with these permissions: whoever holds one sees the cases of those that name it."""
    walls.update(permissions)


def pull(case: CaseState, written: str) -> Pulled | None:
    """Return what a field's `from` says now, such as `requester.name` or `address.last_round`; None if it is not known.

    Of an answer, the parts it has itself are found without any source.
    """
    root, _, part = written.partition(".")
    field = case.definition.fields.get(root)
    answer = None if field is None else case.data.get(root)
    if field is not None and answer is None:
        return None
    look_up = sources.get(root if field is None else field.type)
    pulled = look_up(case, answer, part) if look_up is not None else None
    if pulled is None and isinstance(answer, Mapping) and answer.get(part) is not None:
        return Pulled(answer[part], written)
    return pulled
