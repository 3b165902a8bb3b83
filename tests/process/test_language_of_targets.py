"""What process files may get wrong about time by an answer, what keeps a promise, and what may be put right."""

import pytest

from moothall.process.definition import Span, Target, from_json, to_json
from moothall.process.differences.whole import in_words
from moothall.process.language import read
from moothall.process.language.overlays import read_overlay
from moothall.process.picture.wording import notes

CALL = """\
process: call
title: Call
owner: desk
start: [agent]
fields:
  impact: {ask: Impact?, type: choice, of: [council, team], amend: [desk, supervisor]}
  size: {ask: How many?, type: number, optional: true}
  late_one: {ask: Late?, type: choice, of: [a, b]}
  hidden: {ask: Hidden?, type: choice, of: [a, b], private: [police]}
  photo: {ask: Photo?, type: photo, optional: true}
  priority:
    label: Priority
    type: choice
    of: [P1, P2, P3]
    table: {by: [impact], rows: {council: P1, "*": P2}}
clocks:
  restored:
    title: Restored
    within: {by: priority, P1: 4 hours, P2: {time: 3 working days, calendar: extended}, P3: none}
    from: log
    until: resolve
    kept: confirm
    late: {tell: desk}
  heard: {title: Heard, within: 1 hour, from: log, until: resolve, on_written: again, late: {tell: desk}}
steps:
  log: {title: Log, by: [agent], ask: [impact, size, hidden, photo]}
  resolve: {title: Resolve, by: desk, show: [priority, size, hidden], ask: [late_one]}
  confirm:
    title: Does it work?
    by: [agent]
    outcomes: {works: {title: It does, end: resolved}, broken: {title: It does not, back: resolve}}
"""
OVERLAY = """\
overlay: call
council: ashby
clocks:
  restored: {within: %s}
"""


class TestReading:
    def test_takes_a_table_with_a_calendar_for_a_row_and_with_no_promise(self) -> None:
        reading = read(CALL)
        assert reading.definition is not None, [str(each) for each in reading.mistakes]
        clock = reading.definition.clocks["restored"]
        assert clock.targets is not None
        assert clock.targets.by == "priority"
        assert clock.target("P2") == Target(
            choice="P2", span=Span(count=3, unit="days", working=True), calendar="extended"
        )
        assert (clock.target("P3"), clock.target(None)) == (None, None)
        assert clock.promised == "4 hours (P1), 3 working days (P2)"
        assert (clock.kept, reading.definition.clocks["heard"].on_written) == (("confirm",), "again")

    def test_keeps_it_for_ever(self) -> None:
        made = read(CALL).definition
        assert made is not None
        assert from_json(to_json(made)) == made

    @pytest.mark.parametrize(
        ("old", "new", "path", "said"),
        [
            ("by: priority, P1", "by: priorty, P1", "within.by", "There is no field “priorty”. Did you mean"),
            ("by: priority, P1", "by: size, P1", "within.by", "“size” is a number: it has no answers to give a time"),
            ("{by: priority, P1", "{P1", "within", "“by” is missing."),
            ("by: priority, P1: 4 hours, ", "by: priority, ", "within", "It has no row for “P1”."),
            ("P1: 4 hours", "P1: 4 hours, P9: 1 hour", "within.P9", "“priority” is never “P9”. It can be: P1"),
            ("P1: 4 hours", "P1: soon", "within.P1", "“soon” is not a length of time."),
            ("{time: 3 working days, calendar", "{time: 3 odd days, calendar", "P2.time", "is not a length of time."),
            ("P1: 4 hours, P2: {time: 3 working days, calendar: extended}", "P1: none, P2: none", "within",
             "It promises nothing, whatever is answered."),
            ("{by: priority, P1: 4 hours, P2: {time: 3 working days, calendar: extended}, P3: none}",
             "{by: late_one, a: 1 hour, b: 2 hours}", "within.by", "“late_one” is not known yet when the clock starts"),
            ("{by: priority, P1: 4 hours, P2: {time: 3 working days, calendar: extended}, P3: none}",
             "{by: hidden, a: 1 hour, b: 2 hours}", "within.by", "“hidden” is private, and everybody sees by its time"),
            ("on_written: again", "on_written: often", "on_written", "“often” is not known here."),
            ("kept: confirm", "kept: confrim", "kept.0", "There is no step “confrim”. Did you mean “confirm”?"),
            ("amend: [desk, supervisor]", "amend: [resident]", "amend", "“resident” cannot put an answer right"),
            ('{council: P1, "*": P2}}', '{council: P1, "*": P2}}\n    amend: desk', "amend", "It is worked out from"),
            ("type: photo, optional: true", "type: photo, optional: true, amend: desk", "amend", "Files are added"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong_where(self, old: str, new: str, path: str, said: str) -> None:
        assert old in CALL
        mistakes = read(CALL.replace(old, new)).mistakes
        found = [
            f"{each.wrong} {each.instead}" for each in mistakes if each.serious and each.path.endswith(path)
        ]
        assert any(said in each for each in found), [str(each) for each in mistakes]

    def test_advises_where_there_may_be_no_answer(self) -> None:
        source = CALL.replace("of: [council, team], amend", "of: [council, team], optional: true, amend")
        wide = source.replace("by: priority, P1: 4 hours", "by: impact, council: 4 hours, team: 1 hour")
        wide = wide.replace(", P2: {time: 3 working days, calendar: extended}, P3: none", "")
        advice = [each for each in read(wide).mistakes if each.path == "clocks.restored.within.by"]
        assert [each.serious for each in advice] == [False]


class TestAnOverlay:
    @pytest.mark.parametrize(
        ("within", "promised"),
        [
            (
                "{by: priority, P1: 2 hours, P2: 4 hours, P3: 5 days}",
                "2 hours (P1), 4 hours (P2), 5 days (P3)",
            ),
            ("2 working days", "2 working days"),
        ],
    )
    def test_replaces_the_time_as_a_whole(self, within: str, promised: str) -> None:
        base = read(CALL).definition
        assert base is not None
        reading = read_overlay(OVERLAY % within, base)
        assert reading.definition is not None, [str(each) for each in reading.mistakes]
        clock = reading.definition.clocks["restored"]
        assert (clock.promised, clock.within is None) == (promised, clock.targets is not None)
        assert clock.kept == ("confirm",)

    def test_leaves_the_time_alone_where_it_says_nothing(self) -> None:
        base = read(CALL).definition
        assert base is not None
        made = read_overlay(
            "overlay: call\ncouncil: ashby\nclocks: {restored: {warn: 50%}}\n", base
        ).definition
        assert made is not None
        assert made.clocks["restored"].targets == base.clocks["restored"].targets

    def test_is_held_to_the_rows_too(self) -> None:
        base = read(CALL).definition
        assert base is not None
        mistakes = read_overlay(OVERLAY % "{by: priority, P1: 2 hours}", base).mistakes
        assert [each.wrong for each in mistakes] == ["It has no row for “P2”.", "It has no row for “P3”."]


class TestSayingIt:
    def test_names_every_row_that_changed(self) -> None:
        old, new = read(CALL).definition, read(CALL.replace("4 hours", "2 hours")).definition
        assert old is not None
        assert new is not None
        assert in_words(old, new) == ["The clock “Restored”: for P1, 4 hours becomes 2 hours."]
        other = read(CALL.replace("calendar: extended", "calendar: office")).definition
        assert other is not None
        assert in_words(old, other) == [
            (
                "The clock “Restored”: for P2, 3 working days in the calendar “extended” becomes 3 working days in the"
                " calendar “office”."
            )
        ]

    def test_stands_in_the_picture(self) -> None:
        made = read(CALL).definition
        assert made is not None
        said = [each.text for each in notes(made, made.steps["resolve"]) if each.sign == "promise"]
        assert said[0] == "Promise: within 4 hours (P1), 3 working days (P2) of “Log”"
