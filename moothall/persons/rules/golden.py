"""Which of several values to rely on, where councils and sources say different things."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Protocol, TypeVar

from moothall.persons.rules.wordlists import USES


class Sourced(Protocol):
    """A fact, as far as it is weighed."""

    kind: str
    body: Any
    until: date | None
    source: str
    source_at: Any
    id: int


S = TypeVar("S", bound=Sourced)


def best_first(facts: Iterable[S], today: date) -> list[S]:
    """Return facts with the one to rely on first in its kind.

    What is still so comes before what was; what was proved or said by the person themselves before what others said of
    them; what they prefer before the rest; and what was said last before what was said earlier.
    """
    latest = sorted(facts, key=lambda fact: (fact.source_at, fact.id), reverse=True)
    return sorted(latest, key=lambda fact: _rank(fact, today))


def _rank(fact: Sourced, today: date) -> tuple[bool, int, int, bool, bool]:
    body = fact.body
    ended = fact.until is not None and fact.until < today
    guessed = body.get("precision", "exact") != "exact"
    preferred = bool(body.get("preferred"))
    return ended, USES.get(str(body.get("use", "")), 0), _trust(fact.source), guessed, not preferred


def _trust(source: str) -> int:
    """Return how far a source is from the person: proved or put right by law, themselves, staff, other systems."""
    kind = source.partition(":")[0]
    return {"identity": 0, "rectification": 0, "resident": 1, "request": 1, "adviser": 1}.get(kind, 2)
