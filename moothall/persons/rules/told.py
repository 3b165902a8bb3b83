"""What somebody who asks tells of themselves on a form, as facts: their name in one line, how to reach them, where."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from moothall.persons.errors import FactRefused
from moothall.persons.rules.facts import NewFact, cleaned
from moothall.persons.rules.known import Known
from moothall.persons.rules.shorts import Held, shortened

_TITLES = re.compile(
    r"(?i)(mr|mrs|ms|miss|mx|dr|prof|professor|rev|sir|dame|lady|lord|cllr|councillor)\.?\s+(?=\S)"
)
_MOBILE = re.compile(r"\+447[1-57-9]")


def name_parts(text: str) -> dict[str, str]:
    """Return a name of one line in its parts, as it was written: the last word is taken for the family name.

    >>> name_parts("Mrs Mary Jane O'Brien")
    {'title': 'Mrs', 'given': 'Mary', 'middle': 'Jane', 'family': "O'Brien"}
    >>> name_parts("SMITH, John"), name_parts("Cher")
    ({'given': 'John', 'family': 'SMITH'}, {'family': 'Cher'})
    """
    found = _TITLES.match(text.strip())
    title = found[1] if found else ""
    rest = text.strip()[found.end() if found else 0 :]
    family, comma, given = rest.partition(",")
    words = given.split() if comma else rest.split()
    if not comma:
        family = words.pop() if words else ""
    parts = {
        "title": title,
        "given": words[0] if words else "",
        "middle": " ".join(words[1:]),
        "family": family.strip(),
    }
    return {part: said for part, said in parts.items() if said}


def facts_told(
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    place: Mapping[str, Any] | None = None,
    born: str = "",
) -> list[NewFact]:
    """Return what a form tells of somebody, as facts. `phone` is E.164, `place` an address as forms keep it."""
    facts = []
    if parts := name_parts(name):
        facts.append(NewFact(kind="name", body={**parts, "use": "usual"}))
    if born:
        facts.append(NewFact(kind="birth", body={"precision": "exact", "date": born}))
    if place and place.get("line1"):
        facts.append(NewFact(kind="address", body={"place": dict(place), "use": "home"}))
    if email:
        facts.append(NewFact(kind="email", body={"address": email}))
    if phone:
        use = "mobile" if _MOBILE.match(phone) else "home"
        facts.append(NewFact(kind="phone", body={"number": phone, "use": use}))
    return facts


def good(facts: Sequence[NewFact], today: date) -> list[NewFact]:
    """Return those facts that the register can keep: what a form took is never a reason to refuse the request."""
    found = []
    for fact in facts:
        try:
            cleaned(fact, today)
        except FactRefused:
            continue
        found.append(fact)
    return found


def known_of(facts: Sequence[NewFact], today: date) -> Known:
    """Return facts as they are compared with the register; all must be good ones."""
    kept = [cleaned(fact, today) for fact in facts]
    return shortened(
        (Held(fact.kind, fact.body, fact.until, at) for at, fact in enumerate(kept)), today
    ).known
