"""Two councils and who comes to their performance pack: its manager, client officers, a member of the committee."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from moothall.councils import scope
from moothall.councils.models import Council
from moothall.councils.rules import Viewer
from moothall.councils.scope import Scope
from moothall.servicedesk.actions import packs
from moothall.servicedesk.models import Pack
from moothall.servicedesk.queries.packs import document
from moothall.servicedesk.rules.figures import Month
from moothall.servicedesk.rules.packs.document import PackDocument
from tests.makers import make_agreement, make_grant, make_staff, make_viewer
from tests.servicedesk.rows import Ground, at

OCTOBER = Month(date(2026, 10, 1))
NOW = at(10, month=11)
KINDS = ("servicedesk", "measures", "process")


@dataclass(frozen=True)
class People:
    """Two councils and who comes to their pack."""

    ash: Ground
    elm: Ground
    manager: Viewer
    client: Viewer
    client_of_elm: Viewer
    member: Viewer
    resolver: Viewer


def make_people(grounds: tuple[Ground, Ground]) -> People:
    ash, elm = grounds
    pact = make_agreement(councils=(ash.council, elm.council), kinds=KINDS)

    def somebody(role: str, council: Council) -> Viewer:
        staff = make_staff(council=council, roles=(role,))
        for other in {ash.council, elm.council} - {council}:
            make_grant(staff=staff, role=role, council=other, agreement=pact)
        return make_viewer(staff)

    return People(
        ash,
        elm,
        manager=somebody("desk-manager", ash.council),
        client=somebody("ict-client", ash.council),
        client_of_elm=somebody("ict-client", elm.council),
        member=somebody("committee-member", ash.council),
        resolver=make_viewer(make_staff(council=ash.council, roles=("resolver",))),
    )


def as_viewer(viewer: Viewer) -> AbstractContextManager[Scope]:
    return scope.only(viewer.councils, whole=viewer.whole)


def publish(people: People, why: str = "The committee meets tomorrow", now: datetime = NOW) -> Pack:
    packs.work_out(by=people.manager, month=OCTOBER, now=now)
    return packs.publish(by=people.manager, month=OCTOBER, why=why, now=now)


def seen(viewer: Viewer, code: str = "") -> PackDocument:
    with as_viewer(viewer):
        return document(viewer, OCTOBER, code)


def names(shown: PackDocument) -> set[str]:
    return {block.definition.name for area in shown.areas for block in area.blocks}


def said(shown: PackDocument, name: str, key: str = "") -> str:
    return next(
        line.said for _, block, line in shown.lines() if (block.definition.name, line.key) == (name, key)
    )
