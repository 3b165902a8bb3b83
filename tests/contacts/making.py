"""A council with a contact centre, for tests of contacts."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import moothall.contacts
import moothall.requests
from moothall.contacts import actions
from moothall.contacts.models import Contact
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.persons.models import CasePerson, Record
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.requests import actions as requests
from tests.makers import make_council, make_staff, make_team, make_viewer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ENQUIRY = {"kind": "question", "subject": "My hedge", "message": "Who cuts it?"}


@dataclass(frozen=True)
class Desk:
    """A contact centre: its team, an adviser in it, an officer who is not, and an auditor."""

    council: Council
    team: Team
    adviser: Viewer
    officer: Viewer
    auditor: Viewer


def publish(path: Path, now: datetime = NOW) -> None:
    source = path.read_text(encoding="utf-8")
    definition = read(source, file=path.name).definition
    assert definition is not None
    process.publish(by=Viewer.system(), definition=definition, source=source, now=now)


def publish_call_back(now: datetime = NOW) -> None:
    publish(Path(moothall.contacts.__file__).parent / "processes" / "call-back.yaml", now)


def publish_enquiry(now: datetime = NOW) -> None:
    publish(Path(moothall.requests.__file__).parent / "processes" / "general-enquiry.yaml", now)


def make_desk(*, code: str = "", name: str = "", published: bool = True) -> Desk:
    """Make a council with a contact centre. Enter a scope before."""
    if published:
        publish_call_back()
        publish_enquiry()
    council = make_council(code=code, name=name)
    council.contact_email = f"help@{council.code}.example"
    council.save()
    adviser = make_staff(council=council, roles=("adviser",))
    team = make_team(
        council=council,
        code=f"cs-{council.code}",
        function="customer-services",
        name="Customer services",
        members=(adviser,),
    )
    officer = make_staff(council=council, roles=("officer",))
    auditor = make_staff(council=council, roles=("auditor",))
    return Desk(council, team, make_viewer(adviser), make_viewer(officer), make_viewer(auditor))


def an_enquiry(
    desk: Desk, *, email: str = "sam@example.org", now: datetime = NOW, channel: str = "phone"
) -> CaseState:
    """Raise a general enquiry for Sam Okoro."""
    sent = requests.raise_for_resident(
        by=desk.adviser,
        council=desk.council,
        service="general-enquiry",
        answers=ENQUIRY,
        contact={"name": "Sam Okoro", "email": email, "phone": "", "prefers": "email"},
        channel=channel,
        submission=uuid4().hex,
        now=now,
    )
    case = store.load(sent.request.case_id)
    assert case is not None
    return case


def put(case: CaseState, record: Record | None, now: datetime = NOW) -> None:
    """Say whose a case is, whatever the register made of it."""
    CasePerson.objects.update_or_create(
        case_id=case.id,
        defaults={
            "council_id": case.council_id,
            "record": record,
            "how": "chosen",
            "at": now,
            "by": "A test",
        },
    )


def call(desk: Desk, *, now: datetime = NOW, by: Viewer | None = None, **facts: Any) -> Contact:
    """Record a phone call at this very moment."""
    given: dict[str, Any] = {
        "channel": "phone",
        "direction": "in",
        "at": now,
        "outcome": "answered",
        "submission": uuid4().hex,
        "council_id": desk.council.pk,
    }
    return actions.record_contact(by=by or desk.adviser, now=now, **(given | facts))
