"""What was ever held about a person, and who looked at it."""

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.councils.rules import Viewer
from moothall.look import dates
from moothall.persons.models import Fact, Record
from moothall.persons.permissions import Can
from moothall.persons.queries.looks import Looks, looks_of
from moothall.persons.queries.people import history_of
from moothall.persons.rules.facts import KINDS, said
from moothall.workplace.queries.people.changing import changeable
from moothall.workplace.queries.people.page import from_where, when

PAGES = {
    "page": "Their page",
    "history": "Their history",
    "looks": "Who looked",
    "locked": "The notice that the record is locked",
    "change": "The form to change what is kept",
    "contact": "The form to record a contact",
    "request": "The form to make a request for them",
    "intake": "A list of people who might be the same",
    "review": "Records side by side",
    "links": "Which records are theirs",
    "letter": "The form to make a letter",
    "print": "A letter for printing",
    "connection": "Their connected accounts",
    "rights": "What they ask under data protection law",
    "retention": "The list of records whose time is up",
}
"""On which page somebody looked, as `looked_at` keeps it."""


@dataclass(frozen=True, slots=True)
class Former:
    """One fact, in force or ended, with all that is kept of it."""

    kind: str
    words: str
    when: str
    source: str
    recorded: str
    ended: str
    why: str
    council: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Every fact, the newest first. `records` are those that were looked at."""

    reference: str
    name: str
    records: Sequence[Record]
    facts: Sequence[Former]
    several: bool


def history_page(viewer: Viewer, reference: str) -> HistoryPage:
    """Return every fact that records open to the viewer ever held."""
    found = changeable(viewer, reference, Can.SEE, restricted=True)
    facts = history_of(viewer, [record.pk for record in found.records])
    return HistoryPage(
        found.reference, found.name, found.records, [_former(fact) for fact in facts], len(found.records) > 1
    )


def _former(fact: Fact) -> Former:
    return Former(
        kind=KINDS[fact.kind].title if fact.kind in KINDS else fact.kind,
        words=said(fact.kind, fact.body) if fact.kind in KINDS else "",
        when=when(fact),
        source=from_where(fact),
        recorded=f"{fact.recorded_by}, {dates.short_with_time(fact.recorded_at)}",
        ended=f"{fact.ended_by}, {dates.short_with_time(fact.ended_at)}" if fact.ended_at else "",
        why=fact.ended_why,
        council=fact.council.name,
    )


@dataclass(frozen=True, slots=True)
class LooksPage:
    """Who looked at the records of a person, in words."""

    reference: str
    name: str
    records: Sequence[Record]
    looks: Looks

    def page(self, why: str) -> str:
        """Return on which page somebody looked."""
        return PAGES.get(why, why.capitalize())


def looks_page(viewer: Viewer, reference: str, before: int | None) -> LooksPage:
    """Return who looked at those records of which the viewer may see that."""
    found = changeable(viewer, reference, Can.SEE_LOOKS, restricted=True)
    return LooksPage(found.reference, found.name, found.records, looks_of(viewer, found.records, before))
