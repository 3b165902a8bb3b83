"""Setting up the desk: one page that leads to all of its parts."""

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from moothall.councils.doors import door
from moothall.servicedesk.permissions import Can
from moothall.workplace.queries.desk import setting_up
from moothall.workplace.views.answering import looking
from moothall.workplace.views.desk.answering import page


@door(Can.SET_UP)
@require_safe
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the parts of the desk that the viewer sets up, and how each stands."""
    viewer, now = looking(request)
    parts = [(part, address) for part in setting_up.parts(viewer, now) if (address := _address(part.url))]
    return page(request, "set_up", parts=parts)


def _address(name: str) -> str:
    """Return where a part is; nowhere until its area is built."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
