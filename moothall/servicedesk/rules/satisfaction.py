"""Whom to ask how content they are, when an answer may still be changed, and the words of the letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FORTNIGHT = timedelta(days=14)
CHANGEABLE = timedelta(days=7)
OPEN_FOR = timedelta(days=60)
"""How long the link of a question that nobody answered works."""
MOST_WORDS = 2_000
LEAST_CONTENT = 3
_ASKED_OF = frozenset({"incident", "request"})
_NOBODY_ASKED = frozenset({"monitoring", "recurring", "import"})


@dataclass(frozen=True, slots=True)
class Closed:
    """A call that was closed, as far as it says whether its user is asked."""

    kind: str
    channel: str
    ended: str
    automatic: bool
    was_resolved: bool
    email: str


def is_asked(closed: Closed, asked_before: Sequence[datetime], now: datetime) -> bool:
    """Say whether the user of a closed call is asked: somebody who was helped, at most once a fortnight.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 23, tzinfo=UTC)
    >>> done = Closed("incident", "phone", "done", False, True, "sam@example.org")
    >>> is_asked(done, [], now), is_asked(done, [now - timedelta(days=13)], now)
    (True, False)
    """
    helped = closed.kind in _ASKED_OF and closed.ended == "done" and closed.was_resolved
    somebody = bool(closed.email) and not closed.automatic and closed.channel not in _NOBODY_ASKED
    return helped and somebody and all(at <= now - FORTNIGHT for at in asked_before)


def can_be_answered(asked_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Say whether a question may be answered now, or its answer changed."""
    if answered_at is not None:
        return now < answered_at + CHANGEABLE
    return now < asked_at + OPEN_FOR


def is_low(recommend: int | None, content: int | None) -> bool:
    """Say whether somebody should look at an answer first."""
    return (recommend is not None and recommend <= 6) or (content is not None and content < LEAST_CONTENT)  # noqa: PLR2004


def letter(*, headline: str, reference: str, link: str, name: str) -> tuple[str, str]:
    """Return the subject and the text of the question."""
    body = f"""Hello{f" {name}" if name else ""},

your call to the ICT service desk is closed:

{reference}: {headline}

How was it? Two questions, one minute: {link}

You can answer without signing in, and change your answer for 7 days. Whoever worked on your call cannot answer for you.
The team reads what you write. We ask you at most once a fortnight.
"""
    return f"How was it? {reference} is closed", body
