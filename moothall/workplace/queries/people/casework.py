"""Whose case a case may be: what it says of whoever asked, and who in the register that may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.permissions import Can
from moothall.persons.queries.cases import Whose, whose_case
from moothall.persons.queries.searching import FoundPerson, search
from moothall.persons.rules import told
from moothall.persons.rules.facts import NewFact, said
from moothall.plain.errors import NotFound
from moothall.process.circles import WHOLE, Sight
from moothall.process.engine.state import CaseState
from moothall.process.queries.casefile import loaded
from moothall.requests.queries import requester_of
from moothall.workplace.queries.people.likely import LikelyPeople, likely


@dataclass(frozen=True, slots=True)
class CaseToPut:
    """A case that is to be put to somebody. `told` is what it says of whoever asked, in words."""

    case: CaseState
    council: Council
    whose: Whose | None
    facts: Sequence[NewFact]
    told: Sequence[str]

    @property
    def begin(self) -> Mapping[str, Any]:
        """What it says of whoever asked, as the form of a new person begins with it."""
        found: dict[str, Any] = {}
        for fact in self.facts:
            body = fact.body
            if fact.kind == "name":
                given = " ".join(str(body[part]) for part in ("given", "middle") if body.get(part))
                found |= {"given": given, "family": body.get("family", "")}
            elif fact.kind == "address":
                found["place"] = body["place"]
            elif fact.kind in ("phone", "email"):
                found[fact.kind] = said(fact.kind, body).partition(" (")[0]
        return found


def case_to_put(viewer: Viewer, reference: str, now: datetime) -> CaseToPut:
    """Return a case at whose council the viewer may say whose it is, and that is wholly there for them."""
    case, seen = loaded(viewer, reference)
    if seen.level is not WHOLE:
        raise NotFound(what="case")
    gate.allow(viewer, Can.CHANGE, case.council_id)
    contact = requester_of(case.id)
    today = timezone.localdate(now)
    facts = told.good(
        told.facts_told(
            name=contact.name if contact else "",
            email=contact.email if contact else "",
            phone=contact.phone if contact else "",
            place=_place(case, seen),
        ),
        today,
    )
    return CaseToPut(
        case=case,
        council=Council.objects.get(pk=case.council_id),
        whose=whose_case(viewer, case.id, case.council_id),
        facts=facts,
        told=[said(fact.kind, fact.body) for fact in facts],
    )


def _place(case: CaseState, seen: Sight) -> Mapping[str, Any] | None:
    """Return the first address that the case was begun with and the viewer may read."""
    for key in case.definition.first.ask:
        asked = case.definition.fields[key]
        if asked.type == "address" and key in seen.fields and isinstance(case.data.get(key), dict):
            found: Mapping[str, Any] = case.data[key]
            return found
    return None


def likely_of(viewer: Viewer, found: CaseToPut, now: datetime) -> LikelyPeople | None:
    """Return who whoever asked may be; None if the case says nothing that tells people apart."""
    if not found.facts or not gate.may(viewer, Can.SEARCH, found.council.pk):
        return None
    return likely(viewer, found.council.pk, told.known_of(found.facts, timezone.localdate(now)), now)


def searched(viewer: Viewer, text: str, now: datetime) -> list[FoundPerson]:
    """Return whom a search finds; nobody where nothing was typed."""
    return search(viewer, text, now) if text else []
