"""Turns: few requests are worked on at once, the others wait in line.

Threads of one process share one interpreter. Sixteen pages begun together do not get done sooner: they take the
interpreter from each other every few milliseconds, and all of them are late. There are so many threads for those who
send or read slowly. So a web worker works on one page at a time, and all of them together on one more than there are
cores, in the order in which the pages were asked for: otherwise whoever's connection ended up with a busy worker would
wait three times as long as the others. A page that takes long keeps its turn, but nobody waits longer than `PATIENCE`
for each of the two (decision 0014).
"""

import logging
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from moothall.config.serving.semaphores import KernelSemaphore

Application = Callable[..., Iterable[bytes]]
PATIENCE = 0.5
"""Seconds after which a request is worked on although it is not its turn."""

_log = logging.getLogger("moothall.serve")


class Line(Protocol):
    """What is waited in for a turn."""

    def acquire(self, *, timeout: float) -> bool: ...
    def release(self) -> None: ...


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def house_line(turns: int) -> KernelSemaphore | None:
    """Return one line for all web workers of a house, to be made before the processes part.

    None where the system has none: each worker then has only its own.
    """
    try:
        return KernelSemaphore(turns)
    except OSError as error:
        _log.warning("The web workers of this house wait in no common line: %s.", error.strerror)
        return None


def in_turns(application: Application, *lines: Line | None, patience: float = PATIENCE) -> Application:
    """Return a WSGI application that answers the same, after waiting in each of the lines in turn."""
    waited_in = [each for each in lines if each is not None]

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        held = [line for line in waited_in if line.acquire(timeout=patience)]
        try:
            return application(environ, start_response)
        finally:
            for line in reversed(held):
                line.release()

    return answer


def own_line() -> Line:
    """Return the line of one web worker: one page at a time."""
    return threading.Semaphore(1)
