"""A council whose board votes, whose work waits for its day and comes again, and whose staff ask for things."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from moothall.councils import scope
from moothall.councils.models import Council, Staff, Team
from moothall.councils.rules import Viewer
from moothall.process import actions as process
from moothall.process import store
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.process.models import Case
from tests.makers import make_council, make_staff, make_team, make_user, make_viewer

CHANGE = """
process: change
title: Change
summary: Something is changed for all councils.
owner: ict
start: [staff]
fields:
  what: {ask: What will change?, label: Change, type: text}
  size: {ask: How large is it?, label: Size, type: choice, of: {small: Small, large: Large}}
  who: {ask: Who asks for it?, label: Asked by, type: text, from: requester.name}
  weight:
    label: Weight
    type: choice
    of: {light: Light, heavy: Heavy}
    table:
      by: [size]
      rows: [[large, heavy], ["*", light]]
  plan: {ask: How is it undone?, label: Way back, type: paragraph, optional: true}
  starts: {ask: When does it start?, label: Start, type: date, optional: true}
  more: {ask: What else should we know?, label: More, type: text}
steps:
  raise:
    title: Raise the change
    by: [staff]
    ask: [what, size, who, plan, starts]
  check:
    title: Check the plan
    by: ict
    next: Somebody checks your plan.
    show: [what, size, who]
    ask: [plan]
    need:
      - {rule: has(plan), say: There must be a way back., waive: [ict, supervisor]}
      - {rule: check.by != raise.by, say: Somebody else must check it.}
    outcomes:
      good: {title: The plan is good}
      ask: {title: Ask for more, go: answer}
  answer:
    title: Say more
    by: [requester]
    on_demand: true
    next: We need to know more from you.
    ask: [more]
    outcomes: {told: {title: Send it, back: check}}
  board:
    title: Board
    after: check
    vote: {pass: 2, of: board, not: [raise.by], quorum: 2}
    show: [what, weight]
    outcomes:
      approved: {title: Approve it}
      rejected: {title: Reject it, need_text: Why not?, end: rejected, tell: requester, say: The board said no.}
  window:
    title: Until it starts
    after: board
    wait: {until: starts}
  make:
    title: Make the change
    after: window
    by: ict
    show: [what]
    outcomes: {made: {title: It is made, end: made, tell: requester, say: Your change is made.}}
  report:
    title: Report on it
    after: board
    by: ict
    every: 1 week
    until: make
    outcomes: {sent: {title: Sent}}
"""


@dataclass(frozen=True)
class Board:
    """Ida and Ivo look after ICT, Ida also sits on the board with Bea, Ben and Bo; Rea asks for things."""

    council: Council
    ict: Team
    board: Team
    ida: Staff
    ivo: Staff
    bea: Staff
    ben: Staff
    bo: Staff
    rea: Staff

    def viewer(self, staff: Staff) -> Viewer:
        return make_viewer(staff, today=timezone.localdate())

    def browser(self, staff: Staff) -> Client:
        client = Client()
        client.force_login(staff.user)
        return client

    def change(self, **answers: Any) -> str:
        """Let Rea raise a change, and return its reference; its step “check” waits for ICT."""
        given = {"what": "New switches", "size": "large", "who": "Rea Request", **answers}
        with scope.everything("raising a change in a test"):
            case = process.start(
                by=self.viewer(self.rea),
                council=self.council,
                process="change",
                answers=given,
                now=timezone.now() - timedelta(minutes=2),
            )
        return case.reference

    def before_the_board(self, **answers: Any) -> str:
        """Return the reference of a change whose plan is good."""
        reference = self.change(**({"plan": "Switch back"} | answers))
        self.act(self.ivo, reference, "check", outcome="good")
        return reference

    def act(self, staff: Staff, reference: str, step: str, **given: Any) -> None:
        with scope.everything("acting in a test"):
            process.act(
                by=self.viewer(staff),
                case_id=self.case(reference).id,
                step=step,
                expected=None,
                now=timezone.now(),
                **given,
            )

    def cast(self, staff: Staff, reference: str, choice: str, text: str = "") -> None:
        with scope.everything("voting in a test"):
            process.cast(
                by=self.viewer(staff),
                case_id=self.case(reference).id,
                step="board",
                expected=None,
                choice=choice,
                text=text,
                now=timezone.now(),
            )

    def case(self, reference: str) -> CaseState:
        with scope.everything("looking in a test"):
            number = Case.objects.values_list("id", flat=True).get(reference=reference)
            found = store.load(number)
        assert found is not None
        return found


def publish(source: str) -> None:
    """Publish a process that a test wrote."""
    found = read(source)
    assert found.definition is not None, [str(each) for each in found.mistakes]
    process.publish(by=Viewer.system(), definition=found.definition, source=source, now=timezone.now())


def make_board() -> Board:
    """Make it, with its process published. Enter a scope before."""
    publish(CHANGE)
    council = make_council(code="yew", name="Yew District Council")
    names = ("Ida Ict", "Ivo Ict", "Bea Board", "Ben Board", "Bo Board", "Rea Request")
    ida, ivo, bea, ben, bo, rea = (
        make_staff(council=council, roles=("officer",), user=make_user(name=name)) for name in names
    )
    ict = make_team(council=council, code="ict", name="ICT team", members=(ida, ivo))
    board = make_team(council=council, code="board", name="Change board", members=(ida, bea, ben, bo))
    return Board(council, ict, board, ida, ivo, bea, ben, bo, rea)
