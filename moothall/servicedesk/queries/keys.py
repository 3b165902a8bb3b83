"""Reads of keys: those that there are, and the one that stands in a request."""

import hashlib
import hmac

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.process.permissions import Can as ProcessCan
from moothall.servicedesk.errors.channels import KeyNotKnown, NoSuchKey
from moothall.servicedesk.models import ApiKey
from moothall.servicedesk.permissions import Can

LOG, READ, WRITE = "log", "read", "write"
SCOPES = {
    LOG: "log calls",
    READ: "read and find calls",
    WRITE: "add to calls, and write to their users",
}
"""What a key may do, in words."""
START = "mh_"
PREFIX_LENGTH = 12
_POWERS = {
    LOG: (Can.LOG,),
    READ: (Can.SEE, ProcessCan.SEE),
    WRITE: (Can.SEE, Can.WORK, ProcessCan.SEE, ProcessCan.NOTE, ProcessCan.WRITE),
}


def digest(secret: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keys(viewer: Viewer) -> list[ApiKey]:
    """Return the keys where the viewer sets up the desk, by council and name; ended ones last."""
    rows = gate.narrow(viewer, Can.SET_UP, ApiKey.objects.select_related("council"))
    return sorted(rows, key=lambda key: (key.ended_at is not None, key.council.name, key.name))


def key_to_set_up(viewer: Viewer, key_id: int) -> ApiKey:
    """Return one key, for whoever sets up the desk there."""
    row: ApiKey | None = ApiKey.objects.select_related("council").filter(pk=key_id).first()
    if row is None or not gate.may(viewer, Can.SET_UP, row.council_id):
        raise NoSuchKey
    return row


def key_of(header: str) -> ApiKey:
    """Return the key that stands in the header `Authorization`; or refuse, and never say why."""
    kind, _, secret = header.strip().partition(" ")
    secret = secret.strip()
    if kind.lower() != "bearer" or not secret.startswith(START) or len(secret) > 200:  # noqa: PLR2004
        raise KeyNotKnown
    with scope.everything("a key is found by how it begins, before it is compared"):
        rows: list[ApiKey] = list(
            ApiKey.objects.select_related("council").filter(prefix=secret[:PREFIX_LENGTH], ended_at=None)
        )
    given = digest(secret)
    for row in rows:
        if hmac.compare_digest(row.sha256, given):
            return row
    raise KeyNotKnown


def viewer_of(key: ApiKey) -> Viewer:
    """Return a key as the gate sees it: at one council, what it may, and nothing that is private."""
    powers = {can.value for scope_ in key.may for can in _POWERS.get(scope_, ())}
    return Viewer(
        Actor("staff", None, f"Key “{key.name}”"),
        powers={power: frozenset({key.council_id}) for power in powers},
    )
