"""Keeps a few child processes alive: starts them, starts fallen ones again, and stops them in good order.

Children are forked after the house has been loaded, so that they share its memory. The supervisor itself does
nothing but wait; it has one thread, and touches no database.
"""

import contextlib
import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger("moothall.serve")
_STOPPING = (signal.SIGTERM, signal.SIGINT)
_PR_SET_PDEATHSIG = 1
LONGEST_PAUSE, STEADY_AFTER, LOOK_EVERY = 30.0, 60.0, 0.2


def die_with_parent() -> None:
    """Ask Linux to stop this process when its parent is gone, so that none stays behind."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One process to be kept alive, and how its life has gone so far."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    falls: int = 0
    start_at: float = 0.0

    def pause(self) -> float:
        """Return how long to wait before the next start: longer with each fall.

        >>> [Child("web", print, falls=falls).pause() for falls in (1, 2, 3, 9)]
        [0.5, 1.0, 2.0, 30.0]
        """
        return float(min(LONGEST_PAUSE, 0.5 * 2 ** (self.falls - 1)))


class Supervisor:
    """Runs until it is told to stop; then its children have `grace` seconds to finish what they are doing."""

    def __init__(self, children: list[Child], *, grace: float = 35.0) -> None:
        self._children = children
        self._grace = grace
        self._stop = False

    def run(self) -> int:
        """Keep the children alive; return the exit status, which is 0 after an orderly stop."""
        for number in _STOPPING:
            signal.signal(number, self._asked_to_stop)
        while not self._stop:
            self._start_due()
            time.sleep(LOOK_EVERY)
            self._gather()
        return self._finish()

    def _asked_to_stop(self, *_: object) -> None:
        self._stop = True

    def _start_due(self) -> None:
        for child in self._children:
            if not child.pid and time.monotonic() >= child.start_at and not self._stop:
                self._start(child)

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        child.started = time.monotonic()
        child.pid = os.fork()
        if child.pid:
            return
        status = 1
        try:
            for number in _STOPPING:
                signal.signal(number, signal.SIG_DFL)
            die_with_parent()
            child.run()
            status = 0
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else int(left.code is not None)
        except KeyboardInterrupt:
            status = 0
        except Exception:  # noqa: BLE001 - it is told, and the process ends
            _log.exception("A process failed.", extra={"part": child.name})
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _gather(self) -> None:
        """Note which children have ended, and when each may start again."""
        for child in self._children:
            if not child.pid:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                steady = time.monotonic() - child.started > STEADY_AFTER
                child.pid, child.falls = 0, 1 if steady else child.falls + 1
                child.start_at = time.monotonic() + child.pause()
                code = os.waitstatus_to_exitcode(status)
                words = "A process ended with status %s; it starts again in %.1f s."
                _log.error(words, code, child.pause(), extra={"part": child.name})

    def _signal_all(self, number: int) -> None:
        for child in self._children:
            if child.pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child.pid, number)

    def _finish(self) -> int:
        """Ask the children to stop, wait for them, and end those that will not hear."""
        self._signal_all(signal.SIGTERM)
        until = time.monotonic() + self._grace
        orderly = True
        for child in self._children:
            while child.pid:
                pid, status = os.waitpid(child.pid, os.WNOHANG)
                if pid:
                    child.pid = 0
                    orderly = orderly and os.waitstatus_to_exitcode(status) in {0, -signal.SIGTERM}
                elif time.monotonic() > until:
                    _log.error("A process did not stop in time and was ended.", extra={"part": child.name})
                    os.kill(child.pid, signal.SIGKILL)
                    orderly = False
                    until = time.monotonic() + 5
                else:
                    time.sleep(0.05)
        return 0 if orderly else 1
