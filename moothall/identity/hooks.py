"""What upper rooms may hang here: who is staff, where people land, who keeps the record, what a proof is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from moothall.identity.models import User

Fact = str | int | bool | None
StaffCheck = Callable[[User], bool]
Recorder = Callable[[str, User | None, Mapping[str, Fact]], None]

Landing = Callable[[User], str | None]


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody proved to be, at a provider that a council trusts with that, on the way to a council's site.

    `addresses` have line1, line2, town, postcode and uprn, as far as they are known; `level` is how sure the provider
    says it is. `council_code` is empty where no council is meant.
    """

    user: User
    given_names: str
    family_name: str
    born: date
    addresses: tuple[Mapping[str, str], ...]
    level: str
    provider: str
    council_code: str


Prover = Callable[[Proven], bool]

_staff_checks: dict[str, StaffCheck] = {}
_recorders: dict[str, Recorder] = {}
_landings: dict[str, Landing] = {}
_provers: dict[str, Prover] = {}


def staff(function: StaffCheck) -> StaffCheck:
    """Hang a function that says whether an account belongs to somebody who works for a council."""
    _staff_checks[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def is_staff(user: User) -> bool:
    """Ask everyone who knows."""
    return any(check(user) for check in _staff_checks.values())


def record(function: Recorder) -> Recorder:
    """Hang a function that keeps what happened: what (`signed_in`), whose account (or None), and facts."""
    _recorders[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def landing(function: Landing) -> Landing:
    """Hang a function that says where somebody goes after signing in; None passes on."""
    _landings[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def landing_of(user: User) -> str | None:
    """Return where somebody goes after signing in, if anybody knows."""
    return next((found for where in _landings.values() if (found := where(user))), None)


def proven(function: Prover) -> Prover:
    """Hang a function that is told whom somebody proved to be, and says whether it knows exactly one such person."""
    _provers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def prove(found: Proven) -> bool:
    """Tell everyone whom somebody proved to be; say whether anybody knows them."""
    answers = [told(found) for told in _provers.values()]
    return any(answers)


def tell(what: str, user: User | None, **facts: Fact) -> None:
    """Tell everyone who keeps a record."""
    for keep in _recorders.values():
        keep(what, user, facts)
