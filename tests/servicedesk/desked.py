"""Two councils that share a service desk, for tests of the desk."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import moothall.servicedesk
from moothall.councils.models import Agreement, Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.process import actions as process
from moothall.process.language import read
from moothall.servicedesk.actions.calls import log_call
from moothall.servicedesk.models import Call
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team, make_viewer

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
"""A Monday morning, in winter: London's time."""
PROCESSES = Path(moothall.servicedesk.__file__).parent / "processes"
KINDS = ("process", "servicedesk", "estate", "measures")
FAULT = {
    "summary": "Outlook does not open",
    "detail": "Since this morning.",
    "category": "email",
    "impact": "one-person",
    "urgency": "no",
}
WISH = {"summary": "A second screen", "detail": "For my desk.", "approval": "none", "urgency": "yes"}


@dataclass(frozen=True)
class Desk:
    """A desk of two councils: analysts, an engineer, a manager, users of both, and somebody who is none of these."""

    ash: Council
    elm: Council
    pact: Agreement
    desk: Team
    platforms: Team
    analyst: Viewer
    colleague: Viewer
    engineer: Viewer
    manager: Viewer
    client: Viewer
    user: Viewer
    elm_user: Viewer
    staff: dict[str, Staff]


def publish(*keys: str, now: datetime = NOW) -> None:
    """Publish processes of the desk by their keys; all of them if none is named."""
    for path in sorted(PROCESSES.glob("*.yaml")):
        if keys and path.stem not in keys:
            continue
        source = path.read_text(encoding="utf-8")
        definition = read(source, file=path.name).definition
        assert definition is not None, path.name
        process.publish(by=Viewer.system(), definition=definition, source=source, now=now)


def make_desk(
    *, published: tuple[str, ...] = ("ict-incident", "ict-request", "ict-problem", "ict-task")
) -> Desk:
    """Make the desk, and the partnership that it serves. Enter a scope before."""
    if published:
        publish(*published)
    ash, elm = make_council(name="Ash Borough Council"), make_council(name="Elm Borough Council")
    pact = make_agreement(councils=(ash, elm), kinds=KINDS)
    people = {
        "analyst": _shared(ash, elm, pact, "desk-analyst"),
        "colleague": _shared(ash, elm, pact, "desk-analyst"),
        "engineer": _shared(ash, elm, pact, "resolver"),
        "manager": _shared(ash, elm, pact, "desk-manager"),
        "client": make_staff(council=elm, roles=("ict-client",)),
        "user": make_staff(council=ash),
        "elm_user": make_staff(council=elm),
    }
    served = (ash, elm)
    desk = make_team(
        council=ash,
        code=f"desk-{ash.code}",
        function="service-desk",
        name="Service desk",
        serves=served,
        members=(people["analyst"], people["colleague"]),
        leader=people["manager"],
    )
    platforms = make_team(
        council=ash,
        code=f"platforms-{ash.code}",
        function="resolvers",
        name="Platforms",
        serves=served,
        members=(people["engineer"],),
    )
    for function in ("ict-manager", "problem-manager", "major-incident"):
        make_team(
            council=ash,
            code=f"{function}-{ash.code}",
            function=function,
            serves=served,
            members=(people["manager"],),
        )
    seen = {name: make_viewer(staff) for name, staff in people.items()}
    return Desk(ash, elm, pact, desk, platforms, staff=people, **seen)


def _shared(ash: Council, elm: Council, pact: Agreement, role: str) -> Staff:
    staff = make_staff(council=ash, roles=(role,))
    make_grant(staff=staff, role=role, council=elm, agreement=pact)
    return staff


def make_item(*, code: str = "", name: str = "Email") -> Item:
    return Item.objects.create(code=code or f"item-{uuid4().hex[:8]}", name=name, kind=Item.Kind.APPLICATION)


def an_incident(desk: Desk, *, by: Viewer | None = None, now: datetime = NOW, **answers: Any) -> Call:
    """Log an incident of Ash's user, by themselves unless somebody else logs it."""
    facts = {
        key: answers.pop(key) for key in ("item_id", "channel", "submission", "council") if key in answers
    }
    user = desk.elm_user if facts.get("council") == desk.elm else desk.user
    return log_call(
        by=by or user,
        council=facts.pop("council", desk.ash),
        kind="incident",
        answers={**FAULT, **answers},
        now=now,
        submission=facts.pop("submission", uuid4().hex),
        requester_id=user.actor.user_id,
        **facts,
    )


def a_request(desk: Desk, *, by: Viewer | None = None, now: datetime = NOW, **answers: Any) -> Call:
    """Ask for something from the catalogue as Ash's user."""
    return log_call(
        by=by or desk.user,
        council=desk.ash,
        kind="request",
        answers={**WISH, **answers},
        now=now,
        submission=uuid4().hex,
        requester_id=desk.user.actor.user_id,
    )
