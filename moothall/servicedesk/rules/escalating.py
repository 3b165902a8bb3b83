"""The ladder on which a call is raised to somebody with more say. Plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.plain.errors import HouseError

LEAD, MANAGER, SECOND = "lead", "manager", "second"
RUNGS = (LEAD, MANAGER, SECOND)
"""From the bottom up: who leads the team, the ICT managers, and who is second on call."""
LABELS = {LEAD: "Lead of the team", MANAGER: "ICT manager", SECOND: "Second person on call"}


class NobodyThere(HouseError):
    code = "servicedesk.nobody_there"
    status = 409
    title = "There is nobody on that rung"
    message = "Nobody is named as: {rung}."
    next_step = "Raise it to another one, and ask whoever sets up the desk to name somebody."


class RaisedAlready(HouseError):
    code = "servicedesk.raised_already"
    status = 409
    title = "It was raised already"
    message = "This call was raised to that one already."
    next_step = "Raise it to the next one, or call them: their numbers are on the rota."


class CallIsOver(HouseError):
    code = "servicedesk.call_is_over"
    status = 409
    title = "This call is over"
    message = "It was resolved or closed, so there is nothing to raise."
    next_step = "Open it again first if it still does not work."


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to whom a call may be raised."""

    staff_id: int
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: who stands there, and when the call was raised to them."""

    key: str
    people: Sequence[Person]
    raised_at: datetime | None = None

    @property
    def label(self) -> str:
        return LABELS[self.key]

    @property
    def names(self) -> str:
        return ", ".join(each.name for each in self.people)


def coming(ladder: Sequence[Rung]) -> Rung | None:
    """Return the rung to raise a call to next: the lowest with somebody on it to whom it was not raised yet."""
    return next((rung for rung in ladder if rung.people and rung.raised_at is None), None)
