"""Checkpoints: the heads of all chains at one moment, signed; a row, and a file that can leave the house."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from moothall.journal import hooks, keys, rules, sealing
from moothall.journal.models import Checkpoint
from moothall.plain.canonical import canonical

_HEADS = """SELECT s.council_id, s.seq, s.hash FROM journal_seal s
JOIN (SELECT council_id, MAX(seq) AS top FROM journal_seal GROUP BY council_id) t
ON t.council_id = s.council_id AND t.top = s.seq ORDER BY s.council_id"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one checkpoint says: each council's chain was so long, and ended so."""

    name: str
    heads: Mapping[int, tuple[int, str]]
    fault: str  # why it cannot be believed; empty if it can


def heads() -> dict[int, tuple[int, str]]:
    """Return the last link of each chain: council number to link number and hash."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_HEADS)
        return {council_id: (seq, head) for council_id, seq, head in cursor.fetchall()}


def root_of(found: Mapping[int, tuple[int, str]]) -> str:
    """Return the Merkle root over the heads, in the order of the councils' numbers."""
    return rules.merkle_root(canonical([number, *head]) for number, head in sorted(found.items()))


def make(now: datetime, home: Path) -> Checkpoint | None:
    """Seal everything, then sign the heads; None if nothing happened since the last checkpoint."""
    with hooks.whole_house("journal.checkpoint"):
        sealing.seal_everything()
    found, last = heads(), Checkpoint.objects.order_by("-id").first()
    root = root_of(found)
    if not found or (last is not None and last.root == root):
        return None
    body = canonical(
        {
            "format": 1,
            "at": now,
            "heads": {str(number): list(head) for number, head in found.items()},
            "root": root,
            "previous": last.root if last else rules.GENESIS,
        }
    ).decode()
    key = keys.own(home)
    with transaction.atomic():
        made = Checkpoint.objects.create(
            at=now, body=body, root=root, key_id=key.key_id, signature=key.sign(body)
        )
    _export(made, home / "checkpoints")
    return made


def _export(made: Checkpoint, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{made.at:%Y%m%dT%H%M%SZ}-{made.root[:12]}.json"
    draft = path.with_suffix(".draft")
    text = json.dumps(
        {"body": made.body, "key_id": made.key_id, "signature": made.signature}, indent=1, ensure_ascii=False
    )
    with draft.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def claims_of_rows(known: Mapping[str, Ed25519PublicKey]) -> list[Claim]:
    """Return what the checkpoints in the database say, the oldest first."""
    claims, previous = [], rules.GENESIS
    for row in Checkpoint.objects.order_by("id").iterator():
        claim = _claim(f"checkpoint {row.pk}", row.body, row.key_id, row.signature, known)
        if not claim.fault:
            said = json.loads(row.body)
            if said["previous"] != previous or said["root"] != row.root:
                claim = Claim(claim.name, {}, "it does not follow the one before it")
            previous = said["root"]
        claims.append(claim)
    return claims


def claim_of_file(path: Path, known: Mapping[str, Ed25519PublicKey]) -> Claim:
    """Return what an exported checkpoint says."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        return _claim(path.name, kept["body"], kept["key_id"], kept["signature"], known)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return Claim(path.name, {}, f"it cannot be read ({error})")


def _claim(name: str, body: str, key_id: str, signature: str, known: Mapping[str, Ed25519PublicKey]) -> Claim:
    if key_id not in known:
        return Claim(name, {}, f"it is signed by a key that is not known here ({key_id[:12]}…)")
    if not keys.holds(known[key_id], signature, body):
        return Claim(name, {}, "its signature is wrong")
    said: dict[str, Any] = json.loads(body)
    found = {int(number): (seq, head) for number, (seq, head) in said["heads"].items()}
    if root_of(found) != said["root"]:
        return Claim(name, {}, "its root does not follow from its heads")
    return Claim(name, found, "")
