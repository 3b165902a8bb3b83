"""When a P1 opens a major incident, when its users hear again, and what of its timeline stands. Plain values only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from moothall.servicedesk.errors.majors import NotNow, NotSaid

PROCESS = "ict-major-incident"
P1 = 1
SOON = timedelta(minutes=5)
"""How long before a notice is due it is shown as due soon."""
ESCALATE_AFTER = timedelta(minutes=10)
"""How late a notice is when the ICT managers hear of it."""
AHEAD = timedelta(minutes=5)
"""How far clocks of machines may be apart: so far ahead somebody may say that something happened."""
TEXT_LENGTH = 2_000
NOTICE_LENGTH = 1_000
EVERY = (15, 30, 60, 120, 240)
"""How often users are told, in minutes."""
Urgency = Literal["good", "soon", "late"]
Move = Literal["open", "again", "stand-down", ""]


def move(priority: int, standing: str) -> Move:
    """Return what a priority does to a call's major incident; `standing` is its state, empty if it has none.

    >>> move(1, ""), move(1, "open"), move(2, "open"), move(1, "stood-down"), move(2, "stood-down"), move(3, "")
    ('open', '', 'stand-down', 'again', '', '')
    """
    if priority == P1:
        return {"": "open", "stood-down": "again"}.get(standing, "")  # type: ignore[return-value]
    return "stand-down" if standing == "open" else ""


@dataclass(frozen=True, slots=True)
class Step:
    """How one step of its case stands, and how it turned out."""

    state: str
    outcome: str = ""


def standing_of(steps: Mapping[str, Step], *, ending: str) -> str:
    """Return how a major incident stands, by the steps of its case; `ending` is empty while that is open.

    >>> done = Step("done", "restored")
    >>> standing_of({"restore": done, "report": Step("open")}, ending="")
    'restored'
    >>> standing_of({"restore": done, "report": Step("done"), "review": Step("open")}, ending="")
    'review'
    >>> standing_of({"lead": Step("open")}, ending=""), standing_of({}, ending="stood-down")
    ('open', 'stood-down')
    """
    if ending:
        return "closed" if ending == "reported" else "stood-down"
    open_now = {key for key, step in steps.items() if step.state == "open"}
    if "stood_down" in open_now:
        return "stood-down"
    if "review" in open_now:
        return "review"
    restored = steps.get("restore", Step(""))
    return "restored" if restored.state == "done" and restored.outcome == "restored" else "open"


def next_due(opened_at: datetime, every_minutes: int, told_at: datetime | None) -> datetime:
    """Return when a council's users are to hear next: so long after they were told last, or after it began."""
    return (told_at or opened_at) + timedelta(minutes=every_minutes)


def urgency(due_at: datetime, now: datetime) -> Urgency:
    """Say how near the next notice is."""
    if due_at <= now:
        return "late"
    return "soon" if due_at - now <= SOON else "good"


def countdown(due_at: datetime, now: datetime) -> str:
    """Return how long until something is due, in words; the script on the page says the same.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> countdown(noon + timedelta(minutes=12), noon), countdown(noon - timedelta(minutes=61), noon)
    ('in 12 minutes', '1 hour 1 minute late')
    >>> countdown(noon, noon)
    'now'
    """
    minutes = int((due_at - now).total_seconds() / 60)  # towards zero: late is late by whole minutes
    late = minutes < 0
    hours, rest = divmod(-minutes if late else minutes, 60)
    if not hours and not rest:
        return "now"
    parts = [f"{hours} hour{'s' * (hours != 1)}"] if hours else []
    parts += [f"{rest} minute{'s' * (rest != 1)}"] if rest else []
    return f"{' '.join(parts)} late" if late else f"in {' '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, by its number: what it says, and which earlier line it puts right."""

    number: int
    at: datetime
    corrects: int | None = None


def in_order(lines: Iterable[Line]) -> list[tuple[int, tuple[int, ...]]]:
    """Return the lines that stand, by the time of what they say, each with the lines that it has put right.

    A line is never overwritten: what was said first stays under what is said now.
    """
    known = {each.number: each for each in lines}
    after = {each.corrects: each.number for each in sorted(known.values(), key=lambda each: each.number)}
    standing: dict[int, list[int]] = {}
    for number in sorted(known):
        last, seen = number, {number}
        while (then := after.get(last)) is not None and then not in seen:
            last = then
            seen.add(then)
        standing.setdefault(last, [])
        if last != number:
            standing[last].append(number)
    ordered = sorted(standing, key=lambda number: (known[number].at, number))
    return [(number, tuple(reversed(standing[number]))) for number in ordered]


def check_line(text: str, at: datetime, now: datetime, *, key: str = "text") -> str:
    """Return the words of a line as they are kept; refuses none, too many, and a time that is still to come."""
    words = text.strip()
    wrong: dict[str, list[str]] = {}
    if not words:
        wrong[key] = ["Enter what happened."]
    if len(words) > TEXT_LENGTH:
        wrong[key] = [f"Use {TEXT_LENGTH:,} characters or fewer."]
    if at > now + AHEAD:
        wrong["at"] = ["The time must not be still to come."]
    if wrong:
        raise NotSaid(wrong, why=next(iter(wrong.values()))[0])
    return words


def check_notice(texts: Mapping[int, str], told: Sequence[int]) -> dict[int, str]:
    """Return the words for each council that is told; refuses a council without words."""
    if not told:
        raise NotSaid({"councils": ["Choose whom to tell."]}, why="Choose whom to tell.")
    found: dict[int, str] = {}
    wrong: dict[str, list[str]] = {}
    for council_id in told:
        words = texts.get(council_id, "").strip()
        if not words:
            wrong["text"] = ["Enter what users are told."]
        elif len(words) > NOTICE_LENGTH:
            wrong["text"] = [f"Use {NOTICE_LENGTH:,} characters or fewer."]
        found[council_id] = words
    if wrong:
        raise NotSaid(wrong, why=wrong["text"][0])
    return found


def check_going_on(state: str, act: str) -> None:
    """Refuse what is only done while a major incident is going on."""
    if state != "open":
        raise NotNow(why=f"This major incident is not going on any more, so you cannot {act}.")


def check_reason(text: str, question: str, *, key: str = "why", most: int = 300) -> str:
    """Return a written reason; refuses none."""
    words = " ".join(text.split())
    if not words:
        raise NotSaid({key: [question]}, why=question)
    if len(words) > most:
        raise NotSaid({key: [f"Use {most} characters or fewer."]}, why=f"Use {most} characters or fewer.")
    return words
