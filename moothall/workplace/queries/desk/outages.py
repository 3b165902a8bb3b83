"""What the pages of outages show beside them: of which major incident one is part, as far as that is there."""

from collections.abc import Iterable

from django.urls import reverse

from moothall.councils.rules import Viewer
from moothall.servicedesk.models import Outage
from moothall.servicedesk.queries import elsewhere


def pages_of_majors(viewer: Viewer, outages: Iterable[Outage]) -> dict[int, str]:
    """Return by their numbers the addresses of the major incidents that outages are part of.

    One that is the case of a council where the viewer sees none has its page of what it hit; any other has its room.
    """
    numbers = {each.major_id for each in outages if each.major_id is not None}
    rooms = elsewhere.references(viewer, numbers)
    hits = elsewhere.numbers(viewer, numbers - rooms.keys())
    return {
        **{number: reverse("workplace:desk_major", args=[reference]) for number, reference in rooms.items()},
        **{number: reverse("workplace:desk_major_elsewhere", args=[number]) for number in hits},
    }
