"""Proof of who sends a message, as Standard Webhooks have it: an HMAC over its number, its time and its body."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"
_VERSION = "v1"
_LONGEST_NUMBER = 100
_MOST_SIGNATURES = 10


def new_secret() -> str:
    """Return a fresh secret, as senders are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, number: str, at: int, body: bytes) -> str:
    """Return what stands in the header `webhook-signature` of a message.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
    ...           b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{number}.{at}.".encode() + body
    made = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return f"{_VERSION},{base64.b64encode(made).decode()}"


def is_signed(header: str, secret: str, number: str, at: str, body: bytes) -> bool:
    """Say whether one of the signatures in a header is right; a sender that changes its secret sends two."""
    if not (0 < len(number) <= _LONGEST_NUMBER and at.isascii() and at.isdigit() and len(at) <= 12):  # noqa: PLR2004
        return False
    try:
        right = signature(secret, number, int(at), body).encode()
    except (binascii.Error, ValueError):
        return False
    given = header.split(" ")[:_MOST_SIGNATURES]
    return any(hmac.compare_digest(right, each.encode()) for each in given)


def in_time(at: str, now: datetime) -> bool:
    """Say whether a message was signed just now: what is older may be an old one sent again."""
    return abs(now.timestamp() - int(at)) <= TOLERANCE.total_seconds()
