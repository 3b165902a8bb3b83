"""Who somebody at the desk may be: live matching against the registers of all councils.

The keys of what is given lead to some dozen records, which are compared with it one by one. What another council holds
is compared too, and never shown: of a good match the viewer learns that a record exists there, and whom to ask.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from moothall.councils import gate, scope
from moothall.councils.rules import Viewer
from moothall.journal.cursors import QuickCursor
from moothall.persons.models import Link, Record
from moothall.persons.permissions import Can
from moothall.persons.queries import weights
from moothall.persons.queries.records import whom_to_ask
from moothall.persons.rules import keys
from moothall.persons.rules.known import Known
from moothall.persons.rules.matching.comparing import Match, Reason, compare
from moothall.persons.rules.matching.cutoffs import verdicts
from moothall.persons.rules.matching.weights import Weights
from moothall.process import circles

MOST = 10
LOCKED = "Locked record"
_BLOCK, _COMPARED = 200, 60
"""Of a key that many share so many records are read; those with the most keys in common are compared."""
_UNLIKELY = 6.0
"""So many bits below where somebody is asked, people are still shown: who comes and is known is nearly always there."""
_WHY = "whoever comes may be known to any council; what is elsewhere is told only as a council's name"
_OF_ONE_KEY = "SELECT record_id FROM persons_findkey WHERE key = {key} AND {council} LIMIT {most}"
_LATERAL = "SELECT f.record_id FROM unnest(%s::bigint[]) AS k(key) CROSS JOIN LATERAL ({block}) AS f"
_WHOLE = "SELECT * FROM ({block})"
_BY_KEYS = "SELECT record_id FROM ({blocks}) AS hits GROUP BY record_id ORDER BY COUNT(*) DESC, record_id LIMIT {most}"
_RECORDS = (
    "SELECT r.id, r.council_id, r.person_id, p.reference, c.name, r.name, r.address, r.traits, r.circle"
    " FROM persons_record r JOIN persons_person p ON p.id = r.person_id JOIN councils_council c ON c.id = r.council_id"
    " WHERE r.person_id IN (SELECT person_id FROM persons_record WHERE id IN ({ids}))"
    " AND r.state = 'active' AND r.restricted_at IS NULL AND "
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person who may be meant: their best record, why, and what follows (`verdict`).

    `link` is surely them; `ask`, somebody should look; `new`, hardly.

    `here` is their record at the council that asks, if it has one. Of a locked record it is told that it may be, and
    whom to ask; nothing of it, and no reasons, from which somebody could work out what it says.
    """

    record_id: int
    reference: str
    name: str
    born: date | None
    address: str
    council_id: int
    council: str
    here: int | None
    score: float
    reasons: tuple[Reason, ...]
    veto: str
    verdict: str
    locked: bool = False
    whom: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Who may be meant, best first, and the councils elsewhere at which somebody surely is known.

    `unlikely` are others (verdict `new`) for whoever wants to look: with too little given, the right one is there.

    Whoever shows `elsewhere` has it written down (`actions.finding.tell_elsewhere`), for the records in `told`:
    each with its council.
    """

    found: tuple[Candidate, ...] = ()
    elsewhere: tuple[str, ...] = ()
    told: tuple[tuple[int, int], ...] = ()
    model: int = 0
    unlikely: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """One record that was compared."""

    record_id: int
    council_id: int
    person_id: int
    reference: str
    council: str
    name: str
    address: str
    known: Known
    circle: str
    match: Match


def candidates(
    viewer: Viewer,
    council_id: int,
    given: Known,
    now: datetime,
    record_id: int | None = None,
    *,
    shown: bool = True,
) -> Candidates:
    """Return at most ten people whom `given` may describe, best first, one line for each.

    Of a record (`record_id`) the others: never itself, nor who was told apart from it. Restricted and erased records
    are not compared. Refuses whoever may not look people up at this council.

    Whoever asks by an address would learn from the answer that a locked record has it. So what is `shown` to somebody
    compares locked records by names, date of birth and numbers alone: what else was given changes nothing.
    """
    del now  # links and weights are those in force
    gate.allow(viewer, Can.SEARCH, council_id)
    if not (wanted := keys.blocking(given)):
        return Candidates()
    with scope.everything(_WHY):
        model, cutoffs = weights.in_force_at(council_id)
        eyes = _Eyes(viewer, given, cutoffs.ask) if shown else None
        compared = _compared(model, given, sorted(wanted), eyes)
        others = _not_meant(record_id)
    people = _by_person(held for held in compared if held.person_id not in others)
    people = [one for one in people if one[0].match.score >= cutoffs.ask - _UNLIKELY]
    judged = verdicts([(one[0].person_id, one[0].match) for one in people], cutoffs)
    return _seen(viewer, council_id, list(zip(people, judged, strict=True)), model.version)


def _seen(
    viewer: Viewer, council_id: int, judged: Sequence[tuple[list[_Held], str]], version: int
) -> Candidates:
    """Return what the viewer may know: lines for councils where they may look people up, elsewhere only where."""
    seen = gate.councils(viewer, Can.SEARCH)
    found, told = list[Candidate](), list[_Held]()
    for held, verdict in judged:
        mine = [each for each in held if each.council_id in seen]
        if mine and len(found) < MOST and (line := _candidate(viewer, council_id, mine, verdict)):
            found.append(line)
        if verdict == "link":
            told += [each for each in held if each.council_id not in seen and not each.circle]
    return Candidates(
        tuple(each for each in found if each.verdict != "new"),
        tuple(sorted({each.council for each in told})),
        tuple(sorted((each.record_id, each.council_id) for each in told)),
        version,
        tuple(each for each in found if each.verdict == "new"),
    )


def _candidate(viewer: Viewer, council_id: int, held: Sequence[_Held], verdict: str) -> Candidate | None:
    """Return one line: the best of the records that are open to the viewer, or a locked one, if that is likely."""
    opened = [each for each in held if circles.sees(viewer, each.council_id, each.circle)]
    best = opened[0] if opened else held[0]
    line = Candidate(
        record_id=best.record_id,
        reference=best.reference,
        name=best.name,
        born=best.known.born,
        address=best.address,
        council_id=best.council_id,
        council=best.council,
        here=next((each.record_id for each in opened if each.council_id == council_id), None),
        score=best.match.score,
        reasons=best.match.reasons,
        veto=best.match.veto,
        verdict=verdict,
    )
    if opened or verdict == "new":
        return line if opened else None
    record = Record.objects.select_related("council").get(pk=best.record_id)
    nothing: dict[str, Any] = {
        "name": LOCKED,
        "born": None,
        "address": "",
        "score": 0.0,
        "reasons": (),
        "veto": "",
    }
    return replace(line, **nothing, verdict="ask", locked=True, whom=whom_to_ask(record))


class _Eyes:
    """Whoever is shown the answer, and what of the question may be compared with records that are locked to them."""

    def __init__(self, viewer: Viewer, given: Known, ask: float) -> None:
        self._viewer, self._ask = viewer, ask
        self._blind = replace(given, places=(), phones=(), emails=())
        self._keys = keys.blocking(self._blind)

    def see(self, council_id: int, circle: str) -> bool:
        return circles.sees(self._viewer, council_id, circle)

    def compare(self, model: Weights, known: Known) -> Match | None:
        """Return how a locked record compares; without a date of birth, the whole name makes it one to ask about."""
        if self._keys.isdisjoint(keys.every(known)):
            return None
        match = compare(model, self._blind, known)
        if self._blind.born is None and not _whole(self._blind).isdisjoint(_whole(known)):
            return replace(match, score=max(match.score, self._ask))
        return match


def _whole(known: Known) -> set[tuple[str, str]]:
    return {(name.given, name.family) for name in known.names if name.given and name.family}


def _compared(model: Weights, given: Known, wanted: Sequence[int], eyes: _Eyes | None) -> list[_Held]:
    """Return the records that share the most keys, and all others of the same people, with how each compares.

    Each key is read no further than `_BLOCK`.
    """
    condition, councils = scope.clause("council_id")
    if connection.vendor == "postgresql":
        blocks = _LATERAL.format(block=_OF_ONE_KEY.format(key="k.key", council=condition, most=_BLOCK))
        values: list[object] = [list(wanted), *councils]
    else:
        block = _WHOLE.format(block=_OF_ONE_KEY.format(key="%s", council=condition, most=_BLOCK))
        blocks = " UNION ALL ".join([block] * len(wanted))
        values = [value for key in wanted for value in (key, *councils)]
    ids = _BY_KEYS.format(blocks=blocks, most=_COMPARED)
    condition, councils = scope.clause("r.council_id")
    with QuickCursor() as cursor:
        cursor.execute(_RECORDS.format(ids=ids) + condition, [*values, *councils])
        rows = cursor.fetchall()
    found = []
    for record_id, council_id, person_id, reference, council, name, address, traits, circle in rows:
        known = Known.of(json.loads(traits))
        is_open = eyes is None or eyes.see(council_id, circle)
        match = compare(model, given, known) if eyes is None or is_open else eyes.compare(model, known)
        if match is None:
            continue
        found.append(
            _Held(record_id, council_id, person_id, reference, council, name, address, known, circle, match)
        )
    return found


def _by_person(compared: Iterable[_Held]) -> list[list[_Held]]:
    """Return the records of each person, the best first, and the people by their best."""
    people: dict[int, list[_Held]] = {}
    for held in sorted(compared, key=lambda each: (-each.match.score, each.record_id)):
        people.setdefault(held.person_id, []).append(held)
    return list(people.values())


def _not_meant(record_id: int | None) -> frozenset[int]:
    """Return the persons whom a record is not: itself, and those whom somebody told apart from it."""
    if record_id is None:
        return frozenset()
    mine = Record.objects.filter(pk=record_id).values("person_id")
    ours = set(Record.objects.filter(person_id__in=mine).values_list("id", flat=True))
    links = Link.objects.filter(Q(low__in=ours) | Q(high__in=ours), kind=Link.Kind.APART, ended_at=None)
    others = {record for pair in links.values_list("low_id", "high_id") for record in pair} | ours
    return frozenset(Record.objects.filter(pk__in=others).values_list("person_id", flat=True))
