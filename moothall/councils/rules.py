"""Who is looking, and what follows from roles and agreements. No Django, no database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from moothall.plain.actors import SYSTEM, Actor

RESERVED = frozenset(
    {
        "account",
        "admin",
        "api",
        "assets",
        "demo",
        "livez",
        "look",
        "mail",
        "media",
        "metrics",
        "readyz",
        "static",
        "work",
    }
)
"""First words of addresses that are not a council's site; no council may have one as its code."""

PERSON = "PSN"
"""What the reference of a person begins with; no council may have it for its cases."""

_NOTHING: Mapping[str, frozenset[int]] = MappingProxyType({})
_NO_NAMES: Mapping[int, str] = MappingProxyType({})
_NO_TEAMS: Mapping[int, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whoever looks or acts, with everything the gate needs to know about them.

    `council_id` is the employer of staff, or the council whose site a resident is on. `agreements` names, for each
    council other than the employer, the agreement under which its rows may be seen. `serves` says, for each council
    that a team of theirs serves, what process files call those teams.
    """

    actor: Actor
    staff_id: int | None = None
    council_id: int | None = None
    powers: Mapping[str, frozenset[int]] = field(default_factory=lambda: _NOTHING)
    team_ids: frozenset[int] = frozenset()
    leads: frozenset[int] = frozenset()
    agreements: Mapping[int, str] = field(default_factory=lambda: _NO_NAMES)
    serves: Mapping[int, frozenset[str]] = field(default_factory=lambda: _NO_TEAMS)
    whole: bool = False  # the powers reach every council of the partnership

    @property
    def is_staff(self) -> bool:
        return self.staff_id is not None

    @property
    def is_system(self) -> bool:
        return self.actor.kind == "system"

    @property
    def is_signed_in(self) -> bool:
        return self.actor.user_id is not None

    @property
    def councils(self) -> frozenset[int]:
        """Every council at which the viewer may do anything at all; for residents, the one whose site they are on."""
        reached = frozenset[int]().union(*self.powers.values())
        if self.council_id is not None and not self.is_system:
            return reached | {self.council_id}
        return reached

    @classmethod
    def system(cls) -> "Viewer":
        """Return the house itself, which no gate holds back: sweeps, imports, the demonstration's set-up."""
        return cls(SYSTEM)

    @classmethod
    def anonymous(cls, council_id: int | None) -> "Viewer":
        """Return somebody who has not signed in, on a council's site."""
        return cls(Actor(kind="resident", user_id=None, name="Somebody not signed in"), council_id=council_id)

    @classmethod
    def resident(cls, *, user_id: int, name: str, council_id: int | None) -> "Viewer":
        """Return a signed-in resident on a council's site."""
        return cls(Actor(kind="resident", user_id=user_id, name=name), council_id=council_id)


@dataclass(frozen=True, slots=True)
class Granted:
    """One role somebody was given at one council, perhaps under one named agreement."""

    role: str
    council_id: int
    agreement_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sharing:
    """One agreement, as far as powers follow from it."""

    id: int
    name: str
    council_ids: frozenset[int]
    kinds: frozenset[str]
    starts_on: date
    ends_on: date | None = None

    def in_force(self, today: date) -> bool:
        """Both the first and the last day count."""
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)

    def covers(self, kind: str, *councils: int) -> bool:
        return kind in self.kinds and self.council_ids.issuperset(councils)


def powers(
    *,
    employer: int,
    grants: Iterable[Granted],
    agreements: Iterable[Sharing],
    roles: Mapping[str, frozenset[str]],
    today: date,
) -> tuple[dict[str, frozenset[int]], dict[int, str]]:
    """Return what somebody may do where, and which agreement opens each council that does not employ them.

    A role that roles.yaml no longer has gives nothing. A grant under a named agreement counts under that one only.
    """
    valid = [agreement for agreement in agreements if agreement.in_force(today)]
    reached: dict[str, set[int]] = {}
    opened_by: dict[int, set[str]] = {}
    for grant in grants:
        for permission in roles.get(grant.role, frozenset()):
            if grant.council_id != employer:
                names = _opening(grant, permission, employer, valid)
                if not names:
                    continue
                opened_by.setdefault(grant.council_id, set()).update(names)
            reached.setdefault(permission, set()).add(grant.council_id)
    return (
        {permission: frozenset(councils) for permission, councils in reached.items()},
        {council: " and ".join(sorted(names)) for council, names in opened_by.items()},
    )


def _opening(grant: Granted, permission: str, employer: int, valid: list[Sharing]) -> set[str]:
    kind = permission.partition(".")[0]
    return {
        agreement.name
        for agreement in valid
        if agreement.covers(kind, employer, grant.council_id)
        and (grant.agreement_id is None or grant.agreement_id == agreement.id)
    }
