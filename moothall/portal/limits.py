"""How often one visitor may do what costs others: make requests, have links sent. Counted across all processes."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from moothall.identity.errors import TooManyTries
from moothall.portal.errors import TooManyCodes, TooManyLetters

# A whole library comes from one address: wide for an address, narrow for whom the email goes to.
_RATES = {
    "send_request": "120/h/ip,20/h/key",
    "send_link": "30/5m/ip,5/5m/key",
    "enter_code": "30/h/ip,5/h/key",
    "ask_letter": "30/d/ip,3/d/key",
    "put_right": "600/h/ip,60/h/key",
}


def sending(request: HttpRequest, email: str) -> None:
    """Count a request that is made; refuse too many."""
    _count(request, "send_request", email)


def asking_for_link(request: HttpRequest, email: str) -> None:
    """Count a link that is asked for; refuse too many."""
    _count(request, "send_link", email)


def entering_code(request: HttpRequest) -> None:
    """Count a code that is tried by an account, right or wrong; refuse too many."""
    if not _consume(request, "enter_code", f"user:{request.user.pk}"):
        raise TooManyCodes


def asking_for_letter(request: HttpRequest) -> None:
    """Count a letter that an account asks for; refuse too many."""
    if not _consume(request, "ask_letter", f"user:{request.user.pk}"):
        raise TooManyLetters


def putting_right(request: HttpRequest) -> None:
    """Count a change that an account makes to its own record; refuse too many."""
    if not _consume(request, "put_right", f"user:{request.user.pk}"):
        raise TooManyTries


def _count(request: HttpRequest, action: str, email: str) -> None:
    key = email.strip().lower() or f"nobody:{ratelimit.get_ip(request)}"
    if not _consume(request, action, key):
        raise TooManyTries


def _consume(request: HttpRequest, action: str, key: str) -> bool:
    return bool(ratelimit.consume(request, app="moothall.portal", action=action, config=_RATES, key=key))
