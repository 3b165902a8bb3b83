"""Taking a call out of the one that it was merged into by mistake: it is open again, by itself, where it stood."""

from datetime import datetime

from django.db import transaction

from moothall.councils.rules import Viewer
from moothall.journal import actions as journal
from moothall.process import actions as process
from moothall.process.models import Link
from moothall.servicedesk.actions import working
from moothall.servicedesk.actions.routing_to import again
from moothall.servicedesk.errors.calls import NotTogether
from moothall.servicedesk.models import Call, Follower
from moothall.servicedesk.models.calls import Ended, State
from moothall.servicedesk.queries.calls import call_to_work

_DUPLICATE = "duplicate"
_FROM_SUPPLIER = "It was closed as the same as another call meanwhile. Ask the supplier again."


@transaction.atomic
def unmerge(*, by: Viewer, call_id: int, why: str, expected: int | None, now: datetime) -> Call:
    """Open a call again that was merged into another by mistake, and say why; returns it.

    What waited then waits again, for whoever had it. Its user and its followers are told, get what is said of their own
    call again, and hear no more of the other one, unless they were copied in there or have another call in it. Calls
    that had been merged into this one come along. What was with a supplier is with its team again.

    Clocks go on: the time in which it stood as merged counts, since its user waited all along. Late stays late, what
    was kept stays kept, and what stood still waiting for the user stands still again. Months that were published stay
    as they were.

    Refuses a call that nobody merged, or that was opened since. A call that ended in any other way is not opened here.
    """
    call = call_to_work(by, call_id)
    if call.merged_into_id is None or call.ended != Ended.MERGED:
        raise _not("This call is not merged into another one.")
    into: Call = Call.objects.get(pk=call.merged_into_id)
    Call.objects.filter(pk=call.pk).update(merged_into_id=None, ended="")
    process.open_anew(by=by, case_id=call.case_id, ending=_DUPLICATE, expected=expected, now=now, text=why)
    _unlink(by, call, into, now)
    _take_along(call, into)
    _hear_no_more(call, into)
    words = f"{call.reference} was taken out again: it is not the same. {why.strip()}"
    process.note(by=by, case_id=into.case_id, text=words.strip(), now=now)
    journal.write(
        by=by.actor,
        what="servicedesk.call_unmerged",
        about=f"call:{call.pk}",
        council_id=call.council_id,
        now=now,
        facts={"from": into.pk},
    )
    opened = again(call)
    if opened.state == State.SUPPLIER:
        opened = working.bring_back(by=by, call_id=call.pk, text=_FROM_SUPPLIER, expected=None, now=now)
    return opened


def _unlink(by: Viewer, call: Call, into: Call, now: datetime) -> None:
    """Take back what says that they are the same; of a chain of merges, the link to the call in between."""
    links = Link.objects.filter(case_id=call.case_id, kind=_DUPLICATE).values("other_id")
    same = Call.objects.filter(case_id__in=links)
    for other in (each for each in same if into.pk in {each.pk, each.merged_into_id}):
        process.unlink(by=by, case_id=call.case_id, other=other.reference, kind=_DUPLICATE, now=now)


def _take_along(call: Call, into: Call) -> None:
    """Let the calls that had been merged into this one be merged into it again."""
    earlier = Link.objects.filter(other_id=call.case_id, kind=_DUPLICATE).values("case_id")
    Call.objects.filter(merged_into_id=into.pk, case_id__in=earlier).update(merged_into_id=call.pk)


def _hear_no_more(call: Call, into: Call) -> None:
    """Let those hear no more of the other call who heard of it for the sake of this one alone."""
    theirs = {call.caller_email, *call.followers.values_list("email", flat=True)}
    rest = Call.objects.filter(merged_into_id=into.pk)
    others = set(rest.values_list("caller_email", flat=True))
    others |= set(Follower.objects.filter(call__in=rest).values_list("email", flat=True))
    rows = Follower.objects.filter(call_id=into.pk, since=call.closed_at, email__in=theirs - others)
    rows.delete()


def _not(why: str) -> NotTogether:
    return NotTogether({"other": [why]}, why=why)
