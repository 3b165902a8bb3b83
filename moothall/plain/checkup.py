"""What `moothall doctor` asks: each room hangs its questions here, and answers in sentences."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and what to do about it."""

    level: Literal["problem", "advice"]
    what: str
    do: str


Check = Callable[[datetime], Iterable[Finding]]
_checks: dict[str, Check] = {}


def problem(what: str, do: str) -> Finding:
    """Return a finding that must be seen to before the house is used in earnest."""
    return Finding("problem", what, do)


def advice(what: str, do: str) -> Finding:
    """Return a finding that can wait, but not for ever."""
    return Finding("advice", what, do)


def hang(name: str) -> Callable[[Check], Check]:
    """Hang a check under a name of its own; call it in `apps.py: ready()` of the room, or at the roof."""

    def keep(check: Check) -> Check:
        if name in _checks and _place(_checks[name]) != _place(check):
            raise ValueError(f"There is a check named {name} already.")
        _checks[name] = check
        return check

    return keep


def _place(check: Check) -> tuple[str, str]:
    """Return where a check is written: a module that is read twice hangs the same check again."""
    return check.__module__, check.__qualname__


def run(now: datetime) -> Iterator[tuple[str, list[Finding]]]:
    """Run every check; one that fails is itself a finding, and the others still run."""
    for name, check in _checks.items():
        try:
            yield name, list(check(now))
        except Exception as error:  # noqa: BLE001 - a doctor goes on to the next question
            what = f"This could not be checked: {type(error).__name__}: {str(error).strip() or '(no words)'}"
            yield name, [problem(what, "See to what stands above this line first, then ask again.")]
