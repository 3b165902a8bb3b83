"""One way to write a value down, so that its digest is the same for ever."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("A time without its zone cannot be written down for ever.")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | frozenset | set):
        return sorted(value) if isinstance(value, frozenset | set) else list(value)
    raise TypeError(f"A {type(value).__name__} has no canonical form.")


_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
).encode


def canonical(value: Any) -> bytes:
    r"""Return the canonical JSON of a value: sorted keys, no spaces, UTF-8, times in UTC.

    >>> canonical({"b": 1, "a": "é"})
    b'{"a":"\xc3\xa9","b":1}'
    """
    return _encode(value).encode("utf-8", errors="surrogatepass")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal.

    >>> digest({})[:12]
    '44136fa355b3'
    """
    return hashlib.sha256(canonical(value)).hexdigest()
