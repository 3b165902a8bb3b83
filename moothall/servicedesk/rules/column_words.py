"""What other desks call the kinds, statuses and priorities of calls, and what that is here."""

import re
from collections.abc import Mapping

from moothall.servicedesk.rules import kinds, states

_LETTERS = re.compile(r"[^a-z0-9]+")
_NUMBERED = re.compile(r"^\D{0,10}([1-5])\b")
KINDS: Mapping[str, str] = {
    "incident": kinds.INCIDENT, "fault": kinds.INCIDENT, "bug": kinds.INCIDENT, "inc": kinds.INCIDENT,
    "request": kinds.REQUEST, "servicerequest": kinds.REQUEST, "req": kinds.REQUEST, "ritm": kinds.REQUEST,
    "requesteditem": kinds.REQUEST, "demand": kinds.REQUEST,
    "problem": kinds.PROBLEM, "prb": kinds.PROBLEM, "task": kinds.TASK,
}  # fmt: skip
CANCELLED = "cancelled"
STATUSES: Mapping[str, str] = {
    "new": states.NEW, "unassigned": states.NEW, "logged": states.NEW,
    "open": states.OPEN, "inprogress": states.OPEN, "assigned": states.OPEN, "active": states.OPEN,
    "workinprogress": states.OPEN, "inhand": states.OPEN, "processing": states.OPEN, "accepted": states.OPEN,
    "reopened": states.OPEN, "queued": states.OPEN,
    "pending": states.USER, "onhold": states.USER, "awaitinguser": states.USER, "waitingforcustomer": states.USER,
    "awaitinguserinfo": states.USER, "pendingcustomer": states.USER, "waiting": states.USER, "withuser": states.USER,
    "withsupplier": states.SUPPLIER, "awaitingvendor": states.SUPPLIER, "waitingforsupplier": states.SUPPLIER,
    "pendingvendor": states.SUPPLIER, "waitingforvendor": states.SUPPLIER,
    "resolved": states.RESOLVED, "solved": states.RESOLVED, "fixed": states.RESOLVED, "completed": states.RESOLVED,
    "closed": states.CLOSED, "done": states.CLOSED, "closedcomplete": states.CLOSED,
    "cancelled": CANCELLED, "canceled": CANCELLED, "withdrawn": CANCELLED, "rejected": CANCELLED,
    "closedincomplete": CANCELLED, "closedskipped": CANCELLED,
}  # fmt: skip
PRIORITIES: Mapping[str, int] = {
    "critical": 1, "veryhigh": 1, "major": 1, "blocker": 1, "urgent": 2, "high": 2,
    "medium": 3, "moderate": 3, "normal": 3, "low": 4, "minor": 4, "planning": 4, "verylow": 4, "trivial": 4,
}  # fmt: skip
WORDED = ("kind", "status", "priority", "team")
"""What a word of the file has to mean something for."""
MEANINGS: Mapping[str, Mapping[str, str]] = {
    "kind": {
        kinds.INCIDENT: "Incident",
        kinds.REQUEST: "Service request",
        kinds.PROBLEM: "Problem",
        kinds.TASK: "Task",
    },
    "status": {
        states.NEW: "New",
        states.OPEN: "In hand",
        states.USER: "With the user",
        states.SUPPLIER: "With a supplier",
        states.RESOLVED: "Resolved",
        states.CLOSED: "Closed",
        CANCELLED: "Withdrawn or refused",
    },
    "priority": {"1": "P1", "2": "P2", "3": "P3", "4": "P4"},
}


def plain(text: str) -> str:
    """Return a word as words are compared.

    >>> plain("Assigned To"), plain("Work in Progress")
    ('assignedto', 'workinprogress')
    """
    return _LETTERS.sub("", text.casefold())


def priority_of(word: str) -> int:
    """Return the priority that a word means; 0 if none.

    >>> priority_of("2 - High"), priority_of("Low"), priority_of("P1"), priority_of("odd")
    (2, 4, 1, 0)
    """
    numbered = _NUMBERED.match(word.strip())
    return min(int(numbered[1]), kinds.LOWEST) if numbered else PRIORITIES.get(plain(word), 0)
