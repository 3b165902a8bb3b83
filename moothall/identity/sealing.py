"""Secrets at rest: AES-256-GCM under a key drawn from the secret key, bound to what the secret is about."""

import base64
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from moothall.identity.errors import SecretLost

_MARK = "s1."
_NONCE = 12


@cache
def _cipher(secret_key: str) -> AESGCM:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"moothall.identity.sealing")
    return AESGCM(drawn.derive(secret_key.encode()))


def seal(text: str, about: str) -> str:
    """Return the text so that only this house can read it, and only as what it is about."""
    nonce = os.urandom(_NONCE)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, text.encode(), about.encode())
    return _MARK + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, about: str) -> str:
    """Return what was sealed; former secret keys are tried too."""
    try:
        raw = base64.urlsafe_b64decode(sealed.removeprefix(_MARK))
    except ValueError:
        raise SecretLost(about=about) from None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise SecretLost(about=about)
