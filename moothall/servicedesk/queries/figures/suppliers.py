"""Suppliers: whether they kept what they promised, how much of the time was theirs, and what they owe."""

from collections import Counter

from moothall.estate.models import SupportRoute
from moothall.servicedesk.models import Call, SupplierCall
from moothall.servicedesk.queries.figures.reading import DESK_KINDS, Reading, bound, fetch, moment, places
from moothall.servicedesk.rules.figures import Book

_HOUR = 3600
_BASIS_POINTS, _PENCE = 10_000, 100


def count(reading: Reading, book: Book) -> None:
    """Count promises, time and credits."""
    month = reading.month
    rows = SupplierCall.objects.filter(
        council_id__in=reading.councils,
        returned_at__gte=month.start,
        returned_at__lt=month.end,
        met__isnull=False,
    )
    missed: Counter[int] = Counter()
    for council, call, route, met in rows.values_list("council_id", "call_id", "route_id", "met"):
        book.put(council, "supplier_sla", "", float(met), call=call)
        if not met:
            missed[route] += 1
    for route in SupportRoute.objects.filter(pk__in=list(missed)):
        owed = min(missed[route.pk] * route.credit_basis_points, route.credit_limit_basis_points)
        pounds = route.monthly_charge_pence * owed / _BASIS_POINTS / _PENCE
        book.put(route.council_id, "supplier_credits", "", of=pounds)
    _time(reading, book)


def _time(reading: Reading, book: Book) -> None:
    theirs = _theirs(reading)
    for row in reading.resolved():
        assert row.resolved_at is not None
        whole = (row.resolved_at - row.logged_at).total_seconds() / _HOUR
        book.put(row.council_id, "supplier_share", "", min(theirs.get(row.id, 0.0), whole), whole)


def _theirs(reading: Reading) -> dict[int, float]:
    """Return by call how many hours a supplier had it, of those resolved in the month."""
    month = reading.month
    sql = (
        "SELECT s.call_id, s.passed_at, COALESCE(s.returned_at, c.resolved_at)"  # noqa: S608 - names of tables
        f" FROM {Call._meta.db_table} c JOIN {SupplierCall._meta.db_table} s ON s.call_id = c.id"
        f" WHERE c.council_id IN ({places(reading.councils)}) AND c.resolved_at >= %s AND c.resolved_at < %s"
        f" AND c.kind IN ({places(DESK_KINDS)})"
    )
    params = [*reading.councils, bound(month.start), bound(month.end), *DESK_KINDS]
    found: dict[int, float] = {}
    for call_id, passed, returned in fetch(sql, params):
        start, end = moment(passed), moment(returned)
        if start is not None and end is not None:
            found[call_id] = found.get(call_id, 0.0) + max((end - start).total_seconds(), 0) / _HOUR
    return found
