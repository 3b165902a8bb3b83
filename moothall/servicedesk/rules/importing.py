"""Calls of another system: what one row says, how a call of each kind went there, and what cannot have been so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from moothall.servicedesk.rules import kinds, states

DONE, CANCELLED = states.DONE, states.CANCELLED
SUMMARY_LENGTH = 200
DETAIL_LENGTH = 4_000
_CUT = "…"
NOT_KNOWN = "Not said by the system that this call was brought from."
_FIXED = "Resolved in the system that this call was brought from."
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One call as it was elsewhere. `external` is its reference there; of people and things, our own numbers.

    `state` is one of `rules.states`; the times that belong to it must be there. `first_reply_at` is when somebody
    wrote to the user first, `taken_at` when the work was sorted. What is not known is left as it is.
    """

    external: str
    summary: str
    logged_at: datetime
    line: int = 0
    kind: str = kinds.INCIDENT
    state: str = states.CLOSED
    ended: str = DONE
    detail: str = ""
    category: str = ""
    priority: int = 4
    channel: str = "import"
    automatic: bool = False
    item_id: int | None = None
    item_name: str = ""
    team_id: int | None = None
    team_name: str = ""
    staff_id: int | None = None
    user_id: int | None = None
    user_name: str = ""
    requester_id: int | None = None
    caller_name: str = ""
    caller_email: str = ""
    taken_at: datetime | None = None
    first_reply_at: datetime | None = None
    first_reply: str = "We have taken up your call."
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    fix: str = ""
    moves: int = 0
    reopened: int = 0
    first_contact: bool | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that is not brought in: its line, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Way:
    """How a call of one kind goes: which steps, with which outcome, and how it ends."""

    sort: str
    sorted_as: str
    work: str
    done: str
    before: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()
    ends: str = ""
    ask: str = ""
    hand_on: str = ""
    confirm: str = ""
    confirmed: str = ""


WAYS: Mapping[str, Way] = {
    kinds.INCIDENT: Way(
        "triage", "accepted", "resolve", "resolved",
        ask="ask-user", hand_on="with-supplier", confirm="confirm", confirmed="works", ends="completed",
    ),
    kinds.REQUEST: Way(
        "", "", "deliver", "resolved",
        ask="ask-user", confirm="confirm", confirmed="works", ends="completed",
    ),
    kinds.PROBLEM: Way(
        "", "", "remove", "resolved",
        before=(("investigate", "change", {"cause": NOT_KNOWN, "way": "change"}),), ends="solved",
    ),
    kinds.TASK: Way("", "", "deliver", "resolved", ends="done"),
}  # fmt: skip
_URGENCY_OF_REQUEST = {2: "no", 3: "partly", 4: "yes"}
_OF_INCIDENT = {
    1: ("council", "no"),
    2: ("team", "no"),
    3: ("one-person", "no"),
    4: ("one-person", "yes"),
}
_HIGHEST_OF = {kinds.INCIDENT: 1}
_CHOICES = {
    "hardware", "software", "access", "network", "telephony", "email", "printing", "security", "other",
}  # fmt: skip


def answers(row: Row) -> dict[str, Any]:
    """Return what whoever logged the call answered, as the process of its kind asks it."""
    found: dict[str, Any] = {"summary": cut(row.summary, SUMMARY_LENGTH)}
    if detail := _detail(row):
        found["detail"] = detail
    if row.item_name:
        found["system"] = cut(row.item_name, SUMMARY_LENGTH)
    if row.kind == kinds.INCIDENT:
        found["category"] = _category(row.category) or "other"
        found["impact"], found["urgency"] = _OF_INCIDENT[row.priority]
        return found
    if row.category:
        found["category"] = cut(row.category, 60)
    if row.kind == kinds.REQUEST:
        found |= {"approval": "none", "urgency": _URGENCY_OF_REQUEST[max(row.priority, 2)]}
    else:
        found["priority"] = f"P{max(row.priority, 2)}"
    return found


def _detail(row: Row) -> str:
    """Return the details; what was too long for a summary, and a category that we do not have, stand there whole."""
    parts = [row.summary.strip()] if len(row.summary.strip()) > SUMMARY_LENGTH else []
    if row.kind == kinds.INCIDENT and row.category and not _category(row.category):
        parts.append(f"Category: {row.category}")
    return cut("\n\n".join(each for each in [*parts, row.detail.strip()] if each), DETAIL_LENGTH)


def _category(said: str) -> str:
    """Return which kind of fault a category is, if it is one of ours.

    >>> _category("Printing"), _category("Toner")
    ('printing', '')
    """
    return said.casefold() if said.casefold() in _CHOICES else ""


def fix_of(row: Row) -> str:
    """Return what is said to have put it right."""
    return cut(row.fix, DETAIL_LENGTH) or _FIXED


def cut(text: str, longest: int) -> str:
    """Return text of at most so many letters.

    >>> cut("  twelve  ", 20), cut("twelve", 4)
    ('twelve', 'twe…')
    """
    kept = text.strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + _CUT


def wrong(row: Row, now: datetime) -> list[str]:
    """Return what cannot have been so, each in a sentence."""
    found = []
    if not row.summary.strip():
        found.append("It does not say what is wrong.")
    if row.kind not in WAYS:
        found.append(f"“{row.kind}” is no kind of call that can be brought in.")
    if row.logged_at > now + AHEAD:
        found.append("It was logged in the future.")
    if row.state in {states.RESOLVED, states.CLOSED} and row.resolved_at is row.closed_at is None:
        found.append(f"It is {row.state}, but not since when.")
    for name, at in _times(row):
        if at < row.logged_at:
            found.append(f"It was {name} before it was logged.")
        elif at > now + AHEAD:
            found.append(f"It was {name} in the future.")
    if row.resolved_at and row.closed_at and row.closed_at < row.resolved_at:
        found.append("It was closed before it was resolved.")
    return found


def _times(row: Row) -> Sequence[tuple[str, datetime]]:
    named = (
        ("taken up", row.taken_at),
        ("answered", row.first_reply_at),
        ("resolved", row.resolved_at),
        ("closed", row.closed_at),
    )
    return [(name, at) for name, at in named if at is not None]


def highest(kind: str) -> int:
    """Return the highest priority that a kind of call has.

    >>> highest("incident"), highest("request")
    (1, 2)
    """
    return _HIGHEST_OF.get(kind, 2)
