"""A later major incident of the same cause points to what an earlier one promised and left undone."""

from datetime import datetime

from moothall.look import dates
from moothall.servicedesk.actions.majors.keeping import HOUSE, keep_line
from moothall.servicedesk.models import LessonAction, Major, RoomEntry
from moothall.servicedesk.queries import lessons as queries


def point_to_earlier(major: Major, now: datetime) -> int:
    """Write into the timeline which actions of earlier ones of the same cause were left undone; each once."""
    known = set(RoomEntry.objects.filter(major=major).values_list("text", flat=True))
    number = 0
    for earlier in queries.earlier_at_its_council(major):
        for action in earlier.undone:
            text = _left(earlier, action)
            if text not in known:
                keep_line(major, text, by=HOUSE, at=now, now=now)
                number += 1
    return number


def _left(earlier: queries.Earlier, action: LessonAction) -> str:
    same = "had the same cause" if earlier.same_cause else "was about the same system"
    when = dates.in_words(earlier.major.opened_at)
    due = dates.in_words(action.due_on)
    return (
        f"{earlier.major.case.reference} of {when} {same}. It promised “{action.text}” by {due}"
        f" ({action.owner}), and that had not been done when this began."
    )
