"""Major incidents: how many, whose cause, whether their reports came in time, and what became of the actions."""

from datetime import timedelta
from typing import Any

from moothall.servicedesk.models import LessonAction, Major
from moothall.servicedesk.queries.figures.reading import Reading
from moothall.servicedesk.rules.figures import Book

_UNKNOWN = "unknown"


def count(reading: Reading, book: Book) -> None:
    """Count priority 1 incidents, reports, repeats and actions."""
    majors = list(
        Major.objects.filter(opened_at__lt=reading.month.end)
        .exclude(state=Major.State.STOOD_DOWN)
        .order_by("opened_at", "id")
    )
    owners = {each.call_id: each.cause_owner or _UNKNOWN for each in majors}
    _priority_one(reading, owners, book)
    _reports(majors, reading, book)
    _repeats(majors, reading, book)
    _actions(reading, book)


def _priority_one(reading: Reading, owners: dict[int, str], book: Book) -> None:
    for row in reading.logged():
        if row.kind == "incident" and row.priority == 1:
            for key in ("", owners.get(row.id, _UNKNOWN)):
                book.put(row.council_id, "p1", key, call=row.id)
    for row in reading.resolved():
        run = reading.clocks.get((row.case_id, "resolve"))
        if (
            row.kind == "incident"
            and row.priority == 1
            and run is not None
            and run.state in {"met", "missed"}
        ):
            for key in ("", owners.get(row.id, _UNKNOWN)):
                book.put(row.council_id, "p1_in_time", key, float(run.state == "met"), call=row.id)


def _reports(majors: list[Major], reading: Reading, book: Book) -> None:
    for each in majors:
        due = each.report_due_at
        if due is not None and reading.month.start <= due < reading.month.end:
            kept = each.reported_at is not None and each.reported_at <= due
            book.put(each.council_id, "reports_in_time", "", float(kept), call=each.call_id)


def _repeats(majors: list[Major], reading: Reading, book: Book) -> None:
    known: set[tuple[str, int]] = set()
    for each in majors:
        if not each.cause or each.cause == Major.Cause.UNKNOWN or each.cause_item_id is None:
            continue
        cause = (each.cause, each.cause_item_id)
        if cause in known and each.opened_at >= reading.month.start:
            book.put(each.council_id, "repeats", "", call=each.call_id)
        known.add(cause)


def _actions(reading: Reading, book: Book) -> None:
    month = reading.month
    first, last = month.first, month.back(-1).first - timedelta(days=1)
    rows = LessonAction.objects.filter(dropped_why="").values_list(
        "council_id", "major__call_id", "due_on", "done_at"
    )
    for council_id, call_id, due_on, done_at in rows:
        done_in_month = done_at is not None and month.start <= done_at < month.end
        open_then = done_at is None or done_at >= month.end
        said: dict[str, Any] = {
            "actions_due": first <= due_on <= last,
            "actions_done": done_in_month,
            "actions_overdue": open_then and due_on <= last and due_on < reading.at.date(),
        }
        for name, counts in said.items():
            if counts:
                book.put(council_id, name, "", call=call_id)
