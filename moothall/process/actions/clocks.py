"""The one sweeper: what is due is warned of or called late, and waits that are over end, each case by itself."""

import logging
from datetime import datetime, timedelta
from heapq import merge

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.process.actions.cases import say_again
from moothall.process.actions.keeping import around, found, keep
from moothall.process.engine import clocks, steps
from moothall.process.errors import CaseChanged
from moothall.process.models import Clock, Step

AT_ONCE = 200
LATER = timedelta(minutes=10)
log = logging.getLogger(__name__)


def sweep(now: datetime) -> int:
    """Look at every clock and every wait that is due, in every council; return how many cases had something.

    A case that somebody changes at this very moment is left for the next round: their change goes first. One that
    cannot be done is put off and reported, so that it holds nobody else up.
    """
    swept = 0
    for case_id in _due(now):
        try:
            swept += _sweep_case(case_id, now)
        except CaseChanged:
            continue
        except Exception:
            log.exception("What is due in case %s could not be done; again in %s.", case_id, LATER)
            _put_off(case_id, now)
    return swept


def _due(now: datetime) -> list[int]:
    """Return the cases in which something is due, the most overdue first, each once."""
    bells = Clock.objects.filter(sweep_at__lte=now).order_by("sweep_at").values_list("sweep_at", "case_id")
    waits = (
        Step.objects.filter(current=True, wake_at__isnull=False, wake_at__lte=now)
        .order_by("wake_at")
        .values_list("wake_at", "case_id")
    )
    both = merge(bells[:AT_ONCE], waits[:AT_ONCE])
    return list(dict.fromkeys(case_id for _, case_id in both))


@transaction.atomic
def _sweep_case(case_id: int, now: datetime) -> int:
    """Do all that is due in one case. A promise is called late before time itself finishes the step it is about."""
    case = found(case_id)
    place = around(Viewer.system(), case.council_id, now)
    before = case.data
    late = clocks.sweep(case, place)
    woken = steps.wake(case, place)
    if not late and not woken:
        return 0
    say_again(case, before)
    keep(case, place, what="case.time_passed" if woken else "case.clock_due")
    if any(run.wake_at is not None and run.wake_at <= now for run in case.steps.values()):
        _put_off(case_id, now)
    return 1


def _put_off(case_id: int, now: datetime) -> None:
    """Let a case wait that cannot be done now, or is due again at once: the others go first."""
    Clock.objects.filter(case_id=case_id, sweep_at__lte=now).update(sweep_at=now + LATER)
    Step.objects.filter(case_id=case_id, current=True, wake_at__lte=now).update(wake_at=now + LATER)
