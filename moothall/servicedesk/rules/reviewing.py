"""What a report must say before the councils review it, and how it stands until they approve it. Plain values only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from moothall.servicedesk.errors.majors import NotSaid

SECTION_LENGTH = 8_000
ReportStanding = Literal["not-due", "due", "late", "in-review", "late-in-review", "approved"]
ActionStanding = Literal["open", "overdue", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Report:
    """What the report of a major incident says."""

    summary: str = ""
    cause: str = ""
    cause_owner: str = ""
    root_cause: str = ""
    went_well: str = ""
    lessons: str = ""


_MISSING = {
    "summary": "Enter what happened.",
    "cause": "Select what lay behind it.",
    "cause_owner": "Select whose cause it was.",
    "root_cause": "Enter the root cause, or why it was not found.",
    "lessons": "Enter what was learned.",
}
_LONG = ("summary", "root_cause", "went_well", "lessons")
NO_ACTION = "Add at least one action, with whose it is and by when, before the report goes to review."


def check_lengths(report: Report) -> None:
    """Refuse a section that is too long to be kept."""
    wrong = {
        key: [f"Use {SECTION_LENGTH:,} characters or fewer."]
        for key in _LONG
        if len(getattr(report, key)) > SECTION_LENGTH
    }
    if wrong:
        raise NotSaid(wrong, why=next(iter(wrong.values()))[0])


def missing(report: Report, *, actions: int) -> dict[str, list[str]]:
    """Return what the report must still say before it goes to review; an unknown cause may have no action yet.

    >>> sorted(missing(Report(cause="unknown", cause_owner="shared"), actions=0))
    ['lessons', 'root_cause', 'summary']
    """
    wrong = {key: [words] for key, words in _MISSING.items() if not getattr(report, key).strip()}
    if not actions and report.cause != "unknown":
        wrong["actions"] = [NO_ACTION]
    return wrong


def check_report(report: Report, *, actions: int) -> None:
    """Refuse a report that does not say what the councils review."""
    check_lengths(report)
    if wrong := missing(report, actions=actions):
        raise NotSaid(wrong, why=next(iter(wrong.values()))[0])


def report_standing(
    state: str, *, due_at: datetime | None, reported_at: datetime | None, now: datetime
) -> ReportStanding:
    """Say how the report of a restored major incident stands. Late in review is one that came to review too late."""
    if state == "closed":
        return "approved"
    late = due_at is not None and due_at < (reported_at or now)
    if state == "review":
        return "late-in-review" if late else "in-review"
    if state == "restored":
        return "late" if late else "due"
    return "not-due"


def action_standing(*, due_on: date, is_done: bool, dropped: bool, today: date) -> ActionStanding:
    """Say how an action stands: it is overdue from the day after it was due."""
    if is_done:
        return "dropped" if dropped else "done"
    return "overdue" if due_on < today else "open"


def week_of(day: date) -> str:
    """Return the week of a day (ISO 8601), by which somebody is reminded once.

    >>> week_of(date(2026, 11, 30)), week_of(date(2027, 1, 3))
    ('2026-W49', '2026-W53')
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def hit_first(codes: Sequence[str], own: str) -> list[str]:
    """Return the codes of the councils hit, each once: the council of the call first, then the others by name.

    >>> hit_first(["wen", "ald", "wen"], "frn")
    ['frn', 'ald', 'wen']
    """
    return [own, *sorted(set(codes) - {own})]
