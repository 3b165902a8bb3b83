"""Answers that nobody gives: decision tables and calculations."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from moothall.process import working_out
from moothall.process.definition import Field, Row, Table
from moothall.process.engine.state import CaseState
from moothall.process.working_out import first_row, fitting
from tests.process.in_memory import BOB, around, at, begun, do, last, made, open_keys

TODAY = date(2026, 11, 23)
INCIDENT = """
process: incident
title: Incident
owner: desk
start: [desk]
fields:
  impact: {ask: How many?, type: choice, of: [all, council, team, one], optional: true}
  urgency: {ask: Can work go on?, type: choice, of: ["yes", partly, "no"], optional: true}
  priority:
    type: choice
    of: [P1, P2, P3, P4]
    table:
      by: [impact, urgency]
      rows: {"all,*": P1, "council,no": P1, "council,*": P2, "team|one,no": P2, "team,*": P3, "*,*": P4}
  hours: {type: number, table: {by: [priority], rows: {"P1": "4", "P2": "16", "*": "40"}}}
  people: {ask: People?, type: number, optional: true}
  cost: {type: number, calc: people * hours}
  bridge: {ask: Which bridge?, type: text, when: priority == "P1"}
steps:
  log: {title: Log, by: desk, ask: [impact, urgency, people, bridge]}
  call: {title: Call, by: desk, when: cost > 100, show: [priority, hours, cost]}
  again:
    title: Look again
    by: desk
    ask: [impact]
    outcomes: {right: {title: Right, end: right}, wrong: {title: Wrong, back: log}}
"""


def logged(**given: Any) -> CaseState:
    case = begun(made(INCIDENT))
    do(case, "log", **given)
    return case


class TestATable:
    @pytest.mark.parametrize(
        ("impact", "urgency", "priority"),
        [
            ("all", None, "P1"),
            ("council", "no", "P1"),
            ("council", "yes", "P2"),
            ("one", "no", "P2"),
            ("team", "yes", "P3"),
            ("one", "yes", "P4"),
            ("council", None, None),
            (None, "no", None),
            (None, None, None),
        ],
    )
    def test_gives_the_answer_of_the_first_row_or_none_if_that_is_not_known(
        self, impact: str | None, urgency: str | None, priority: str | None
    ) -> None:
        bridge = "North" if priority == "P1" else None
        case = logged(impact=impact, urgency=urgency, bridge=bridge)
        assert case.data.get("priority") == priority

    def test_is_worked_out_again_with_each_answer_and_what_depends_on_it_too(self) -> None:
        case = logged(impact="one", urgency="yes", people=2)
        assert (case.data["priority"], case.data["hours"], case.data["cost"]) == ("P4", 40, 80)
        do(case, "again", around(BOB, at(hours=1)), impact="council", outcome="wrong")
        assert (case.data["priority"], case.data["hours"], case.data["cost"]) == ("P2", 16, 32)
        assert last(case, "done").body["answers"] == {
            "impact": "council",
            "priority": "P2",
            "hours": 16,
            "cost": 32,
        }
        assert case.origins["priority"] == {"at": at(hours=1).isoformat(), "by": "", "from": "table"}
        assert case.origins["cost"]["from"] == "calc"

    def test_is_gone_when_it_is_not_known_any_more(self) -> None:
        case = logged(impact="one", urgency="yes")
        do(case, "again", impact=None, outcome="wrong")
        assert {"priority", "hours"}.isdisjoint(case.data)
        assert {"priority", "hours"}.isdisjoint(case.origins)
        assert last(case, "done").body["dropped"] == ["hours", "impact", "priority"]

    def test_decides_what_is_asked_on_the_same_page(self) -> None:
        assert logged(impact="all", bridge="North").data["bridge"] == "North"
        assert "bridge" not in logged(impact="one", urgency="yes", bridge="North").data

    def test_decides_which_step_comes_next(self) -> None:
        assert open_keys(logged(impact="one", urgency="yes", people=3)) == ["call"]
        assert open_keys(logged(impact="one", urgency="yes", people=2)) == ["again"]

    def test_is_never_asked_even_if_somebody_gives_it(self) -> None:
        with pytest.raises(Exception, match="missing or need"):
            logged(impact="one", priority="P1")


class TestACell:
    @pytest.mark.parametrize(
        ("cell", "value", "answer"),
        [
            ("*", None, True),
            ("tap", "tap", True),
            ("tap", "gas", False),
            ("tap | gas", "gas", True),
            ("tap", None, None),
            (">= 5", 5, True),
            (">5", 5, False),
            ("< -1", -2, True),
            ("<= 5", None, None),
            (">= 5", "7", None),
            ("1..4", 4, True),
            ("1..4", 0, False),
            ("1..4", "2", None),
            ("-3 .. -1", -2, True),
            ("7", 7, True),
            ("yes", True, True),
            ("no", True, False),
            ("flood|fire", ["wind", "fire"], True),
            ("flood|fire", ["wind"], False),
        ],
    )
    def test_is_true_false_or_not_known(self, cell: str, value: Any, answer: object) -> None:
        assert working_out.test_of(cell)(value) is answer

    def test_rows_agree_with_reading_them_aloud(self) -> None:
        """Every table of two rows over two inputs: the first row of which both tests hold."""
        cells, values = ("*", "a", "a|b"), (None, "a", "b", "c")
        for tests in product(cells, repeat=4):
            table = Table(
                by=("x", "y"), rows=(Row(tests=tests[:2], then="1"), Row(tests=tests[2:], then="2"))
            )
            for x, y in product(values, repeat=2):
                assert first_row(table, {"x": x, "y": y}) == _aloud(tests, x, y), (tests, x, y)


def _aloud(tests: tuple[str, ...], x: str | None, y: str | None) -> str | None:
    """Return the row that comes first whatever stands where nothing is known; None if that makes a difference."""
    every = ("a", "b", "c")
    found = {
        next((str(row) for row, pair in ((1, tests[:2]), (2, tests[2:])) if _holds(pair, both)), None)
        for both in product((x,) if x else every, (y,) if y else every)
    }
    return found.pop() if len(found) == 1 else None


def _holds(cells: tuple[str, ...], values: tuple[str, ...]) -> bool:
    return all(cell == "*" or value in cell.split("|") for cell, value in zip(cells, values, strict=True))


class TestAValue:
    @pytest.mark.parametrize(
        ("kind", "raw", "kept"),
        [
            ("number", 3, 3),
            ("number", -3, None),
            ("number", True, None),
            ("number", timedelta(days=3), None),
            ("text", 3, "3"),
            ("text", "Words", "Words"),
            ("yesno", True, True),
            ("yesno", 3, None),
            ("choice", "a", "a"),
            ("choice", "z", None),
            ("date", date(2026, 3, 1), "2026-03-01"),
            ("date", datetime(2026, 6, 30, 23, tzinfo=UTC), "2026-07-01"),
            ("datetime", date(2026, 7, 1), "2026-07-01T00:00+01:00"),
            ("money", 250, 250),
            ("money", "12.50", 1250),
            ("text", None, None),
        ],
    )
    def test_is_kept_only_if_it_fits_the_field(self, kind: str, raw: Any, kept: Any) -> None:
        choices = begun(made(INCIDENT)).definition.fields["impact"].of[:1] if kind == "choice" else ()
        of = tuple(type(each)(key="a", words="A") for each in choices)
        assert fitting(Field(key="f", type=kind, of=of, calc="x"), raw, TODAY) == kept

    def test_may_depend_on_when_a_step_was_done(self) -> None:
        source = """
process: kept
title: Kept
owner: desk
start: [desk]
fields:
  what: {ask: What?, type: text}
  until: {type: date, calc: close.at + days(10)}
steps:
  open: {title: Open, by: desk, ask: [what]}
  close: {title: Close, by: desk, outcomes: {shut: {title: Shut, end: shut}}}
"""
        case = begun(made(source))
        do(case, "open", what="A file")
        assert "until" not in case.data
        do(case, "close", around(BOB, at(days=1)))
        assert case.data["until"] == "2026-12-04"
        assert last(case, "done").body["answers"] == {"until": "2026-12-04"}
