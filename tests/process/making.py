"""What tests of the engine need over a database: a council with a desk and a crew, and one small process."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moothall.councils.models import Council, Team
from moothall.councils.rules import Viewer
from moothall.process import actions
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from tests.makers import make_council, make_staff, make_team, make_user, make_viewer

MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

REPAIR = """
process: repair
title: Repair
owner: desk
start: [resident, agent]
fields:
  what: {ask: What is broken?, type: choice, of: {tap: A tap, gas: A gas leak}}
  where: {ask: Where?, type: text}
  question: {ask: What must we know?, type: text, optional: true}
  answer: {ask: Your answer?, type: text}
clocks:
  fix: {title: Repaired, within: 2 working days, from: report, until: fix, pause: reply, warn: 50%, late: {tell: desk}}
steps:
  report: {title: Report, by: [resident, agent], ask: [what, where]}
  check:
    title: Check
    by: desk
    next: We look at it.
    ask: [question]
    outcomes:
      go: {title: Send the crew}
      ask: {title: Ask, when: has(question), tell: resident}
      no: {title: Refuse, need_text: Why not?, end: refused, tell: resident}
  reply:
    title: Reply
    by: [resident]
    next: We wait for you.
    when: check.outcome == "ask"
    ask: [answer]
    outcomes: {answered: {title: Send, back: check}}
  fix:
    title: Fix
    by: crew
    next: The crew comes.
    need: [{rule: fix.by != check.by, say: Somebody else must do the work.}]
    outcomes: {fixed: {title: Fixed, end: fixed, tell: resident}}
"""


@dataclass(frozen=True)
class Place:
    """A council, its two teams, and one of each kind of staff."""

    council: Council
    desk: Team
    crew: Team
    officer: Viewer
    worker: Viewer
    supervisor: Viewer
    adviser: Viewer


def make_place(**kind: str) -> Place:
    """Make a council at work. Enter a scope before it is used."""
    council = make_council(**kind)
    officer = make_staff(council=council, roles=("officer",))
    worker = make_staff(council=council, roles=("officer",))
    supervisor = make_staff(council=council, roles=("supervisor",))
    adviser = make_staff(council=council, roles=("adviser",))
    desk = make_team(council=council, function="desk", name="The desk", members=(officer,))
    crew = make_team(council=council, function="crew", name="The crew", members=(worker,))
    viewers = [make_viewer(staff) for staff in (officer, worker, supervisor, adviser)]
    return Place(council, desk, crew, *viewers)


def publish_repair(source: str = REPAIR, now: datetime = MONDAY) -> None:
    """Publish the little process."""
    definition = read(source).definition
    assert definition is not None, [str(each) for each in read(source).mistakes]
    actions.publish(by=Viewer.system(), definition=definition, source=source, now=now)


def make_case(place: Place, *, now: datetime = MONDAY, **given: Any) -> CaseState:
    """Start a case of the little process, reported by a resident."""
    answers = {"what": "tap", "where": "The kitchen", **given}
    resident = make_user()
    return actions.start_case(
        by=Viewer.resident(user_id=resident.pk, name=resident.name, council_id=place.council.pk),
        council=place.council,
        process="repair",
        now=now,
        answers=answers,
        requester_id=resident.pk,
        words=[resident.name],
    )
