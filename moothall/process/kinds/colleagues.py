"""A question answered with a member of staff: by their email address or their full name, and kept with both numbers.

Who works here is known elsewhere: whoever starts the house says how they are looked up (`looked_up_by`). Where cases
are made up or played again, what is given is taken as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from moothall.process.definition import Field
from moothall.process.kinds.kind import Kind, Wrong
from moothall.process.kinds.tidying import tidy

Colleague = dict[str, Any]
Look = Callable[[int | None, str], Sequence[Colleague]]
_NUMBERED = re.compile(r"(?:.*\()?(\d{1,9})\)?", re.ASCII)
_LONGEST = 254
_PARTS = frozenset({"staff", "user", "name"})


def _nobody(_number: int | None, _words: str) -> Sequence[Colleague]:
    return ()


class _Directory:
    look: Look = staticmethod(_nobody)


_as_given: ContextVar[bool] = ContextVar("moothall_staff_as_given", default=False)


def looked_up_by(look: Look) -> None:
    """Say how members of staff are looked up who work now: by their number, or by email address or full name."""
    _Directory.look = staticmethod(look)


@contextmanager
def as_given() -> Iterator[None]:
    """Take members of staff as they are given, whoever works here now."""
    token = _as_given.set(True)
    try:
        yield
    finally:
        _as_given.reset(token)


class StaffKind(Kind):
    """Kept are the numbers of the member of staff and of their account, and their name as it then was."""

    name = "staff"
    rules = "person"
    hint = "Enter their work email address, or their full name."

    def missing(self, field: Field) -> str:
        return f"Enter who it is for “{field.name}”."

    def clean(self, field: Field, raw: Any, *, today: date) -> Colleague | None:  # noqa: ARG002
        if raw is None or raw in ("", {}):
            return None
        if _as_given.get():
            return dict(raw) if isinstance(raw, Mapping) and raw.keys() >= _PARTS else None
        number, words = _meant(field, raw)
        if number is None and not words:
            return None
        found = _Directory.look(number, words)
        if len(found) > 1:
            raise Wrong(f"There are {len(found)} people called {words}. Enter the work email address of one.")
        if not found:
            raise Wrong(f"Nobody who works here is called so. Enter a work email address for “{field.name}”.")
        return dict(found[0])

    def words(self, _field: Field, value: Any) -> str:
        return str(value["name"])

    def typed(self, value: Any) -> str:
        """Return a value as its input shows it, so that it is the same person who is sent again."""
        return f"{value['name']} ({value['staff']})"

    def rule_value(self, value: Any) -> Any:
        """Return the person as rules compare them with who did a step."""
        return f"user:{value['user']}"


def _meant(field: Field, raw: Any) -> tuple[int | None, str]:
    """Return the number that is meant, or the words by which somebody is to be looked up."""
    if isinstance(raw, Mapping):
        raw = raw.get("staff")
    if type(raw) is int:
        return (raw, "") if 0 < raw < 10**9 else (None, "0")
    words = tidy(raw, longest=_LONGEST, name=field.name)
    found = _NUMBERED.fullmatch(words)
    return (int(found[1]), words) if found else (None, words)
