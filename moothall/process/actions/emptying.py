"""Emptying closed cases of what was said in them, when the time for which it is kept is over.

That a case was, when, and how it ended stays, and so does its history, whose rows nothing may change: it is put beyond
use, and no page, export or rehearsal reads what it says any more (see `past.emptied_at`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.process.actions.keeping import around, found, keep
from moothall.process.engine.state import Happening
from moothall.process.models import Attachment, Case, SearchWord, StepDraft, Vote
from moothall.process.past import EMPTIED


@dataclass(frozen=True, slots=True)
class Emptied:
    """How many cases were emptied and how many files they had. `digests` name the content of these files."""

    cases: int
    files: int
    digests: tuple[str, ...]


@transaction.atomic
def empty(*, by: Viewer, case_ids: Iterable[int], now: datetime) -> Emptied:
    """Destroy the answers, words and files of closed cases; those that are open, or empty already, stay as they are.

    The room that calls it has asked whether this may be, and throws away the content of files that nothing names.
    """
    rows = Case.objects.select_for_update().filter(pk__in=sorted(case_ids), status=Case.Status.CLOSED)
    wanted = [row.pk for row in rows.order_by("id") if row.data or row.headline or row.requester_id]
    files = Attachment.objects.filter(case_id__in=wanted)
    digests = tuple(sorted(set(files.values_list("sha256", flat=True))))
    for case_id in wanted:
        case = found(case_id)
        case.data, case.origins, case.headline = {}, {}, ""
        case.happened.append(Happening(EMPTIED))
        keep(case, around(by, case.council_id, now), what="case.emptied")
    count = files.delete()[0]
    SearchWord.objects.filter(case_id__in=wanted).delete()
    StepDraft.objects.filter(case_id__in=wanted).delete()
    Vote.objects.filter(step__case_id__in=wanted).exclude(text="").update(text="")
    Case.objects.filter(pk__in=wanted).update(requester=None)
    return Emptied(len(wanted), count, digests)
