"""What every page of the desk has in common: the navigation among its pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from moothall.councils.middleware import viewer_of
from moothall.workplace import desk_menu
from moothall.workplace.views import answering


def page(request: HttpRequest, name: str, status: int = 200, **facts: Any) -> HttpResponse:
    """Return a page of the desk: `workplace/desk/<name>.html`."""
    facts["desk_tabs"] = desk_menu.tabs_for(viewer_of(request), request.path)
    return answering.page(request, f"desk/{name}", status, **facts)
