"""Members of the cast, as the gate sees them."""

from datetime import datetime

from moothall.councils.models import Staff
from moothall.councils.queries import viewer_for
from moothall.councils.rules import Viewer


def viewer_named(name: str, now: datetime) -> Viewer:
    """Return a member of the staff by name."""
    staff = Staff.objects.select_related("user").get(user__name=name)
    return viewer_for(staff.user, today=now.date())
