"""Checks at start: roles.yaml and the rooms' permissions must agree."""

from typing import Any

from django.core.checks import CheckMessage, Error

from moothall.councils import hooks
from moothall.councils.roles import FILE, roles


def roles_agree(**_: Any) -> list[CheckMessage]:
    """Refuse a permission that no room knows, and one that no role gives."""
    known = set(hooks.known_permissions())
    try:
        found = roles()
    except ValueError as error:
        return [Error(str(error), id="councils.E001")]
    messages: list[CheckMessage] = [
        Error(
            f"roles.yaml: {role.name} may “{name}”, which no room knows.",
            hint="Correct the name, or hang the room's permissions in its apps.py.",
            obj=str(FILE.name),
            id="councils.E002",
        )
        for role in found.values()
        for name in sorted(role.permissions - known)
    ]
    given = frozenset[str]().union(*(role.permissions for role in found.values()))
    messages += [
        Error(
            f"roles.yaml: no role may “{name}”, so nobody ever could.",
            hint="Give it to a role, or take the permission out of its room.",
            id="councils.E003",
        )
        for name in sorted(known - given)
    ]
    return messages
