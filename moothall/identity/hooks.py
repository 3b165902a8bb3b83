"""What upper rooms may hang here: who is staff, where people land, who keeps the record."""

from collections.abc import Callable, Mapping

from moothall.identity.models import User

Fact = str | int | bool | None
StaffCheck = Callable[[User], bool]
Recorder = Callable[[str, User | None, Mapping[str, Fact]], None]

Landing = Callable[[User], str | None]

_staff_checks: dict[str, StaffCheck] = {}
_recorders: dict[str, Recorder] = {}
_landings: dict[str, Landing] = {}


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


def tell(what: str, user: User | None, **facts: Fact) -> None:
    """Tell everyone who keeps a record."""
    for keep in _recorders.values():
        keep(what, user, facts)
