"""The weekly review of major incidents, as the leads of the councils look at it together."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from moothall.councils.doors import door
from moothall.servicedesk.permissions import Can
from moothall.servicedesk.queries import reviewing
from moothall.workplace.queries.desk import majors as pages
from moothall.workplace.views.answering import looking
from moothall.workplace.views.desk.answering import page


@door(Can.SEE_MAJORS)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Show every major incident that is not closed, how its report stands, and the actions that are open."""
    viewer, now = looking(request)
    return page(
        request,
        "reviews",
        found=reviewing.review(viewer, now),
        reports=pages.REPORTS,
        today=timezone.localdate(now),
        now=now,
    )
