"""How a call stands, read from the steps of its case that are open, and how it ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NEW, OPEN, APPROVAL, USER, SUPPLIER, RESOLVED, CLOSED = (
    "new", "open", "approval", "user", "supplier", "resolved", "closed",
)  # fmt: skip
DONE, CANCELLED, MERGED = "done", "cancelled", "merged"
WORKING = ("resolve", "deliver", "investigate", "remove")
"""The steps in which somebody of the staff puts a call right, one in each process."""
_STATE: Mapping[str, str] = {
    "log": NEW,
    "triage": NEW,
    "resolve": OPEN,
    "deliver": OPEN,
    "investigate": OPEN,
    "remove": OPEN,
    "approve_manager": APPROVAL,
    "approve_budget": APPROVAL,
    "approve_security": APPROVAL,
    "board": APPROVAL,
    "ecab": APPROVAL,
    "afterwards": APPROVAL,
    "answer": USER,
    "supplier": SUPPLIER,
    "confirm": RESOLVED,
    "watch": RESOLVED,
    "lead": NEW,
    "stood_down": RESOLVED,
}
_RANK = (NEW, OPEN, APPROVAL, USER, SUPPLIER, RESOLVED)
_ENDED: Mapping[str, str] = {
    "duplicate": MERGED,
    "withdrawn": CANCELLED,
    "made-in-error": CANCELLED,
    "not-ours": CANCELLED,
    "refused": CANCELLED,
    "not-done": CANCELLED,
    "rejected": CANCELLED,
    "stood-down": CANCELLED,
}
_FRESH = frozenset({"deliver"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One open step of a case: its key, which run of it, and whether somebody has taken it."""

    step: str
    run: int
    taken: bool


def state_of(waiting: Iterable[Waiting], *, closed: bool) -> str:
    """Return how a call stands. Of several open steps, the one furthest from being done counts.

    Work that is sorted by nobody (what comes from the catalogue) is new until somebody takes it.

    >>> state_of([Waiting("resolve", 1, False)], closed=False), state_of([Waiting("deliver", 1, False)], closed=False)
    ('open', 'new')
    """
    if closed:
        return CLOSED
    found = [
        NEW if each.step in _FRESH and each.run == 1 and not each.taken else _STATE.get(each.step, OPEN)
        for each in waiting
    ]
    return min(found, key=_RANK.index, default=OPEN)


def ended_as(ending: str) -> str:
    """Return how a closed call counts; only what is done counts as resolved.

    >>> ended_as("resolved"), ended_as("duplicate"), ended_as("withdrawn")
    ('done', 'merged', 'cancelled')
    """
    return _ENDED.get(ending, DONE)


def is_open(state: str) -> bool:
    """Say whether a call still waits for somebody: what is resolved waits for the user's word only."""
    return state not in {RESOLVED, CLOSED}
