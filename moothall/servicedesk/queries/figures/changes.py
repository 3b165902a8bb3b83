"""Changes: how they ended, what they caused, and which of them nobody had approved."""

from collections import defaultdict
from datetime import datetime

from moothall.councils.queries import calendar_of
from moothall.process.models import Link
from moothall.servicedesk.models import Call, Change, Observed
from moothall.servicedesk.queries.figures.reading import Reading, bound, fetch, moment, places
from moothall.servicedesk.rules.figures import Book

_DAY = 86_400
_CAUSED_WITHIN = 5  # working days
_ENDED = {Change.State.IMPLEMENTED, Change.State.FAILED, Change.State.BACKED_OUT}
_UNAUTHORISED = (Observed.Verdict.UNAUTHORISED, Observed.Verdict.RETROSPECTIVE)


def count(reading: Reading, book: Book) -> None:
    """Count the changes that were finished or decided in the month, incidents of changes, and what was observed."""
    month = reading.month
    rows = list(
        Change.objects.filter(
            council_id__in=reading.councils,
            finished_at__gte=month.start,
            finished_at__lt=month.end,
            state__in=_ENDED,
        ).select_related("call")
    )
    caused = _caused(rows)
    for each in rows:
        _finished(each, caused[each.call.case_id], book)
    _decided(reading, book)
    _incidents(reading, book)
    _observed(reading, book)


def _finished(change: Change, incidents: list[datetime], book: Book) -> None:
    council, call = change.council_id, change.call_id
    shares = {
        "change_success": _successful(change, incidents),
        "change_emergency": change.type == Change.Type.EMERGENCY,
        "change_failed": change.state == Change.State.FAILED,
        "change_backed_out": change.state == Change.State.BACKED_OUT,
    }
    for name, holds in shares.items():
        book.put(council, name, "", float(holds), call=call)
    if change.complex and (change.second_id is None or change.second_id == change.author_id):
        book.put(council, "change_four_eyes", "", call=call)
    if change.state == Change.State.IMPLEMENTED and not change.retrospective:
        book.put(council, "change_unauthorised", "", 0)


def _successful(change: Change, incidents: list[datetime]) -> bool:
    """Say whether a change was implemented in its window, met its objectives, and caused no incident soon after."""
    ended = change.finished_at
    if change.state != Change.State.IMPLEMENTED or ended is None or change.objectives_met is False:
        return False
    began = change.began_at or change.starts_at
    if began < change.starts_at or ended > change.ends_at:
        return False
    calendar = calendar_of(change.council_id)
    return not any(began <= at and calendar.days_between(ended, at) <= _CAUSED_WITHIN for at in incidents)


def _caused(changes: list[Change]) -> dict[int, list[datetime]]:
    """Return by case of a change when incidents were logged that are linked with it."""
    found: dict[int, list[datetime]] = defaultdict(list)
    cases = [each.call.case_id for each in changes]
    if not cases:
        return found
    for ours, theirs in (("case_id", "other_id"), ("other_id", "case_id")):
        sql = (
            f"SELECT l.{ours}, c.logged_at FROM {Link._meta.db_table} l"  # noqa: S608 - names only
            f" JOIN {Call._meta.db_table} c ON c.case_id = l.{theirs} AND c.kind = 'incident'"
            f" WHERE l.{ours} IN ({places(cases)})"
        )
        for case_id, logged_at in fetch(sql, cases):
            at = moment(logged_at)
            assert at is not None
            found[case_id].append(at)
    return found


def _decided(reading: Reading, book: Book) -> None:
    month = reading.month
    rows = Change.objects.filter(
        council_id__in=reading.councils,
        type=Change.Type.NORMAL,
        retrospective=False,
        decided_at__gte=month.start,
        decided_at__lt=month.end,
    )
    for council, call, decided, logged in rows.values_list(
        "council_id", "call_id", "decided_at", "call__logged_at"
    ):
        book.value(council, "change_lead", "", max((decided - logged).total_seconds(), 0) / _DAY, call=call)


def _incidents(reading: Reading, book: Book) -> None:
    month = reading.month
    blamed: set[int] = set()
    for ours, theirs in (("case_id", "other_id"), ("other_id", "case_id")):
        sql = (
            f"SELECT c.id FROM {Call._meta.db_table} c JOIN {Link._meta.db_table} l ON l.{ours} = c.case_id"  # noqa: S608
            f" JOIN {Call._meta.db_table} x ON x.case_id = l.{theirs} AND x.kind = 'change'"
            f" WHERE c.council_id IN ({places(reading.councils)}) AND c.kind = 'incident'"
            " AND c.logged_at >= %s AND c.logged_at < %s"
        )
        params = [*reading.councils, bound(month.start), bound(month.end)]
        blamed.update(call_id for (call_id,) in fetch(sql, params))
    for row in reading.logged():
        if row.kind == "incident":
            book.put(row.council_id, "change_incidents", "", float(row.id in blamed), call=row.id)


def _observed(reading: Reading, book: Book) -> None:
    month = reading.month
    rows = Observed.objects.filter(
        council_id__in=reading.councils,
        at__gte=month.start,
        at__lt=month.end,
        verdict__in=_UNAUTHORISED,
    )
    for council_id in rows.values_list("council_id", flat=True):
        book.put(council_id, "change_unauthorised", "", 1)
