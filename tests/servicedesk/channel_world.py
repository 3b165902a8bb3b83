"""Two councils that share a desk, as the channels' tests need them: processes, teams, and who works where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.journal import jobs
from moothall.process import actions as process
from moothall.process.language import read
from tests import makers

PROCESSES = Path(__file__).parents[2] / "moothall" / "servicedesk" / "processes"
KINDS = ("servicedesk", "process", "estate", "measures", "councils")


@dataclass
class Desk:
    """A partnership with a desk at `host` that serves `other` as well; `stranger` has nothing to do with it."""

    host: Council
    other: Council
    stranger: Council
    team: Team
    resolvers: Team
    analyst: Staff
    manager: Staff
    user: Staff
    user_of_other: Staff
    stranger_user: Staff

    def viewer(self, staff: Staff) -> Viewer:
        return makers.make_viewer(staff)


def make_desk(now: datetime) -> Desk:
    """Make the world; call it inside a scope of everything."""
    host = makers.make_council(code="fernshire", name="Fernshire Council")
    other = makers.make_council(code="alderbridge", name="Alderbridge Council")
    stranger = makers.make_council(code="wenbury", name="Wenbury Council")
    shared = makers.make_agreement(councils=(host, other), kinds=KINDS)
    analyst = makers.make_staff(
        council=host,
        roles=("desk-analyst",),
        user=makers.make_user(name="Ann Alyst", email="ann@fern.example"),
    )
    manager = makers.make_staff(
        council=host,
        roles=("desk-manager",),
        user=makers.make_user(name="Mo Anager", email="mo@fern.example"),
    )
    for staff, role in ((analyst, "desk-analyst"), (manager, "desk-manager")):
        makers.make_grant(staff=staff, role=role, council=other, agreement=shared)
    team = makers.make_team(
        council=host, code="desk", function="service-desk", name="Service desk", serves=(host, other),
        members=(analyst, manager),
    )  # fmt: skip
    resolvers = makers.make_team(
        council=host, code="second-line", function="resolvers", name="Second line", serves=(host, other),
        members=(analyst,),
    )  # fmt: skip
    for path in sorted(PROCESSES.glob("ict-*.yaml")):
        checked = read(path.read_text(encoding="utf-8"))
        if checked.definition is not None:
            process.publish(
                by=Viewer.system(),
                definition=checked.definition,
                source=path.read_text(encoding="utf-8"),
                now=now,
            )
    return Desk(
        host=host,
        other=other,
        stranger=stranger,
        team=team,
        resolvers=resolvers,
        analyst=analyst,
        manager=manager,
        user=_user(host, "Una Ser", "una@fern.example"),
        user_of_other=_user(other, "Otto Ther", "otto@alder.example"),
        stranger_user=_user(stranger, "Stan Ranger", "stan@wen.example"),
    )


def _user(council: Council, name: str, email: str) -> Staff:
    return makers.make_staff(council=council, user=makers.make_user(name=name, email=email))


def work_through(now: datetime | None = None) -> list[str]:
    """Do every job that waits, as the worker would; return how each ended."""
    lanes, at = jobs.Lanes("a test"), now or timezone.now() + timedelta(days=365)
    endings = []
    while (lease := lanes.take(at)) is not None:
        endings.append(jobs.run(lease, now=lambda: at))
    return endings
