"""The key that signs checkpoints: made once, kept in the home folder, readable by its owner only."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


@dataclass(frozen=True, slots=True)
class Seals:
    """What is needed to sign, and to check a signature."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()

    @property
    def key_id(self) -> str:
        """The SHA-256 of the public key."""
        return fingerprint(self.public)

    def sign(self, body: str) -> str:
        """Return the signature in hexadecimal."""
        return self.private.sign(body.encode()).hex()


def fingerprint(public: Ed25519PublicKey) -> str:
    """Return what a public key is known by: the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def own(home: Path) -> Seals:
    """Return the house's key; the first call makes it."""
    folder = home / "keys"
    path = folder / "journal.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} is not an Ed25519 key.")
    return Seals(key)


def _make(path: Path) -> None:
    """Make the key, whole or not at all; of two processes that try at once, one wins and both use its key."""
    private = Ed25519PrivateKey.generate()
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    path.with_suffix(".pub").write_bytes(public)


def known(home: Path) -> dict[str, Ed25519PublicKey]:
    """Return the public keys whose signatures count: our own, and every other `*.pub` in the folder."""
    found = [own(home).public]
    for path in sorted((home / "keys").glob("*.pub")):
        key = load_pem_public_key(path.read_bytes())
        if isinstance(key, Ed25519PublicKey):
            found.append(key)
    return {fingerprint(key): key for key in found}


def holds(public: Ed25519PublicKey, signature: str, body: str) -> bool:
    """Say whether this key signed this body."""
    try:
        public.verify(bytes.fromhex(signature), body.encode())
    except (InvalidSignature, ValueError):
        return False
    return True
