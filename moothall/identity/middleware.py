"""Sessions end when they have rested or lasted too long; staff without a second factor are asked for one."""

from collections.abc import Callable
from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from moothall.identity import hooks, queries, rules
from moothall.identity.models import User

Answer = Callable[[HttpRequest], HttpResponse]
TOUCH_SECONDS = 300  # "last seen" is written at most this often: a page must not cost a write


class SessionLifetime:
    """Ends a session on time, and keeps when it was last seen."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            _keep_or_end(request, timezone.now())
        return self.get_response(request)


def _keep_or_end(request: HttpRequest, now: datetime) -> None:
    seen = request.session.get("seen_at")
    begun = request.session.get("signed_in_at")
    if seen is None or begun is None:
        _touch(request, now)
        return
    lifetimes = settings.STAFF_LIFETIMES if request.session.get("staff") else settings.RESIDENT_LIFETIMES
    seen_at, begun_at = datetime.fromtimestamp(seen, UTC), datetime.fromtimestamp(begun, UTC)
    if rules.is_over(lifetimes, signed_in_at=begun_at, seen_at=seen_at, now=now):
        _end(request)
    elif (now - seen_at).total_seconds() > TOUCH_SECONDS:
        _touch(request, now)


def _touch(request: HttpRequest, now: datetime) -> None:
    if not isinstance(request.user, User):
        return
    request.session["seen_at"] = int(now.timestamp())
    request.session.setdefault("signed_in_at", int(now.timestamp()))
    request.session["staff"] = hooks.is_staff(request.user)
    request.session.pop("second_factor_done", None)
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)


def _end(request: HttpRequest) -> None:
    if isinstance(request.user, User):
        hooks.tell("session_ended", request.user, why="time")
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.flush()
    request.user = AnonymousUser()
    messages.info(request, "You were signed out to keep your account safe. Sign in again to carry on.")


class SecondFactor:
    """Sends staff who have no second factor to the page where they choose one."""

    ALWAYS_OPEN = (
        "moothall.identity.",
        "allauth.",
        "moothall.look.",
        "moothall.config.",
        "django.views.static",
    )

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Redirect before the view is called."""
        module = getattr(view, "view_class", view).__module__
        if module.startswith(self.ALWAYS_OPEN) or not wants_second_factor(request):
            return None
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(f"{reverse('identity:second_factor')}?{query}".rstrip("?"))


def wants_second_factor(request: HttpRequest) -> bool:
    """Say whether this session is of somebody who has to set up a second factor now."""
    if settings.SECOND_FACTOR == "off" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    session = request.session
    if not session.get("staff") or session.get("second_factor_done") or not isinstance(request.user, User):
        return False
    if settings.SECOND_FACTOR == "ask" and session.get("second_factor_later"):
        return False
    if queries.has_second_factor(request.user) or queries.provider_asked_second_factor(session):
        session["second_factor_done"] = True
        return False
    return True
