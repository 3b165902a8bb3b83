"""What the pages of contacts show: the desk at which one is recorded, and what may be done with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moothall.contacts.permissions import Can
from moothall.councils import gate
from moothall.councils.models import Council
from moothall.councils.permissions import Permission
from moothall.councils.rules import PERSON, Viewer
from moothall.persons.models import Record
from moothall.persons.queries.cases import cases_of
from moothall.persons.queries.people import PersonFile, person_file
from moothall.persons.queries.records import locked
from moothall.plain.errors import HouseError
from moothall.plain.references import normalise
from moothall.process import queries as process
from moothall.requests import queries as requests
from moothall.workplace.queries.people.changing import opened_of

CASE, SERVICE = "case:", "service:"
"""What the choices of what a contact was about begin with."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The person at the desk, with what an adviser sees beside the form."""

    file: PersonFile
    records: Sequence[Record]
    phone: str

    @property
    def reference(self) -> str:
        return self.file.person.reference

    def record_at(self, council_id: int) -> Record:
        """Return the record on which a contact for a council hangs: its own, or the first that is open."""
        return next((each for each in self.records if each.council_id == council_id), self.records[0])


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a contact is recorded: for which councils, about which cases and services, and with whom."""

    whom: Whom | None
    councils: Sequence[Council]
    about: Sequence[tuple[str, Any]]

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(each.code, each.name) for each in self.councils]

    def council(self, code: str) -> Council:
        """Return the council that was chosen."""
        return next(each for each in self.councils if each.code == code)


def desk(viewer: Viewer, now: datetime, reference: str = "") -> Desk:
    """Return the desk, for a person if one is named. Refuses one whose records are all locked, and says whom to ask."""
    councils = councils_for(viewer, Can.RECORD)
    whom = _whom(viewer, reference, now) if reference else None
    return Desk(whom, councils, _about(viewer, councils, whom, now))


def councils_for(viewer: Viewer, can: Permission) -> list[Council]:
    """Return the councils at which the viewer may do this, their own first."""
    rows = Council.objects.filter(id__in=sorted(gate.councils(viewer, can))).order_by("name")
    return sorted(rows, key=lambda each: each.pk != viewer.council_id)


def _whom(viewer: Viewer, reference: str, now: datetime) -> Whom:
    file = person_file(viewer, reference, now)
    opened = [held.record for held in file.records if held.is_open]
    if not opened:
        raise locked(file.records[0].record)
    phone = file.first("phone")
    return Whom(file, opened, str(phone.fact.body["number"]) if phone else "")


def _about(
    viewer: Viewer, councils: Sequence[Council], whom: Whom | None, now: datetime
) -> list[tuple[str, Any]]:
    """Return what a contact may be about: the open cases of the person, then the services."""
    groups: list[tuple[str, Any]] = []
    if whom is not None:
        mine = {each.pk for each in councils}
        cases = [each for each in cases_of(viewer, whom.file.record_ids, now).open if each.council_id in mine]
        if cases:
            groups.append(
                (
                    "Their open cases",
                    [(f"{CASE}{each.id}", f"{each.process}, {each.reference}") for each in cases],
                )
            )
    services: dict[str, str] = {}
    for council in councils:
        for each in requests.catalogue(viewer, council):
            services.setdefault(f"{SERVICE}{each.key}", each.service.title)
    if services:
        groups.append(("Services", sorted(services.items(), key=lambda pair: pair[1])))
    return groups


@dataclass(frozen=True, slots=True)
class Meant:
    """What a reference means: a case or a record, as far as the viewer sees it."""

    case_id: int | None = None
    record_id: int | None = None


def meant(viewer: Viewer, text: str) -> Meant:
    """Return what somebody typed to put a contact to; refuses what is neither a case nor a person for them.

    Of a person it is the first record that is open to them; if all are locked, it says whom to ask.
    """
    written = normalise(text)
    if written.startswith(f"{PERSON}-"):
        return Meant(record_id=opened_of(viewer, written).pk)
    return Meant(case_id=process.case_id_of(viewer, written))


def meant_or_why(viewer: Viewer, text: str) -> tuple[Meant | None, str]:
    """Return what a reference means, or the sentence that says why it means nothing here."""
    try:
        return meant(viewer, text), ""
    except HouseError as error:
        return None, error.sentence
