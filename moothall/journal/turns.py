"""Whose turn it is: one worker at a time does the periodic work, and another follows when it falls silent."""

import logging
import time
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from moothall.journal import hooks
from moothall.journal.models import Turn

log = logging.getLogger("moothall.journal.turns")

HOLD = timedelta(seconds=15)
SHORTEST = 0.02  # seconds between two helpings of the same work
SELDOM = 60.0  # seconds: work rarer than this is remembered across restarts


class Rota:
    """One worker's share of the periodic work. The row of each piece says who holds it, and until when."""

    def __init__(self, holder: str, hold: timedelta = HOLD) -> None:
        self.holder = holder
        self.hold = hold
        self._held_until: dict[str, float] = {}
        self._next: dict[str, float] = {}

    def round(self) -> float:
        """Do all that is due and held; return how many seconds to wait."""
        for name, work in hooks.periodic.items():
            if self._holds(name) and self._next.get(name, 0.0) <= time.monotonic():
                did = self._do(work)
                self._next[name] = time.monotonic() + (SHORTEST if did else work.seconds)
        soonest = min((at for name, at in list(self._next.items()) if self._holds(name)), default=0.0)
        return min(max(soonest - time.monotonic(), SHORTEST), 0.5) if soonest else 0.5

    def _holds(self, name: str) -> bool:
        return self._held_until.get(name, 0.0) > time.monotonic()

    def hold_on(self) -> None:
        """Say that we are still here, and take what nobody holds; to be called thrice in each hold."""
        until = time.monotonic() + self.hold.total_seconds()
        now = timezone.now()
        ours = Turn.objects.filter(holder=self.holder, name__in=list(hooks.periodic))
        if ours.update(held_until=now + self.hold) < len(hooks.periodic):
            self._take_what_is_free(now)
        held = dict(ours.values_list("name", "done_at"))
        for name, done_at in held.items():
            self._next.setdefault(name, self._first(hooks.periodic[name], done_at, now))
        for name in set(self._next) - set(held):
            del self._next[name]
        self._held_until = dict.fromkeys(held, until)

    def _take_what_is_free(self, now: datetime) -> None:
        known = set(Turn.objects.values_list("name", flat=True))
        missing = [Turn(name=name, held_until=now) for name in hooks.periodic if name not in known]
        with transaction.atomic():
            Turn.objects.bulk_create(missing, ignore_conflicts=True)
            free = Turn.objects.filter(name__in=list(hooks.periodic), held_until__lte=now)
            free.update(holder=self.holder, held_until=now + self.hold)

    @staticmethod
    def _first(work: hooks.Periodic, done_at: datetime | None, now: datetime) -> float:
        """Return when to do it first: at once, or, for rare work, when its time since the last is over."""
        if work.seconds < SELDOM or done_at is None:
            return time.monotonic()
        return time.monotonic() + work.seconds - (now - done_at).total_seconds()

    def _do(self, work: hooks.Periodic) -> int:
        try:
            with hooks.whole_house(work.name):
                did = work.function(timezone.now())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("periodic work %s went wrong; it is tried again at its next time", work.name)
            did = 0
        if work.seconds >= SELDOM and not did:
            Turn.objects.filter(name=work.name).update(done_at=timezone.now())
        return did

    def let_go(self) -> None:
        """Leave the work to the next worker at once."""
        Turn.objects.filter(holder=self.holder).update(held_until=timezone.now())
        self._held_until = {}
