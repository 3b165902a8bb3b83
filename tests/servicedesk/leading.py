"""A desk with somebody who leads major incidents, councils that review them, and a system that both councils use."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from moothall.councils.models import Staff
from moothall.councils.rules import Viewer
from moothall.estate.models import Item, Use
from moothall.servicedesk.actions import majors, reviewing
from moothall.servicedesk.actions.lessons import add_action
from moothall.servicedesk.models import Call, LessonAction, Major
from moothall.servicedesk.rules.reviewing import Report
from tests.makers import make_grant, make_staff, make_team, make_viewer
from tests.servicedesk.desked import Desk, an_incident, make_desk

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PROCESSES = ("ict-incident", "ict-request", "ict-problem", "ict-task", "ict-major-incident")
WRITTEN = Report(
    summary="Nobody could open a case record from 9.30 to 11.",
    cause="change",
    cause_owner="shared",
    root_cause="A rule of the firewall FW-EDGE-02 was removed by Rhys Gould.",
    went_well="The bridge was open after five minutes.",
    lessons="Nobody had tried the rule out.",
)


@dataclass(frozen=True)
class Led:
    """A desk with who leads, who reviews for each council, and the system that goes away."""

    desk: Desk
    manager: Viewer
    ash_client: Viewer
    elm_client: Viewer
    item: Item
    staff: dict[str, Staff]

    def p1(self, *, now: datetime = NOW, **facts: Any) -> Call:
        """Log a fault that stops a whole council."""
        given = {
            "impact": "council",
            "urgency": "no",
            "item_id": self.item.pk,
            "summary": "Care records are away",
        }
        return an_incident(self.desk, now=now, **{**given, **facts})

    def major(self, *, now: datetime = NOW, **facts: Any) -> Major:
        """Log a P1 and return its major incident."""
        return major_of(self.p1(now=now, **facts))

    def restored(self, *, now: datetime = NOW, **facts: Any) -> Major:
        """Return a major incident that was restored an hour and a half after it began."""
        major = self.major(now=now, **facts)
        return majors.restore_major(
            by=self.manager,
            major_id=major.pk,
            fix="The rule is back.",
            now=now + timedelta(minutes=90),
        )

    def promised(
        self, major: Major, *, text: str = "Try rules out first", due_on: date, now: datetime
    ) -> LessonAction:
        """Let the report of a major incident promise something of the engineer's."""
        return add_action(
            by=self.manager,
            major_id=major.pk,
            text=text,
            owner_id=self.desk.staff["engineer"].pk,
            due_on=due_on,
            now=now,
        )

    def written(self, *, now: datetime = NOW, **facts: Any) -> Major:
        """Return a major incident whose report is in review."""
        major = self.restored(now=now, **facts)
        later = now + timedelta(days=1)
        reviewing.save_report(
            by=self.manager, major_id=major.pk, report=WRITTEN, cause_item_id=self.item.pk, now=later
        )
        self.promised(major, due_on=later.date() + timedelta(days=30), now=later)
        return reviewing.send_report(by=self.manager, major_id=major.pk, now=later)

    def approved(self, *, now: datetime = NOW, **facts: Any) -> Major:
        """Return a major incident whose report every council has approved."""
        major = self.written(now=now, **facts)
        for client in (self.ash_client, self.elm_client):
            major.refresh_from_db()
            if major.state == Major.State.REVIEW:
                reviewing.vote_on_report(
                    by=client, major_id=major.pk, choice="for", text="", now=now + timedelta(days=2)
                )
        major.refresh_from_db()
        return major


def major_of(call: Call) -> Major:
    """Return the major incident of a call."""
    found: Major = Major.objects.select_related("call", "case", "council").get(call_id=call.pk)
    return found


def make_led(published: tuple[str, ...] = PROCESSES) -> Led:
    """Make it. Enter a scope before."""
    desk = make_desk(published=published)
    clients = {}
    for name, home, other in (("ash_client", desk.ash, desk.elm), ("elm_client", desk.elm, desk.ash)):
        clients[name] = make_staff(council=home, roles=("ict-client",), job_title="ICT client officer")
        make_grant(staff=clients[name], role="ict-client", council=other, agreement=desk.pact)
    make_team(
        council=desk.ash,
        code=f"service-owners-{desk.ash.code}",
        function="service-owners",
        name="Service owners",
        serves=(desk.ash, desk.elm),
        members=tuple(clients.values()),
    )
    item = Item.objects.create(code="care-records", name="Care records", kind=Item.Kind.APPLICATION)
    for council, users in ((desk.ash, 120), (desk.elm, 40)):
        Use.objects.create(council=council, item=item, users=users, since=date(2026, 1, 1))
    return Led(
        desk,
        desk.manager,
        make_viewer(clients["ash_client"]),
        make_viewer(clients["elm_client"]),
        item,
        {**desk.staff, **clients},
    )
