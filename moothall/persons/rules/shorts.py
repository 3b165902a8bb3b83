"""A record in short: what follows from its facts for lists, searching and matching."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from moothall.persons.rules.facts import said
from moothall.persons.rules.known import Known, Name, Place, fold
from moothall.persons.rules.wordlists import USES

T = TypeVar("T")
NOBODY = "No name known"
_NAME_LENGTH, _ADDRESS_LENGTH = 200, 300


@dataclass(frozen=True, slots=True)
class Held:
    """One fact in force, as far as it is needed here. A higher number was recorded later."""

    kind: str
    body: Mapping[str, Any]
    until: date | None
    number: int


@dataclass(frozen=True, slots=True)
class Short:
    """A record in short."""

    known: Known
    name: str
    born: date | None
    address: str


def shortened(facts: Iterable[Held], today: date) -> Short:
    """Return a record in short; the usual value of each kind comes first, what has ended comes last."""
    found: dict[str, list[Held]] = {}
    for fact in facts:
        found.setdefault(fact.kind, []).append(fact)
    ordered = {kind: sorted(held, key=lambda each: _rank(each, today)) for kind, held in found.items()}
    names, places = ordered.get("name", []), ordered.get("address", [])
    births = [each.body.get("date") for each in ordered.get("birth", ()) if each.body["precision"] == "exact"]
    born = next((date.fromisoformat(each) for each in births if each), None)
    homes = [each for each in places if _still(each, today)]
    return Short(
        known=Known(
            names=_once(_name(each.body) for each in names),
            born=born,
            places=_once(_place(each.body["place"]) for each in places),
            phones=_once(str(each.body["number"]) for each in ordered.get("phone", ())),
            emails=_once(str(each.body["address"]).lower() for each in ordered.get("email", ())),
            identifiers=_identifiers(ordered.get("identifier", ())),
        ),
        name=(said("name", names[0].body) if names else NOBODY)[:_NAME_LENGTH],
        born=born,
        address=(said("address", homes[0].body) if homes else "")[:_ADDRESS_LENGTH],
    )


def _rank(fact: Held, today: date) -> tuple[bool, int, bool, int]:
    preferred = bool(fact.body.get("preferred"))
    return not _still(fact, today), USES.get(str(fact.body.get("use", "")), 0), not preferred, -fact.number


def _still(fact: Held, today: date) -> bool:
    return fact.until is None or fact.until >= today


def _name(body: Mapping[str, Any]) -> Name:
    return Name(*(fold(str(body.get(part, ""))) for part in ("given", "middle", "family")))


def _place(place: Mapping[str, Any]) -> Place:
    lines = f"{place.get('line1', '')} {place.get('line2', '')}"
    return Place(
        fold(lines),
        str(place.get("postcode", "")).replace(" ", "").lower(),
        str(place.get("uprn", "")).lstrip("0"),
    )


def _identifiers(facts: Sequence[Held]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for fact in facts:
        found.setdefault(str(fact.body["scheme"]), set()).add(str(fact.body["value"]).lower())
    return {scheme: frozenset(values) for scheme, values in found.items()}


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
