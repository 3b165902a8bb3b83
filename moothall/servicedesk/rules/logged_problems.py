"""Problems of another desk as its event log tells them: who had each, what it is about, and how it went.

The log that this was made for is Volvo IT's of closed problems (BPI Challenge 2013): its support teams are called
“organization involved”, its products are systems, its impact is what we call priority.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from moothall.process.replay.logs import Trace
from moothall.servicedesk.rules import kinds

SAID = ("impact", "product", "organization involved", "org:role")
TEAM, PRODUCT, IMPACT = "organization involved", "product", "impact"
DONE = "Completed"
_PRIORITY: Mapping[str, int] = {"major": 2, "high": 2, "medium": 3, "low": 4}
_UNKNOWN = frozenset({"", "UNKNOWN", "-"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `took_at` is when somebody had accepted it first, `resolved_at` when it was first completed."""

    name: str
    team: str
    product: str
    person: str
    priority: int
    logged_at: datetime
    took_at: datetime
    resolved_at: datetime
    closed_at: datetime
    moves: int
    summary: str


def problem_of(trace: Trace) -> Problem:
    """Return the problem that a trace tells. The team is the one that completed it; each change of team is a move."""
    events = trace.events
    done = [each for each in events if each.activity.startswith(DONE)] or [events[-1]]
    accepted = next((each.at for each in events if each.activity.startswith("Accepted")), events[0].at)
    last = events[-1]
    product, impact = _known(last.said.get(PRODUCT)), _known(last.said.get(IMPACT))
    teams = [each.said.get(TEAM, "") for each in events if _known(each.said.get(TEAM))]
    return Problem(
        name=trace.name,
        team=teams[-1] if teams else "",
        product=product,
        person=_known(last.resource),
        priority=_PRIORITY.get(impact.casefold(), kinds.LOWEST),
        logged_at=events[0].at,
        took_at=accepted,
        resolved_at=done[0].at,
        closed_at=last.at,
        moves=_changes(teams),
        summary=f"Problem {trace.name}" + (f" with {product}" if product else ""),
    )


def _known(text: str | None) -> str:
    return "" if text is None or text in _UNKNOWN else text


def _changes(names: Sequence[str]) -> int:
    """Return how often a name is another one than the one before.

    >>> _changes(["a", "a", "b", "a"])
    2
    """
    return sum(one != other for one, other in pairwise(names))
