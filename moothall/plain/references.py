"""References that people can read over the phone: no look-alike letters, and a check character.

The alphabet is Douglas Crockford's base 32 (crockford.com/base32.html) without Z, so that its length is prime;
readers take I and L for 1, O for 0 and Z for 2.
"""

import secrets

from moothall.plain.errors import HouseError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXY"
_LENGTH = 7


class NotAReference(HouseError):
    code = "plain.not_a_reference"
    status = 422
    message = "“{text}” is not a reference of ours."
    next_step = "A reference looks like ASH-7KQ4-M2XD. Check each letter and number."


def _check(prefix: str, body: str) -> str:
    """Return the check character: a weighted sum modulo 31 (prime), so every single error and swap shows."""
    values = [ord(letter) for letter in prefix] + [_ALPHABET.index(letter) for letter in body]
    return _ALPHABET[sum((place + 2) * value for place, value in enumerate(values)) % 31]


def new_reference(prefix: str) -> str:
    """Return a fresh random reference; 27 thousand million exist for each prefix."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return _written(prefix, body)


def _written(prefix: str, body: str) -> str:
    whole = body + _check(prefix, body)
    return f"{prefix}-{whole[:4]}-{whole[4:]}"


def normalise(text: str) -> str:
    """Return a reference as it is kept, from what a person typed.

    >>> normalise(" ash 0000 ooo" + _check("ASH", "0000000").lower()) == _written("ASH", "0000000")
    True
    """
    kept = "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())
    prefix, body = kept[: -_LENGTH - 1], kept[-_LENGTH - 1 :]
    body = body.replace("O", "0").replace("I", "1").replace("L", "1").replace("Z", "2")
    if not 1 < len(prefix) <= 5 or not prefix.isalpha() or not set(body) <= set(_ALPHABET):  # noqa: PLR2004
        raise NotAReference(text=text[:40])
    if _check(prefix, body[:-1]) != body[-1]:
        raise NotAReference(text=text[:40])
    return _written(prefix, body[:-1])
