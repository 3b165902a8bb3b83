"""Reads of calls with suppliers: whose the time was, what they promised, and what is owed for broken promises."""

from moothall.servicedesk.queries.suppliers.contracts import (
    Contract,
    contracts,
    gaps_of,
    promises_of,
    route_gaps,
    with_suppliers,
)
from moothall.servicedesk.queries.suppliers.nested import (
    Nested,
    nested,
    share_of_clock,
    shares_of,
    supplier_options,
)

__all__ = [
    "Contract",
    "Nested",
    "contracts",
    "gaps_of",
    "nested",
    "promises_of",
    "route_gaps",
    "share_of_clock",
    "shares_of",
    "supplier_options",
    "with_suppliers",
]
