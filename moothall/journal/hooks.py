"""What upper rooms may hang here: witnesses of their own rows, periodic work, and the air a job breathes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

Work = TypeVar("Work", bound=Callable[[datetime], int])


@dataclass(frozen=True, slots=True)
class Testimony:
    """An entry that says: the digest of these rows was so when I was written."""

    entry_id: int
    what: str
    about: str
    council_id: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Witness:
    """How to work out again, from an upper room's rows, the digests that entries speak of."""

    digests: Callable[[Sequence[Testimony]], Mapping[int, str]]
    strays: Callable[[], Iterable[str]] | None


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that comes back; `function(now)` returns how many things it did: if any, it is called again."""

    name: str
    seconds: float
    function: Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class JobAtHand:
    """What the rooms above may know of the job that is about to run."""

    id: int
    task: str
    council_id: int | None


witnesses: dict[str, Witness] = {}
periodic: dict[str, Periodic] = {}
_around: list[Callable[[JobAtHand], AbstractContextManager[object]]] = []


def witness(
    name: str,
    digests: Callable[[Sequence[Testimony]], Mapping[int, str]],
    *,
    strays: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Let `verify` prove the rows of an upper room.

    The room writes entries whose facts have `witness` (this name) and `digest` (hexadecimal, over its rows).
    `digests` gets such entries by the thousand and returns, by entry id, the digest of what the rows say now;
    an entry left out means that its rows are gone. `strays` names rows that no entry speaks of.
    """
    if name in witnesses:
        raise ValueError(f"A witness called {name} hangs here already.")
    witnesses[name] = Witness(digests, strays)


def every(seconds: float, name: str) -> Callable[[Work], Work]:
    """Hang work that one worker at a time does every so many seconds, in small helpings."""

    def hang(function: Work) -> Work:
        if name in periodic:
            raise ValueError(f"Periodic work called {name} hangs here already.")
        periodic[name] = Periodic(name, seconds, function)
        return function

    return hang


def around_job(factory: Callable[[JobAtHand], AbstractContextManager[object]]) -> None:
    """Let every job run inside the context manager that `factory` makes for it."""
    _around.append(factory)


def around(job: JobAtHand) -> AbstractContextManager[object]:
    """Return everything that was hung around jobs, as one context manager."""
    stack = ExitStack()
    for factory in _around:
        stack.enter_context(factory(job))
    return stack


def whole_house(task: str) -> AbstractContextManager[object]:
    """Return the air of the partnership's own work: what was hung around jobs that are no single council's."""
    return around(JobAtHand(0, task, None))
