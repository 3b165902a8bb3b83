"""The one sweeper: what is due is warned of or called late, each case in a transaction of its own."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.process.actions.keeping import around, found, keep
from moothall.process.engine import clocks
from moothall.process.errors import CaseChanged
from moothall.process.models import Clock

AT_ONCE = 200
LATER = timedelta(minutes=10)
log = logging.getLogger(__name__)


def sweep(now: datetime) -> int:
    """Look at every clock that is due to be looked at, in every council; return how many cases had something.

    A case that somebody changes at this very moment is left for the next round: their change goes first. One that
    cannot be done is put off and reported, so that it holds nobody else up.
    """
    due = Clock.objects.filter(sweep_at__lte=now).order_by("sweep_at").values_list("case_id", flat=True)
    swept = 0
    for case_id in dict.fromkeys(due[:AT_ONCE]):
        try:
            swept += _sweep_case(case_id, now)
        except CaseChanged:
            continue
        except Exception:
            log.exception("The clocks of case %s could not be looked at; again in %s.", case_id, LATER)
            Clock.objects.filter(case_id=case_id, sweep_at__lte=now).update(sweep_at=now + LATER)
    return swept


@transaction.atomic
def _sweep_case(case_id: int, now: datetime) -> int:
    case = found(case_id)
    place = around(Viewer.system(), case.council_id, now)
    if not clocks.sweep(case, place):
        return 0
    keep(case, place, what="case.clock_due")
    return 1
