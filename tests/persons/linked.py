"""Two councils with stewards, and records to link."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions.linking import link_same, tell_apart
from moothall.persons.models import CasePerson, Link, Record
from moothall.persons.rules.facts import NewFact
from moothall.process.models import Case, ProcessVersion
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_user, make_viewer
from tests.persons.making import NOW, a_birth, a_name, make_record
from tests.process.making import publish_repair

_number = count(1)
LATER = NOW + timedelta(days=30)


@dataclass(frozen=True)
class Desk:
    """Ash and Elm share the register; Stella decides at both, Ed at Elm alone, Ada may only look people up."""

    ash: Council
    elm: Council
    stella: Viewer
    ed: Viewer
    ada: Viewer


def make_desk() -> Desk:
    ash, elm = make_council(code="ash", name="Ash Council"), make_council(code="elm", name="Elm Council")
    make_agreement(councils=(ash, elm), kinds=("persons", "process", "contacts"), name="One register")
    stella = make_staff(
        council=ash, roles=("record-steward", "officer"), user=make_user(name="Stella Steward")
    )
    for role in ("record-steward", "officer"):
        make_grant(staff=stella, role=role, council=elm)
    ed = make_staff(council=elm, roles=("record-steward",), user=make_user(name="Ed Elm"))
    ada = make_staff(council=ash, roles=("adviser",), user=make_user(name="Ada Adviser"))
    return Desk(ash, elm, make_viewer(stella), make_viewer(ed), make_viewer(ada))


def somebody(council: Council, given: str, *more: NewFact, born: str = "1980-05-04") -> Record:
    return make_record(council=council, facts=[a_name(given, "Nair"), a_birth(born), *more])


def join(by: Viewer, one: Record, other: Record, now: datetime = NOW) -> Link:
    return link_same(by=by, one_id=one.pk, other_id=other.pk, why="They said so on the phone.", now=now)


def part(by: Viewer, one: Record, other: Record, now: datetime = NOW) -> Link:
    return tell_apart(by=by, one_id=one.pk, other_id=other.pk, why="Twins.", now=now)


def persons() -> dict[int, int]:
    """Return whose each record is."""
    return dict(Record.objects.values_list("id", "person_id"))


def grouped(*groups: tuple[Record, ...]) -> Mapping[int, int]:
    """Return whose each record must be if these are the groups."""
    return {record.pk: min(each.origin_id for each in group) for group in groups for record in group}


def put_case(record: Record, now: datetime = NOW, headline: str = "A broken tap") -> CasePerson:
    """Let a case be about the person of a record."""
    version = ProcessVersion.objects.first()
    if version is None:
        publish_repair()
        version = ProcessVersion.objects.get()
    case = Case.objects.create(
        council_id=record.council_id,
        version=version,
        process="repair",
        reference=f"ABC-{next(_number):08}",
        headline=headline,
        opened_at=now,
        changed_at=now,
    )
    row: CasePerson = CasePerson.objects.create(
        council_id=record.council_id, case=case, record=record, how="chosen", at=now, by="Ada Adviser"
    )
    return row
