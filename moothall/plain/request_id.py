"""One name for everything that is done to answer one request, so that a log line can be found from a page."""

import secrets
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("request_id", default="")


def new() -> str:
    """Return a fresh name: short enough to be read over the phone.

    >>> len(new())
    12
    """
    return secrets.token_hex(6)


def current() -> str:
    """Return the name of the request being answered; empty outside one."""
    return _current.get()


def enter(name: str) -> None:
    """Say which request is answered from here on."""
    _current.set(name)
