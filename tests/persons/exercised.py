"""A council that answers what people ask under data protection law, with two people for it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import moothall.persons
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.persons.actions import rights
from moothall.persons.models import CasePerson, Record
from moothall.process import actions as process
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from tests.makers import make_council, make_staff, make_team, make_user, make_viewer
from tests.persons.making import make_record

SOURCE = Path(moothall.persons.__file__).parent / "processes" / "data-right.yaml"


@dataclass(frozen=True)
class Office:
    """A council with an adviser and two data protection officers, Dora and Dev."""

    council: Council
    dora: Viewer
    dev: Viewer
    adviser: Viewer


def publish_right(now: datetime) -> None:
    """Publish the process by which requests are answered."""
    source = SOURCE.read_text(encoding="utf-8")
    found = read(source, file=SOURCE.name)
    assert found.definition is not None, [str(each) for each in found.mistakes]
    process.publish(by=Viewer.system(), definition=found.definition, source=source, now=now)


def make_office(now: datetime, *, code: str = "ash", council: Council | None = None) -> Office:
    """Make it. Enter a scope before."""
    publish_right(now - timedelta(days=30))
    held = council or make_council(code=code, name=f"{code.capitalize()} District Council")
    roles = ("officer", "data-protection-officer")
    dora = make_staff(council=held, roles=roles, user=make_user(name="Dora Officer"))
    dev = make_staff(council=held, roles=roles, user=make_user(name="Dev Officer"))
    make_team(
        council=held,
        code=f"dp-{held.code}",
        function="data-protection",
        name="Data protection",
        members=(dora, dev),
    )
    adviser = make_staff(council=held, roles=("adviser",), user=make_user(name="Ada Adviser"))
    return Office(held, make_viewer(dora), make_viewer(dev), make_viewer(adviser))


def asked_for(
    office: Office, record: Record, right: str, now: datetime, wording: str = "Everything."
) -> CaseState:
    """Let somebody ask for something, yesterday, by letter."""
    day = now.date() - timedelta(days=1)
    return rights.ask(
        by=office.dora, record_id=record.pk, right=right, wording=wording, how="letter", came_on=day, now=now
    )


def granted(office: Office, record: Record, right: str, now: datetime) -> int:
    """Let a request be decided, so that it waits to be carried out; return its case."""
    case = asked_for(office, record, right, now)
    for step, answers, outcome in (
        ("identify", {"identity": "documents"}, "sure"),
        ("plan", {}, "enough"),
        ("decide", {"decision": "grant"}, ""),
    ):
        process.act(
            by=office.dora,
            case_id=case.id,
            step=step,
            expected=None,
            now=now,
            answers=answers,
            outcome=outcome,
        )
    return case.id


def tie(record: Record, case_id: int, now: datetime) -> None:
    """Say that a case is about the person of a record; whatever it was before."""
    CasePerson.objects.update_or_create(
        case_id=case_id,
        defaults={
            "council_id": record.council_id,
            "record": record,
            "how": CasePerson.How.CHOSEN,
            "at": now,
            "by": "Ada Adviser",
        },
    )


def add(office: Office, **more: object) -> Record:
    """Add Priya Nair at the council of an office."""
    return make_record(council=office.council, by=office.adviser, **more)  # type: ignore[arg-type]
