"""How a member of the cast and a team are described."""

from dataclasses import dataclass

Troupe = tuple[str, str, str, tuple[str, ...]]
"""A team: the council that owns it, its function, its name, and the councils it serves."""


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody of the staff: whom they work for, in which teams, with which role, and where else they hold it."""

    name: str
    council: str
    job: str
    roles: tuple[str, ...]
    teams: tuple[str, ...] = ()
    leads: bool = False
    also_at: tuple[str, ...] = ()
