"""The roles of `roles.yaml`: the only place that says which role may do what."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).parent / "roles.yaml"
ADMINISTRATOR = "partnership-administrator"
_KEYS = {"title", "for", "may", "granted by"}


@dataclass(frozen=True, slots=True)
class Role:
    """A role: what it is called, whom it is for, what it may do, and which roles may give it."""

    name: str
    title: str
    meant_for: str
    permissions: frozenset[str]
    granted_by: frozenset[str]


@cache
def roles() -> Mapping[str, Role]:
    """Return every role by its name."""
    return read(FILE.read_text(encoding="utf-8"))


@cache
def permissions_of_roles() -> Mapping[str, frozenset[str]]:
    """Return the permissions of each role."""
    return {name: role.permissions for name, role in roles().items()}


def read(text: str) -> dict[str, Role]:
    """Read roles as they are written in roles.yaml."""
    loaded = YAML(typ="safe", pure=True).load(text)
    found = {name: _role(name, written) for name, written in loaded.items()}
    for role in found.values():
        if unknown := sorted(role.granted_by - found.keys()):
            raise ValueError(f"roles.yaml: {role.name} is granted by {unknown[0]}, which is no role.")
    return found


def _role(name: str, written: Mapping[str, Any]) -> Role:
    if set(written) != _KEYS:
        raise ValueError(f"roles.yaml: {name} needs exactly {', '.join(sorted(_KEYS))}.")
    may = written["may"]
    if len(may) != len(set(may)):
        raise ValueError(f"roles.yaml: {name} names a permission twice.")
    return Role(name, written["title"], written["for"], frozenset(may), frozenset(written["granted by"]))
