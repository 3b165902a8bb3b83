"""Codes in letters: short enough to type, long enough that nobody guesses one, with a character that shows slips.

A code has eleven random characters of Crockford's base 32 (crockford.com/base32.html) without Z, so that its length is
prime, and a check character: 31^11 codes, about 2^54. With five tries a letter, guessing one takes a chance in 5e15.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
LENGTH, GROUP = 12, 4
TRIES = 5
VALID = timedelta(days=28)
_LOOK_ALIKES = str.maketrans("OILZ", "0112")


class NotACode(ValueError):
    """What was typed cannot be a code of ours."""


def new_code() -> str:
    """Return a fresh code, in groups of four, as the letter shows it."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return written(body + _check(body))


def written(code: str) -> str:
    """Return a code in groups of four.

    >>> written("ABCD0123WXY7")
    'ABCD-0123-WXY7'
    """
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def typed(text: str) -> str:
    """Return the code that somebody typed, without what stands between its characters; refuses what can be none.

    >>> typed(" abcd-0123 wxy" + _check("ABCD0123WXY").lower()) == "ABCD0123WXY" + _check("ABCD0123WXY")
    True
    >>> typed("ABCD-0123-WXYA")
    Traceback (most recent call last):
    moothall.persons.rules.codes.NotACode: the check character does not fit
    """
    kept = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    code = kept.translate(_LOOK_ALIKES)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise NotACode("not as long as a code, or with characters that no code has")
    if _check(code[:-1]) != code[-1]:
        raise NotACode("the check character does not fit")
    return code


def digest(code: str, *, record_id: int, key: str) -> str:
    """Return what is kept of a code: keyed, so that a copy of the database alone does not give it away."""
    said = f"letter:{record_id}:{code}".encode()
    return hmac.new(key.encode(), said, hashlib.sha256).hexdigest()


def fits(code: str, kept: str, *, record_id: int, keys: list[str]) -> bool:
    """Say whether a code is the one that was kept, under any key of the house, in a time that betrays nothing."""
    found = [hmac.compare_digest(digest(code, record_id=record_id, key=key), kept) for key in keys]
    return any(found)


def _check(body: str) -> str:
    """Return the check character: a weighted sum modulo 31 (prime), so every single slip and swap shows."""
    values = [ALPHABET.index(letter) for letter in body]
    return ALPHABET[sum((place + 2) * value for place, value in enumerate(values)) % len(ALPHABET)]
