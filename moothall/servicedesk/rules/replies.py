"""What stands for something in a canned reply, and how it is filled in. Plain values only."""

import re
from collections.abc import Mapping

from moothall.plain.errors import NotFound

LONGEST = 4_000
PLACEHOLDERS: Mapping[str, str] = {
    "name": "the first name of whoever asked",
    "reference": "the call's reference",
    "council": "the name of their council",
    "agent": "your name",
    "system": "the system that the call is about",
    "promise": "when the call should be resolved",
}
"""What may stand in braces, and what is put there."""
MISSING: Mapping[str, str] = {"name": "colleague", "system": "the system", "promise": "soon"}
"""What is put there where a call does not say it."""
_PLACE = re.compile(r"\{([^{}\n]{0,40})\}")


class NoSuchReply(NotFound):
    code = "servicedesk.no_such_reply"
    message = "We cannot find that canned reply."
    next_step = "Somebody may have deleted it. Choose another one."


def unknown(text: str) -> list[str]:
    """Return what stands in braces and means nothing here, and braces that are left open.

    >>> unknown("Dear {name}, your {refrence} {"), unknown("Dear {name}")
    (['{refrence}', '{'], [])
    """
    wrong = [f"{{{each}}}" for each in _PLACE.findall(text) if each not in PLACEHOLDERS]
    return list(dict.fromkeys(wrong + [each for each in "{}" if each in _PLACE.sub("", text)]))


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return a reply with its places filled in. What is put there is never read again for places.

    >>> filled("Dear {name}, {reference} at {council}", {"name": "{agent}", "reference": "ASH-1", "council": "Ash"})
    'Dear {agent}, ASH-1 at Ash'
    """
    return _PLACE.sub(lambda place: facts.get(place[1]) or MISSING.get(place[1], ""), text)


def first_name(name: str) -> str:
    """Return the name by which somebody is greeted.

    >>> first_name("Priya Nair"), first_name("Cllr Harriet Lowe"), first_name("")
    ('Priya', 'Cllr Harriet Lowe', '')
    """
    first, _, rest = name.strip().partition(" ")
    return name.strip() if rest and first.rstrip(".").lower() in _TITLES else first


_TITLES = frozenset(
    {"cllr", "dr", "prof", "sgt", "mr", "mrs", "ms", "miss", "rev", "sir", "dame", "lord", "lady"}
)
