"""The page of a clock: the times that it had and why, which hours were in force, what was kept, and every run."""

import html
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moothall.councils import scope
from moothall.councils.actions import add_closing_day
from moothall.councils.rules import Viewer
from moothall.plain.errors import NotFound
from moothall.process import actions
from moothall.process.engine.state import CaseState
from moothall.process.language import read
from moothall.workplace.queries import clocks
from tests.makers import make_team
from tests.workplace.staffed import House

TAGS = re.compile(r"<[^>]+>")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
FAULT = """
process: fault
title: Fault
owner: desk
start: [desk]
fields:
  what: {ask: What is it?, type: text}
  priority: {ask: Priority?, label: Priority, type: choice, of: [P1, P2], amend: [desk]}
clocks:
  mended:
    title: Mended
    within: {by: priority, P1: 60 minutes, P2: 2 working days}
    from: log
    until: mend
    late: {tell: desk}
  told: {title: Told, within: 1 hour, from: log, until: mend, on_written: again, late: {tell: desk}}
steps:
  log: {title: Log, by: [desk], ask: [what, priority]}
  mend: {title: Mend, by: desk, outcomes: {mended: {title: Mended, end: mended}}}
"""


def text_of(answer: Any) -> str:
    """Return what stands on a page."""
    return " ".join(html.unescape(TAGS.sub(" ", answer.content.decode())).split())


@pytest.fixture
def fault(house: House) -> CaseState:
    """A fault at nine thirty on a Monday, told about after half an hour, and found to be a P1 after two."""
    definition = read(FAULT).definition
    assert definition is not None
    with scope.everything("a fault for a test"):
        actions.publish(by=Viewer.system(), definition=definition, source=FAULT, now=MONDAY)
        make_team(council=house.ash, function="desk", members=(house.ann,))
        ann = house.viewer(house.ann)
        given = {"what": "The printer", "priority": "P2"}
        case = actions.start_case(by=ann, council=house.ash, process="fault", now=MONDAY, answers=given)
        actions.write(by=ann, case_id=case.id, text="On it.", now=MONDAY + timedelta(minutes=30))
        actions.amend(
            by=ann,
            case_id=case.id,
            expected=None,
            answers={"priority": "P1"},
            now=MONDAY + timedelta(hours=2),
        )
    return case


def explained(
    house: House, case: CaseState, key: str, now: datetime, run: int | None = None
) -> clocks.Explained:
    """Return a clock as its page has it."""
    with scope.everything("looking at a clock in a test"):
        return clocks.explained(house.viewer(house.ann), case.reference, key, now, run)


def mended(house: House, case: CaseState, after: timedelta) -> None:
    with scope.everything("the end of a fault for a test"):
        actions.act(
            by=house.viewer(house.ann), case_id=case.id, step="mend", expected=None, now=MONDAY + after
        )


class TestAClockThatWasAimedAnew:
    def test_says_which_times_it_had_and_because_of_what(self, house: House, fault: CaseState) -> None:
        text = text_of(house.browser(house.ann).get(f"/work/case/{fault.reference}/clock/mended/"))
        for words in (
            "within 60 minutes",
            "2 working days",
            "As it began",
            "Priority: P1",
            "runs day and night",
        ):
            assert words in text
        found = explained(house, fault, "mended", MONDAY + timedelta(hours=3))
        assert [(each.within, each.why) for each in found.aims] == [
            ("2 working days", ""), ("60 minutes", "Priority: P1")
        ]  # fmt: skip
        assert (found.over, found.used) == (3600, 3 * 3600)

    def test_is_told_in_the_history(self, house: House, fault: CaseState) -> None:
        text = text_of(house.browser(house.ann).get(f"/work/case/{fault.reference}/"))
        assert "The clock “Mended”: 60 minutes now, not 2 working days, since “Priority” became P1" in text
        assert "P1 (it was P2)" in text
        answer = text_of(house.browser(house.ann).get(f"/work/case/{fault.reference}/answers/priority/"))
        assert "Put right, outside any step" in answer


class TestAClockThatHasEnded:
    def test_holds_to_what_was_kept_when_the_calendar_is_changed(self, house: House) -> None:
        with scope.everything("a fault for a test"):
            definition = read(FAULT).definition
            assert definition is not None
            actions.publish(by=Viewer.system(), definition=definition, source=FAULT, now=MONDAY)
            make_team(council=house.ash, function="desk", members=(house.ann,))
            case = actions.start_case(
                by=house.viewer(house.ann), council=house.ash, process="fault", now=MONDAY,
                answers={"what": "The printer", "priority": "P2"},
            )  # fmt: skip
        mended(house, case, timedelta(hours=26))
        later = MONDAY + timedelta(days=9)
        before = explained(house, case, "mended", later)
        system = Viewer.system()
        add_closing_day(by=system, council=house.ash, day=MONDAY.date(), reason="Flood", now=later)
        after = explained(house, case, "mended", later)
        assert (before.used, before.now_used) == (after.used, None)
        assert after.now_used is not None
        assert after.now_used < after.used
        text = text_of(house.browser(house.ann).get(f"/work/case/{case.reference}/clock/mended/"))
        assert "The calendar has been changed since this clock ended" in text


class TestAClockThatRunsAgainAndAgain:
    def test_shows_every_run(self, house: House, fault: CaseState) -> None:
        mended(house, fault, timedelta(hours=3))
        client = house.browser(house.ann)
        text = text_of(client.get(f"/work/case/{fault.reference}/clock/told/"))
        for words in (
            "Every run of this clock",
            "2 (this one)",
            "Missed",
            "Met, by a message",
            "the last message",
        ):
            assert words in text
        first = text_of(client.get(f"/work/case/{fault.reference}/clock/told/?run=1"))
        assert "1 (this one)" in first
        assert "30 minutes" in first

    def test_knows_no_run_that_there_was_not(self, house: House, fault: CaseState) -> None:
        with pytest.raises(NotFound):
            explained(house, fault, "told", MONDAY, 9)
        url = f"/work/case/{fault.reference}/clock/told/"
        assert house.browser(house.ann).get(f"{url}?run=9").status_code == 404
        assert house.browser(house.ann).get(f"{url}?run=x").status_code == 200
