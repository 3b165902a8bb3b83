"""What tests of requests need: a council with a team, its published services, and somebody who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import moothall.requests
from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.process import actions as process
from moothall.process import queries as processes
from moothall.process.language import read
from moothall.requests import actions
from moothall.requests.actions import Sent
from moothall.requests.models import Draft
from tests.makers import make_council, make_staff, make_team, make_viewer

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_FOLDER = Path(moothall.requests.__file__).parent / "processes"
BIN: Mapping[str, Any] = {
    "address": {"line1": "12 High Street", "town": "Ashfield", "postcode": "AB10 1AB"},
    "bin": "refuse",
    "collection_day": "2026-11-23",
    "put_out": True,
    "assisted": False,
    "where_left": None,
    "photo": None,
}
SAM = {"name": "Sam Okoro", "email": "sam@example.org", "phone": "", "prefers": "email"}


@dataclass(frozen=True)
class Town:
    """A council at work: its waste team and the people of it."""

    council: Council
    team: Team
    officer: Viewer
    adviser: Viewer
    administrator: Viewer

    @property
    def visitor(self) -> Viewer:
        return Viewer.anonymous(self.council.pk)


def publish(service: str, *, without: str = "", now: datetime = MONDAY) -> int:
    """Publish one of the house's own services; return the number of its newest version.

    `without` is a text that is taken out of its file before.
    """
    path = _FOLDER / f"{service}.yaml"
    source = path.read_text(encoding="utf-8")
    assert without in source
    source = source.replace(without, "")
    definition = read(source, file=path.name).definition
    assert definition is not None
    process.publish(by=Viewer.system(), definition=definition, source=source, now=now)
    return processes.newest_version(service)


def make_town(*, services: tuple[str, ...] = ("missed-bin",), kind: str = "district", code: str = "") -> Town:
    """Make a council at work. Enter a scope before it is used."""
    for service in services:
        publish(service)
    council = make_council(kind=kind, code=code)
    council.contact_email, council.contact_phone = "help@council.example", "01632 960 100"
    council.save()
    officer = make_staff(council=council, roles=("officer",))
    adviser = make_staff(council=council, roles=("adviser",))
    administrator = make_staff(council=council, roles=("council-administrator",))
    team = make_team(council=council, function="waste", name="The waste team", members=(officer,))
    team.email = "waste@council.example"
    team.save()
    return Town(council, team, make_viewer(officer), make_viewer(adviser), make_viewer(administrator))


def resident(user: User, council: Council) -> Viewer:
    return Viewer.resident(user_id=user.pk, name=user.name, council_id=council.pk)


def make_draft(
    town: Town,
    *,
    answers: Mapping[str, Any] = BIN,
    contact: Mapping[str, Any] | None = SAM,
    by: Viewer | None = None,
    now: datetime = MONDAY,
) -> Draft:
    """Answer a missed bin, question by question."""
    draft: Draft | None = None
    for key, value in answers.items():
        draft = actions.answer(
            by=by or town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=draft.pk if draft else None,
            key=key,
            value=value,
            now=now,
        )
    assert draft is not None
    if contact is not None:
        draft = actions.give_contact(
            by=by or town.visitor,
            council=town.council,
            service="missed-bin",
            draft_id=draft.pk,
            raw=contact,
            now=now,
        )
    return draft


def send(town: Town, draft: Draft, *, by: Viewer | None = None, now: datetime = MONDAY) -> Sent:
    return actions.submit(
        by=by or town.visitor, council=town.council, service=draft.service, draft_id=draft.pk, now=now
    )


def make_request(town: Town, *, by: Viewer | None = None, **facts: Any) -> Sent:
    """Make a request for a missed bin."""
    return send(town, make_draft(town, by=by, **facts), by=by)


def check_round(town: Town, case_id: int, outcome: str, *, now: datetime = MONDAY, **answers: Any) -> None:
    """Let the officer finish the check of the round."""
    process.act(
        by=town.officer,
        case_id=case_id,
        step="check",
        expected=None,
        now=now,
        answers={"crew_report": "nothing", **answers},
        outcome=outcome,
    )
