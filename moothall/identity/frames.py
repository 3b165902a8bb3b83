"""What stands around the pages of one's account: the way back to work or requests, and the way out."""

from django.http import HttpRequest
from django.urls import reverse

from moothall.identity import hooks
from moothall.identity.models import User
from moothall.look.hooks import Frame, Link


def frame_of(request: HttpRequest) -> Frame | None:
    """Return the frame of a page of one's account; other pages, and whoever has not signed in, have other frames."""
    mine = reverse("identity:overview")
    if not request.path.startswith(mine) or not isinstance(request.user, User):
        return None
    return Frame(
        home=hooks.landing_of(request.user) or "/",
        account=(
            Link("Your account", mine, current=request.path == mine),
            Link("Sign out", reverse("account_logout")),
        ),
    )
