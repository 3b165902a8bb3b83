"""A change board of two councils, and systems to change, for tests of changes."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.estate.models import Item
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.servicedesk.actions import board
from moothall.servicedesk.actions.changes import Asked, raise_change
from moothall.servicedesk.models import Change
from tests.estate.estates import an_item, needs, use
from tests.makers import make_agreement, make_council, make_grant, make_staff, make_team, make_viewer
from tests.servicedesk.desked import KINDS, publish

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WINDOW = datetime(2026, 12, 3, 21, 0, tzinfo=UTC)
LONG = timedelta(hours=2)


@dataclass(frozen=True)
class Board:
    """Two councils with a seat each, people who make changes, and what they change: Elm's portal and Ash's care."""

    ash: Council
    elm: Council
    author: Viewer
    colleague: Viewer
    third: Viewer
    manager: Viewer
    ash_seat: Viewer
    elm_seat: Viewer
    elm_deputy: Viewer
    stranger: Viewer
    resolvers: Team
    care: Item
    portal: Item
    cluster: Item
    staff: dict[str, Staff]


def make_board() -> Board:
    """Make the board. Enter a scope before."""
    publish("ict-change", "ict-incident")
    ash, elm = make_council(name="Ash"), make_council(name="Elm")
    pact = make_agreement(councils=(ash, elm), kinds=KINDS)
    roles = {
        "author": (ash, "resolver"),
        "colleague": (ash, "resolver"),
        "third": (ash, "resolver"),
        "manager": (ash, "change-manager"),
        "ash_seat": (ash, "ict-client"),
        "elm_seat": (elm, "ict-client"),
        "elm_deputy": (elm, "ict-client"),
    }
    staff = {}
    for name, (council, role) in roles.items():
        staff[name] = make_staff(council=council, roles=(role,))
        other = elm if council == ash else ash
        make_grant(staff=staff[name], role=role, council=other, agreement=pact)
    staff["stranger"] = make_staff(council=elm)
    both = (ash, elm)
    resolvers = make_team(
        council=ash,
        function="resolvers",
        name="Platforms",
        serves=both,
        members=(staff["author"], staff["colleague"], staff["third"]),
    )
    make_team(council=ash, function="service-desk", serves=both, members=(staff["third"],))
    make_team(council=ash, function="change-manager", serves=both, members=(staff["manager"],))
    sits = (staff["ash_seat"], staff["elm_seat"], staff["elm_deputy"])
    make_team(council=ash, function="cab", name="Change board", serves=both, members=sits)
    make_team(council=ash, function="ecab", serves=both, members=(staff["manager"], staff["third"]))
    care, portal = an_item("care", name="Care system", tier=1), an_item("portal", name="Resident portal")
    cluster = an_item("vm-cluster", name="Virtual servers", kind="server", tier=1)
    needs(care, cluster)
    needs(portal, cluster)
    use(ash, care, 400)
    use(elm, portal, 900)
    seen = {name: make_viewer(each) for name, each in staff.items()}
    made = Board(
        ash, elm, resolvers=resolvers, care=care, portal=portal, cluster=cluster, staff=staff, **seen
    )
    seat(made, ash, "ash_seat", None)
    seat(made, elm, "elm_seat", "elm_deputy")
    return made


def seat(made: Board, council: Council, holder: str, deputy: str | None) -> None:
    board.set_seat(
        by=made.manager,
        council_id=council.pk,
        holder_id=made.staff[holder].pk,
        deputy_id=made.staff[deputy].pk if deputy else None,
        since=date(2026, 4, 1),
        now=NOW,
    )


ASKED = Asked(
    what="Patch the virtual servers",
    reason="The maker has closed a hole.",
    kind="normal",
    items=("vm-cluster",),
    plan="One host after the other.",
    tests="Sign in to each system.",
    backout="Start the host from its snapshot.",
    rollback_tested=True,
    done_before=True,
    in_hours=False,
    service_away=False,
    starts_at=WINDOW,
    ends_at=WINDOW + LONG,
)


def a_change(made: Board, *, by: Viewer | None = None, now: datetime = NOW, **asked: Any) -> Change:
    """Raise a change of Ash as its author."""
    return raise_change(
        by=by or made.author, council=made.ash, asked=replace(ASKED, **asked), now=now, submission=uuid4().hex
    )


def case_of(change: Change) -> CaseState:
    found = store.load(change.call.case_id)
    assert found is not None
    return found


def step(change: Change, by: Viewer, key: str, *, now: datetime = NOW, **given: Any) -> Change:
    """Finish a step of a change; returns the change as it is then."""
    process.act(by=by, case_id=change.call.case_id, step=key, expected=None, now=now, **given)
    return again(change)


def cast(change: Change, by: Viewer, choice: str = "for", *, now: datetime = NOW, text: str = "") -> Change:
    board.vote(by=by, change_id=change.pk, choice=choice, text=text, expected=None, now=now)
    return again(change)


def again(change: Change) -> Change:
    found: Change = Change.objects.get(pk=change.pk)
    return found


def approved(made: Board, change: Change | None = None, **asked: Any) -> Change:
    """Let a change be found sound and approved by both councils."""
    change = change or a_change(made, **asked)
    change = step(change, made.colleague, "peer", outcome="sound")
    cast(change, made.ash_seat)
    return cast(change, made.elm_seat)


def opened(change: Change) -> Change:
    """Let its window open."""
    process.sweep(change.starts_at)
    return again(change)
