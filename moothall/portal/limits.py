"""How often one visitor may do what costs others: make requests, have links sent. Counted across all processes."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from moothall.identity.errors import TooManyTries

# A whole library comes from one address: wide for an address, narrow for whom the e-mail goes to.
_RATES = {"send_request": "120/h/ip,20/h/key", "send_link": "30/5m/ip,5/5m/key"}


def sending(request: HttpRequest, email: str) -> None:
    """Count a request that is made; refuse too many."""
    _count(request, "send_request", email)


def asking_for_link(request: HttpRequest, email: str) -> None:
    """Count a link that is asked for; refuse too many."""
    _count(request, "send_link", email)


def _count(request: HttpRequest, action: str, email: str) -> None:
    key = email.strip().lower() or f"nobody:{ratelimit.get_ip(request)}"
    if not ratelimit.consume(request, app="moothall.portal", action=action, config=_RATES, key=key):
        raise TooManyTries
