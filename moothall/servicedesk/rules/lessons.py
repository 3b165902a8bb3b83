"""Actions that were promised: what one must be, and which of an earlier major incident were left undone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from moothall.servicedesk.errors.majors import NotNow, NotSaid

TEXT_LENGTH = 300
FURTHEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Promise:
    """One action of a report: by when it was promised, and when it was done or dropped, if it was."""

    number: int
    due_on: date
    done_on: date | None = None
    dropped: bool = False


def left_undone(promises: Iterable[Promise], began: date) -> list[int]:
    """Return the actions that were not done when a later major incident began: undone, dropped, or done too late.

    What was not due yet when it began is undone all the same: it was promised, and it had not been done.
    """
    return [each.number for each in promises if each.dropped or each.done_on is None or each.done_on > began]


def check_action(text: str, due_on: date, today: date) -> str:
    """Return the words of an action as they are kept; refuses none, and a day that is past or years away."""
    words = " ".join(text.split())
    wrong: dict[str, list[str]] = {}
    if not words:
        wrong["text"] = ["Enter what is to be done."]
    elif len(words) > TEXT_LENGTH:
        wrong["text"] = [f"Use {TEXT_LENGTH} characters or fewer."]
    if due_on < today:
        wrong["due_on"] = ["The date must be today or later."]
    elif due_on > today + FURTHEST:
        wrong["due_on"] = ["The date must be within two years."]
    if wrong:
        raise NotSaid(wrong, why=next(iter(wrong.values()))[0])
    return words


def check_open(*, is_done: bool) -> None:
    """Refuse to change an action that was done or dropped already."""
    if is_done:
        raise NotNow(why="This action was done or dropped already.")
