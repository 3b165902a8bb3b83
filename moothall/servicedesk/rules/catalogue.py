"""What can be asked for, what it costs, and who has to approve it. Plain values only."""

import re
from collections.abc import Mapping

from moothall.plain.errors import HouseError, NotFound, Refused

APPROVERS: Mapping[str, str] = {
    "manager": "approvers",
    "budget": "budget-holders",
    "security": "ict-security",
}
"""What process files call the team that approves, by the kind of approval."""
STEPS: Mapping[str, str] = {each: f"approve_{each}" for each in APPROVERS}
"""The step of a request in which it is approved, by the kind of approval."""
MOST_PENCE = 100_000_00
_PRICE = re.compile(r"£?\s*(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.(\d{2}))?")


class NoSuchCatalogueItem(NotFound):
    code = "servicedesk.no_such_catalogue_item"
    message = "We cannot find that in the catalogue."
    next_step = "It may not be offered any more, or not at your council. Choose from what is offered."


class NotAnApprover(HouseError):
    code = "servicedesk.not_an_approver"
    status = 422
    title = "Choose somebody else to approve it"
    message = "{name} cannot approve this for your council, or asks for it themselves."
    next_step = "Choose one of those who are offered, or nobody: then any of them may approve it."


class OwnApproval(Refused):
    code = "servicedesk.own_approval"
    message = "This is for yourself, so somebody else has to decide about it."
    next_step = "Put it back, so that others of your team see it."


def pence_of(price: str) -> int | None:
    """Return a price in pence; nothing typed is no price; None for what is no price.

    >>> pence_of("£1,250"), pence_of("12.50"), pence_of(""), pence_of("a lot"), pence_of("99.999")
    (125000, 1250, 0, None, None)
    """
    if not price.strip():
        return 0
    found = _PRICE.fullmatch(price.strip())
    if found is None:
        return None
    pence = int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
    return pence if pence <= MOST_PENCE else None


def price_of(pence: int) -> str:
    """Return a price as people write it; nothing for what costs nothing.

    >>> price_of(125000), price_of(1250), price_of(0)
    ('£1,250', '£12.50', '')
    """
    if not pence:
        return ""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")
