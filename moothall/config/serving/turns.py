"""Turns: few requests of a process are worked on at once, the others wait in line.

Threads of one process share one interpreter. Sixteen pages begun together do not get done sooner: they take the
interpreter from each other every few milliseconds, and all of them are late. There are so many threads for those who
send or read slowly. A page that takes long keeps its turn, but nobody waits for one longer than `PATIENCE`.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[..., Iterable[bytes]]
AT_ONCE = 2
"""How many: while one waits for the database, the other works."""
PATIENCE = 0.5
"""Seconds after which a request is worked on although it is not its turn."""


def in_turns(application: Application, *, at_once: int = AT_ONCE, patience: float = PATIENCE) -> Application:
    """Return a WSGI application that answers the same, few requests at a time."""
    places = threading.Semaphore(at_once)

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        held = places.acquire(timeout=patience)
        try:
            return application(environ, start_response)
        finally:
            if held:
                places.release()

    return answer
