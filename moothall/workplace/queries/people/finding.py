"""Finding people and cases by one box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.persons.permissions import Can
from moothall.persons.queries.searching import FoundPerson, search
from moothall.plain import references
from moothall.process.permissions import Can as ProcessCan
from moothall.process.queries.searching import Found
from moothall.workplace.queries import work


@dataclass(frozen=True, slots=True)
class Finds:
    """Who and what was found. `case` and `person` are a whole reference that was typed, if one was found by it."""

    people: Sequence[FoundPerson]
    cases: Sequence[Found]
    case: str = ""
    person: str = ""
    looked_for_people: bool = False
    looked_for_cases: bool = False


def finds(viewer: Viewer, text: str, now: datetime) -> Finds:
    """Return the people and the cases that a text may mean, as far as the viewer may look for either."""
    for_people, for_cases = gate.anywhere(viewer, Can.SEARCH), gate.anywhere(viewer, ProcessCan.SEARCH)
    people = search(viewer, text, now) if for_people and text else []
    cases, case = work.found(viewer, text) if for_cases else ([], "")
    return Finds(
        people=people,
        cases=cases,
        case=case,
        person=_whole(text, people),
        looked_for_people=for_people,
        looked_for_cases=for_cases,
    )


def _whole(text: str, people: Sequence[FoundPerson]) -> str:
    """Return the reference of the one person found, if a whole reference was typed."""
    try:
        references.normalise(text)
    except references.NotAReference:
        return ""
    return people[0].reference if len(people) == 1 else ""
