"""What the X-ray says of waived rules, votes, and what time does by itself."""

from datetime import timedelta

import pytest

from moothall.process import actions, xray
from moothall.process.engine.state import CaseState
from tests.process.making import MONDAY, Place, make_case, make_place, publish_repair
from tests.process.xrayed import DAY, HOUR, LATER, SYSTEM, act, plain, seen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("everything")]
BOARD = """
process: repair
title: Repair
owner: desk
start: [resident, agent]
fields:
  what: {ask: What is broken?, type: choice, of: {tap: A tap, gas: A gas leak}}
  where: {ask: Where?, type: text}
steps:
  report: {title: Report, by: [resident, agent], ask: [what, where]}
  board:
    title: Decide
    vote: {of: desk, pass: 1}
    outcomes: {yes: {title: Approved}, no: {title: Rejected, end: rejected}}
  cool: {title: Cool down, after: board, wait: {for: 1 day}}
  look: {title: Look after it, by: crew, after: board, every: 1 hour, until: fix}
  fix:
    title: Fix
    by: crew
    after: cool
    need: [{rule: what == "gas", say: "Only gas is urgent.", waive: crew}]
    outcomes: {fixed: {title: Fixed, end: fixed}}
"""


@pytest.fixture
def place() -> Place:
    publish_repair(BOARD)
    return make_place()


def decided(place: Place, choice: str) -> CaseState:
    case = make_case(place)
    actions.cast(
        by=place.officer, case_id=case.id, step="board", expected=None, choice=choice, now=MONDAY + HOUR
    )
    return case


def repaired(place: Place) -> CaseState:
    """Decide after an hour; look after it twice, an hour apart; wait a day; fix it although it is a tap."""
    case = decided(place, "for")
    act(place.worker, case, "look", HOUR + timedelta(minutes=30))
    actions.sweep(MONDAY + 2 * HOUR)
    act(place.worker, case, "look", 3 * HOUR)
    actions.sweep(MONDAY + HOUR + DAY)
    actions.act(
        by=place.worker, case_id=case.id, step="fix", expected=None, now=MONDAY + 2 * DAY,
        waived={0: "The water is rising."},
    )  # fmt: skip
    return case


class TestWhatIsOutOfTheOrdinary:
    def test_counts_each_rule_that_was_set_aside_by_its_sentence(self, place: Place) -> None:
        repaired(place)
        (waived,) = xray.exceptions(seen()).waived
        assert (waived.title, waived.rule, waived.times, waived.of) == ("Fix", "Only gas is urgent.", 1, 1)
        found = xray.behind(SYSTEM, seen(), "waived", {"step": "fix", "rule": "Only gas is urgent."})
        assert found.times == 1
        assert xray.behind(SYSTEM, seen(), "waived", {"step": "fix", "rule": "Another."}).times == 0

    def test_counts_votes_and_how_they_turned_out(self, place: Place) -> None:
        repaired(place)
        decided(place, "against")
        (vote,) = xray.exceptions(seen()).votes
        assert (vote.title, vote.votes) == ("Decide", 2)
        assert set(vote.outcomes) == {("yes", "Approved", 1), ("no", "Rejected", 1)}

    def test_counts_what_time_did(self, place: Place) -> None:
        repaired(place)
        by_time = {(row.step, row.kind): row.times for row in xray.exceptions(seen()).by_time}
        assert by_time["cool", "waited"] == 1
        assert by_time["look", "repeated"] >= 1
        for (step, kind), times in by_time.items():
            assert xray.behind(SYSTEM, seen(), "time", {"step": step, "kind": kind}).times == times

    def test_says_for_what_a_step_waits_that_is_nobodys(self, place: Place) -> None:
        repaired(place)
        rows = {row.step: row for row in xray.waiting(seen())}
        assert (rows["cool"].waits_for, rows["fix"].waits_for) == ("time", "")
        assert plain(rows["cool"].queued)[2] == 86400

    def test_takes_no_round_of_a_repeated_step_for_rework(self, place: Place) -> None:
        repaired(place)
        found = xray.rework(seen())
        look = next(row for row in found.steps if row.step == "look")
        assert (look.done, look.again, found.cases) == (2, 0, 0)
        assert next(row for row in xray.waiting(seen()) if row.step == "look").queued.times == 2
        assert seen().now == LATER
