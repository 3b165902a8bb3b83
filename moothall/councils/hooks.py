"""What upper rooms hang here: their permissions, and their tables that only grow."""

from moothall.councils.permissions import Permission

_permissions: dict[str, Permission] = {}
_append_only: set[str] = set()


def permissions(can: type[Permission]) -> type[Permission]:
    """Hang a room's permissions, so that roles.yaml may name them."""
    for permission in can:
        held = _permissions.setdefault(permission.value, permission)
        if type(held) is not can:
            raise ValueError(f"The permission {permission.value} is named twice: {type(held)} and {can}.")
    return can


def known_permissions() -> dict[str, Permission]:
    """Return every permission that was hung, by its name."""
    return dict(_permissions)


def kinds() -> frozenset[str]:
    """Return the kinds of data that an agreement may cover."""
    return frozenset(permission.kind for permission in _permissions.values())


def append_only(*labels: str) -> None:
    """Hang tables (as `room.Model`) whose rows the runtime role of PostgreSQL may add and read, never change."""
    _append_only.update(labels)


def append_only_tables() -> frozenset[str]:
    """Return the models whose tables only grow, as `room.model` in small letters."""
    return frozenset(label.lower() for label in _append_only)
