"""Looking people up: one box for names, numbers, dates and places, in any order and with typing errors."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from moothall.councils import gate
from moothall.councils.rules import Viewer
from moothall.journal.cursors import QuickCursor
from moothall.persons.errors import NoSuchPerson
from moothall.persons.models import Record
from moothall.persons.permissions import Can
from moothall.persons.queries import lookup
from moothall.persons.queries.records import person_of, whom_to_ask
from moothall.persons.rules import hits, keys, questions
from moothall.persons.rules.hits import Hit
from moothall.persons.rules.known import Known
from moothall.persons.rules.questions import Question
from moothall.process import circles

MOST = 25
_TELLING = frozenset({questions.NUMBER, questions.PHONE, questions.EMAIL, questions.UPRN})
"""What fits one person or one home, whatever else was typed wrongly."""
LOCKED = "Locked record"
_ROWS = (
    "SELECT r.id, r.council_id, p.reference, c.name, r.name, r.address, r.traits, r.circle"
    " FROM persons_record r JOIN persons_person p ON p.id = r.person_id JOIN councils_council c ON c.id = r.council_id"
    " WHERE {which} AND r.state = 'active' AND r.council_id IN ({councils})"
)
_BY_ID = "r.person_id IN (SELECT person_id FROM persons_record WHERE id IN ({ids}))"
_BY_PERSON = "r.person_id = %s"


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """One person as a line of the results, with what in it was asked for (`why`).

    `also` is another name of theirs, if it was by that one that they were found. Of a locked record it is told that
    it exists, and whom to ask.
    """

    reference: str
    name: str
    born: date | None
    address: str
    councils: tuple[str, ...]
    why: tuple[str, ...]
    also: str = ""
    locked: bool = False
    whom: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """One record that was read, and how it fits."""

    record_id: int
    reference: str
    council: str
    name: str
    address: str
    known: Known
    opened: bool
    labels: Sequence[str]
    hit: Hit | None
    at_own: bool

    def score(self, asked: Question) -> float:
        """Return how well it fits: each thing beside names counts half as much as the whole name."""
        of_name = self.hit.score if self.hit else 0.0
        return of_name + 2 * sum(map(bool, self.labels)) + (self.known.born in asked.born) / 2


def search(viewer: Viewer, text: str, now: datetime) -> list[FoundPerson]:
    """Return up to 25 people whom a text may mean, best first, at councils where the viewer may look people up.

    All that was typed must fit. Only where nobody fits all of it, those come who fit all but one thing.
    """
    asked = questions.read(text, timezone.localdate(now))
    councils = sorted(gate.councils(viewer, Can.SEARCH))
    if not (asked.asks and councils):
        return []
    if asked.reference:
        return _of_reference(viewer, councils, asked)
    rows: dict[int, _Row] = {}
    kept: set[str] = set()
    for turn in lookup.rounds(councils, asked):
        read = _read(viewer, councils, [record for record in turn.ids if record not in rows], asked)
        rows |= {row.record_id: row for row in read}
        kept |= {row.reference for row in rows.values() if _fits(row, asked, loose=turn.loose)}
        if len(kept) >= turn.enough:
            break
    return _lines((row for row in rows.values() if row.reference in kept), asked)


def _of_reference(viewer: Viewer, councils: Sequence[int], asked: Question) -> list[FoundPerson]:
    try:
        person = person_of(asked.reference)
    except NoSuchPerson:
        return []
    statement = _ROWS.format(which=_BY_PERSON, councils=", ".join(["%s"] * len(councils)))
    return _lines(_rows(viewer, statement, [person.pk, *councils], asked), asked)


def _read(viewer: Viewer, councils: Sequence[int], ids: Sequence[int], asked: Question) -> list[_Row]:
    """Return these records, and what else the viewer may see of the same people."""
    if not ids:
        return []
    which = _BY_ID.format(ids=", ".join(["%s"] * len(ids)))
    statement = _ROWS.format(which=which, councils=", ".join(["%s"] * len(councils)))
    return _rows(viewer, statement, [*ids, *councils], asked)


def _rows(viewer: Viewer, statement: str, values: list[int], asked: Question) -> list[_Row]:
    with QuickCursor() as cursor:
        cursor.execute(statement, values)
        read = cursor.fetchall()
    found = []
    for record_id, council_id, reference, council, name, address, traits, circle in read:
        known = Known.of(json.loads(traits))
        hit = hits.best(asked.words, known.names, begins=asked.begins) if asked.words else None
        labels = _labels(asked, known) if asked.terms else []
        opened = circles.sees(viewer, council_id, circle)
        at_own = council_id == viewer.council_id
        found.append(_Row(record_id, reference, council, name, address, known, opened, labels, hit, at_own))
    return found


def _labels(asked: Question, known: Known) -> list[str]:
    """Return for each thing that was said beside names what in a record it is; "" of what is not in it."""
    held = keys.words(known)
    return [next((label for key, label in term.keys.items() if key in held), "") for term in asked.terms]


def _fits(row: _Row, asked: Question, *, loose: bool) -> bool:
    """Say whether a record is an answer: all fits; or, if `loose`, all but one thing, and what fits tells enough."""
    if not row.opened:
        return _may_be_told(row, asked)
    fitting = [label for label in row.labels if label]
    missing = len(row.labels) - len(fitting) + (bool(asked.words) and row.hit is None)
    if not missing or not loose:
        return not missing
    telling = row.hit is not None or len(fitting) > 1 or not _TELLING.isdisjoint(fitting)
    return missing == 1 and telling


def _may_be_told(row: _Row, asked: Question) -> bool:
    """Say whether a locked record may answer: to a number, or to a whole name with nothing about places or contacts.

    Whoever asks by an address would learn from the answer that it is right.
    """
    if not all(label in questions.TELLS_NO_PLACE for label in row.labels):
        return False
    if asked.words and (row.hit is None or row.hit.level != hits.SAME):
        return False
    return len(asked.words) > 1 or questions.NUMBER in row.labels


def _lines(rows: Iterable[_Row], asked: Question) -> list[FoundPerson]:
    """Return one line for each person, the best first."""
    people: dict[str, list[_Row]] = {}
    for row in sorted(rows, key=lambda row: (-row.score(asked), not row.at_own, row.name, row.record_id)):
        people.setdefault(row.reference, []).append(row)
    return [_line(held, asked) for held in list(people.values())[:MOST]]


def _line(held: Sequence[_Row], asked: Question) -> FoundPerson:
    opened = [row for row in held if row.opened]
    councils = tuple(sorted({row.council for row in held}))
    if not opened:
        record = Record.objects.select_related("council").get(pk=held[0].record_id)
        return FoundPerson(
            held[0].reference, LOCKED, None, "", councils, (), locked=True, whom=whom_to_ask(record)
        )
    best = opened[0]
    named = best.hit.why if best.hit else ()
    said = (questions.REFERENCE,) if asked.reference else ()
    other = best.known.names[best.hit.place] if best.hit and best.hit.place else None
    return FoundPerson(
        reference=best.reference,
        name=best.name,
        born=best.known.born,
        address=best.address,
        councils=councils,
        why=tuple(dict.fromkeys((*said, *named, *filter(None, best.labels)))),
        also=f"{other.given} {other.family}".strip().title() if other else "",
    )
