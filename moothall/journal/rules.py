"""Plain arithmetic of the journal: how things are written down, chained, summed up, and tried again."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from moothall.plain.canonical import canonical

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode

GENESIS = "0" * 64
"""What the first link of every chain follows."""


def kind_of(error: str) -> str:
    """Return of which kind an error is, without its words; empty if they do not say.

    >>> kind_of("SMTPRecipientsRefused: {'ann@example.org': (550, b'unknown')}"), kind_of("The worker was lost.")
    ('SMTPRecipientsRefused', '')
    """
    kind = error.partition(":")[0].strip()
    return kind[:80] if kind.isidentifier() else ""


def storable(text: str) -> str:
    r"""Return text that both databases can keep: no NUL, and half characters spelt out.

    >>> storable("a\x00b")
    'a�b'
    """
    text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def text_of(facts: Mapping[str, Any]) -> str:
    r"""Return the canonical JSON as text; the text is what is kept and what is sealed.

    >>> text_of({"b": 1, "a": "\ud800"})
    '{"a":"\\ud800","b":1}'
    """
    kept = canonical(facts)
    return (
        kept.decode()
        if kept.isascii()
        else kept.decode("utf-8", "surrogatepass").encode("utf-8", "backslashreplace").decode()
    )


def link(previous: str, content: Sequence[object]) -> str:
    """Return the hash that ties an entry to all that went before it.

    >>> link(GENESIS, [1, "a"]) == link(GENESIS, [1, "b"])
    False
    """
    return hashlib.sha256((previous + _encode(content)).encode()).hexdigest()


def merkle_root(leaves: Iterable[bytes]) -> str:
    """Return the Merkle root as RFC 6962 defines it: leaves and nodes can never be mistaken for each other.

    >>> merkle_root([]) == hashlib.sha256().hexdigest()
    True
    """
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256().hexdigest()
    while len(level) > 1:
        pairs = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()


def backoff(attempt: int, roll: float) -> timedelta:
    """Return how long to wait after a failure: doubling from 5 s to an hour, half of it by lot.

    >>> [backoff(n, 1.0).total_seconds() for n in (1, 2, 3, 50)]
    [5.0, 10.0, 20.0, 3600.0]
    >>> backoff(3, 0.0).total_seconds()
    10.0
    """
    longest = min(5.0 * 2 ** min(attempt - 1, 20), 3600.0)
    return timedelta(seconds=longest * (0.5 + 0.5 * roll))
