"""Secret links: random tokens, compared by their digest in constant time, and kept sealed for later emails."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from moothall.identity.errors import SecretLost
from moothall.identity.sealing import seal, unseal

_ABOUT = "link"
LONGEST = 64
_IN_LINK = re.compile(r"(/(?:follow/[^/\s]+|return)/)[A-Za-z0-9_-]{16,}")


@dataclass(frozen=True, slots=True)
class Token:
    """A new token: what the person gets, and the two forms that are kept."""

    raw: str
    digest: str
    sealed: str


def new_token() -> Token:
    """Return a token that nobody can guess."""
    raw = secrets.token_urlsafe(24)
    return Token(raw, digest(raw), seal(raw, _ABOUT))


def digest(raw: str) -> str:
    """Return what is kept of a token to compare it by."""
    return hashlib.sha256(raw[: LONGEST + 1].encode()).hexdigest()


def matches(raw: str, kept: str) -> bool:
    """Say whether this is the token, in a time that says nothing about how nearly it was."""
    return hmac.compare_digest(digest(raw), kept)


def opened(sealed: str) -> str:
    """Return the token that was sealed, or nothing if the house's secret key has changed since."""
    try:
        return unseal(sealed, _ABOUT)
    except SecretLost:
        return ""


def hidden(text: str) -> str:
    """Return a letter without the secrets of its links: staff read letters, and must not act as who asked.

    >>> hidden("See https://example.org/ash/follow/ASH-7KQ4-M2XD/0123456789abcdef0123456789abcdef/ for more.")
    'See https://example.org/ash/follow/ASH-7KQ4-M2XD/…/ for more.'
    """
    return _IN_LINK.sub(r"\1…", text)
