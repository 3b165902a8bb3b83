"""A letter byte for byte, packed for keeping, and unpacked again: only ever what we packed ourselves."""

import hashlib
import zlib

from moothall.messages.models import Raw, Received

_QUICKLY = 1


def digest(raw: bytes) -> str:
    """Return what a letter is known by."""
    return hashlib.sha256(raw).hexdigest()


def pack(received: Received, raw: bytes) -> Raw:
    """Return the row that keeps a letter."""
    return Raw(received=received, council_id=received.council_id, packed=zlib.compress(raw, _QUICKLY))


def unpack(received: Received) -> bytes:
    """Return a letter as it came; empty if its content was erased since."""
    kept = Raw.objects.filter(received_id=received.pk).values_list("packed", flat=True).first()
    return b"" if kept is None else zlib.decompress(bytes(kept))
