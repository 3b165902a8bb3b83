"""What stands around a council's pages for residents: its name, its colours, where else to go, who is signed in."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from moothall.councils.middleware import council_of
from moothall.identity import hooks as identity
from moothall.identity.models import User
from moothall.look.hooks import Frame, Link
from moothall.requests import queries as requests

_MINE = frozenset({"mine", "mine_one", "mine_answer", "mine_comment", "mine_withdraw"})
_DETAILS = frozenset(
    {"details", "connect", "ask_letter", "not_me", "add_detail", "change_detail"}
    | {"take_away_detail", "end_acting"}
)
_FOLLOWING = frozenset({"lost_link", "follow", "answer", "comment", "withdraw"})


def landing_of(user: User) -> str | None:
    """Return where residents go after signing in: to their requests, at the council they asked last."""
    code = "" if identity.is_staff(user) else requests.council_of_newest(user.pk)
    return reverse("portal:mine", args=[code]) if code else None


def frame_of(request: HttpRequest) -> Frame | None:
    """Return the frame of a portal page; other rooms' pages have their own."""
    council, place = council_of(request), request.resolver_match
    if council is None or place is None or place.app_name != "portal":
        return None
    signed_in = isinstance(request.user, User)
    here = place.url_name or ""
    return Frame(
        name=council.name,
        home=reverse("portal:home", args=[council.code]),
        theme=council.theme,
        theme_code=council.code,
        navigation=_navigation(council.code, here, signed_in=signed_in),
        account=_account(request),
        footer=tuple(
            Link(label, reverse(f"portal:{name}", args=[council.code]), name == here)
            for label, name in (
                ("Accessibility", "accessibility"),
                ("Privacy", "privacy"),
                ("Cookies", "cookies"),
            )
        ),
    )


def _navigation(code: str, here: str, *, signed_in: bool) -> tuple[Link, ...]:
    services = Link("Services", reverse("portal:home", args=[code]), here in {"home", "find"})
    if signed_in:
        mine = Link("Your requests", reverse("portal:mine", args=[code]), here in _MINE)
        return (
            services,
            mine,
            Link("Your details", reverse("portal:details", args=[code]), here in _DETAILS),
        )
    follow = Link("Follow a request", reverse("portal:lost_link", args=[code]), here in _FOLLOWING)
    return (services, follow)


def _account(request: HttpRequest) -> tuple[Link, ...]:
    if isinstance(request.user, User):
        mine = Link(request.user.name or "Your account", reverse("identity:overview"))
        return (mine, Link("Sign out", reverse("account_logout")))
    back = urlencode({"next": request.path}) if request.method == "GET" else ""
    return (Link("Sign in", f"{reverse('account_login')}?{back}".rstrip("?")),)
