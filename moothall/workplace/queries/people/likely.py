"""Who in the register a caller may be, in words: how likely, what speaks for it and against it, and whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.models import Record
from moothall.persons.queries.candidates import Candidate, Candidates, candidates
from moothall.persons.queries.records import Elsewhere
from moothall.persons.queries.weights import cutoffs_of
from moothall.persons.rules.known import Known

SURE, PROBABLE, PERHAPS = "Almost certainly the same", "Probably the same", "Perhaps the same"
UNLIKELY = "Less likely"
MOST_UNLIKELY = 3
"""So many are enough: with too little given, or much of it changed, the right one is nearly always the first."""


@dataclass(frozen=True, slots=True)
class Likely:
    """One person who may be meant. `told` is what stands for it and `against` what stands against it."""

    candidate: Candidate
    band: str
    told: Sequence[str]
    against: Sequence[str]


@dataclass(frozen=True, slots=True)
class LikelyPeople:
    """Who may be meant, best first; a few who are `unlikely`; and councils elsewhere that hold a record."""

    candidates: Candidates
    people: Sequence[Likely]
    unlikely: Sequence[Likely]
    elsewhere: Sequence[Elsewhere]
    records: Sequence[Record]

    @property
    def anybody(self) -> bool:
        return bool(self.people or self.unlikely or self.elsewhere)

    @property
    def needs_reason(self) -> bool:
        """Whether adding them anew needs one."""
        return any(each.band == SURE for each in self.people)

    @property
    def ids(self) -> str:
        """The records that were shown, to be compared with those found when somebody decides."""
        return " ".join(str(each.candidate.record_id) for each in (*self.people, *self.unlikely))


def likely(viewer: Viewer, council_id: int, given: Known, now: datetime) -> LikelyPeople:
    """Return who in the registers of all councils may be meant, as far as the viewer may know."""
    found = candidates(viewer, council_id, given, now)
    sure = cutoffs_of(council_id).link
    unlikely = found.unlikely[:MOST_UNLIKELY]
    opened = [each.record_id for each in (*found.found, *unlikely) if not each.locked]
    named = Council.objects.filter(name__in=found.elsewhere).order_by("name") if found.elsewhere else ()
    return LikelyPeople(
        candidates=found,
        people=[_likely(each, sure) for each in found.found],
        unlikely=[_likely(each, sure) for each in unlikely],
        elsewhere=[Elsewhere(each.name, each.contact_email, each.contact_phone) for each in named],
        records=list(Record.objects.filter(pk__in=opened).order_by("id")) if opened else [],
    )


def _likely(candidate: Candidate, sure: float) -> Likely:
    return Likely(
        candidate=candidate,
        band=_band(candidate, sure),
        told=[reason.words for reason in candidate.reasons if reason.points > 0],
        against=[reason.words for reason in candidate.reasons if reason.points <= 0],
    )


def _band(candidate: Candidate, sure: float) -> str:
    if candidate.verdict == "new":
        return UNLIKELY
    if candidate.verdict == "link":
        return SURE
    return PROBABLE if candidate.score >= sure and not candidate.veto else PERHAPS
