"""Who acts: a resident, a member of staff, or the house itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, as the record will name them for ever."""

    kind: Literal["resident", "staff", "system"]
    user_id: int | None
    name: str


SYSTEM = Actor(kind="system", user_id=None, name="Moothall")
