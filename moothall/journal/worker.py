"""The worker: periodic work in one thread, jobs in another, and a third that holds on to what is in hand."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from moothall.journal import hooks, jobs, turns

log = logging.getLogger("moothall.journal.worker")

GLANCE = 0.5  # seconds between looks at the jobs when there are none
PATIENCE = 5.0  # the longest wait between two tries to reach the database
STUMBLE = 1.0  # the wait after a mistake of ours
HELPINGS = 1000  # how often `once` repeats periodic work that says there is more


def name_of_this_process() -> str:
    """Return a name that no other worker has, now or later."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """One worker process. `run` returns when `stop` was called and the job in hand is finished."""

    def __init__(self, lease: timedelta = jobs.LEASE) -> None:
        self.name = name_of_this_process()
        self._lease = lease
        self._lanes = jobs.Lanes(self.name)
        self._rota = turns.Rota(self.name, min(lease, turns.HOLD))
        self._in_hand: dict[int, int] = {}
        self._stop = threading.Event()
        self._idle = threading.Event()

    def stop(self) -> None:
        """Finish the job in hand, and take no other."""
        self._stop.set()

    def run(self) -> None:
        """Work until told to stop."""
        log.info("worker %s begins", self.name)
        jobs_thread = threading.Thread(target=self._steadily, args=("jobs", self._one_job), daemon=True)
        keeper = threading.Thread(target=self._keep, daemon=True)
        jobs_thread.start()
        keeper.start()
        self._steadily("periodic work", self._rota.round)
        jobs_thread.join()
        self._idle.set()
        keeper.join()
        log.info("worker %s has stopped", self.name)

    def _one_job(self) -> float:
        lease = self._lanes.take(timezone.now(), self._lease)
        if lease is None:
            return GLANCE
        self._in_hand[lease.id] = lease.token
        try:
            jobs.run(lease)
        finally:
            del self._in_hand[lease.id]
        return 0.0

    def _keep(self) -> None:
        """Hold on to leases and turns until the last job is finished, then let the turns go."""
        pause = self._rota.hold.total_seconds() / 3
        self._steadily("leases", lambda: self._hold_on(pause), until=self._idle)
        try:
            self._rota.let_go()
        except (OperationalError, InterfaceError):
            log.warning("leases: the database does not answer; the turns of this worker lapse by themselves")
        connections.close_all()

    def _hold_on(self, pause: float) -> float:
        if self._in_hand:
            jobs.keep(dict(self._in_hand), timezone.now() + self._lease)
        self._rota.hold_on()
        return pause

    def _steadily(self, what: str, step: Callable[[], float], until: threading.Event | None = None) -> None:
        """Repeat a step, waiting as long as it says; outlast a database that is down, and say so once."""
        wait, failures = 0.0, 0
        while not (until or self._stop).wait(wait):
            try:
                wait = step()
            except (OperationalError, InterfaceError) as error:
                failures += 1
                wait = min(0.25 * 2 ** min(failures, 9), PATIENCE)
                if failures == 1:
                    log.warning("%s: the database does not answer (%s); trying until it does", what, error)
                connections.close_all()
            except Exception:
                log.exception("%s: went wrong; going on in a moment", what)
                wait = STUMBLE
            else:
                if failures:
                    log.warning("%s: the database answers again, after %d tries", what, failures)
                failures = 0
        connections.close_all()


def drain(now: datetime | None = None) -> int:
    """Do every job that is due, here and now; return how many. For tests, the demonstration and `--drain`."""
    clock = timezone.now if now is None else lambda: now
    lanes = jobs.Lanes(name_of_this_process())
    done = 0
    while lease := lanes.take(clock(), timedelta(minutes=10)):
        jobs.run(lease, clock)
        done += 1
    return done


def once(now: datetime | None = None) -> int:
    """Do all periodic work once, every job that is due, and then the periodic work that followed from it."""
    _all_periodic_work(now)
    done = drain(now)
    _all_periodic_work(now)
    return done


def _all_periodic_work(now: datetime | None) -> None:
    for work in hooks.periodic.values():
        with hooks.whole_house(work.name):
            for _ in range(HELPINGS):
                if not work.function(now or timezone.now()):
                    break
