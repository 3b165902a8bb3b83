"""Process files: what is read, and what is said of every mistake."""

import random
import re
from pathlib import Path

import pytest

from moothall.process.cel.parsing import FUNCTIONS, METHODS
from moothall.process.definition import Choice, Span
from moothall.process.kinds import KINDS
from moothall.process.language import NotSound, fields, load, promises, read, sections, shape, steps
from moothall.process.language.mistakes import Mistake

SOUND = """\
process: missed-bin
title: Missed bin
owner: waste
start: [resident, agent]
fields:
  bin: {ask: Which bin?, type: choice, of: [refuse, garden]}
  out: {ask: Was it out?, type: yesno, when: bin == "garden"}
  seen: {ask: Last seen, type: date, optional: true}
  fee: {ask: Fee, type: money, max: 12.50, optional: true}
clocks:
  return:
    {title: Return, within: 2 working days, from: report, until: collect, pause: check, warn: 75%, late: {tell: waste}}
steps:
  report: {title: Report, by: [resident, agent], ask: [bin, out, seen]}
  check:
    title: Check
    by: waste
    show: [bin]
    when: out == true || !has(seen)
    outcomes:
      fine: {title: Fine}
      again: {title: Again, back: report, need_text: true}
  collect:
    title: Collect
    by: waste
    ask: [fee]
    need:
      - rule: collect.by != check.by
        say: Someone else must collect.
    outcomes: {collected: {end: collected, tell: resident, say: We have been.}}
"""


def mistakes(text: str | bytes) -> list[Mistake]:
    return list(read(text, file="bin.yaml").mistakes)


def said(text: str | bytes) -> str:
    return "\n".join(str(mistake) for mistake in mistakes(text))


def changed(old: str, new: str) -> str:
    assert old in SOUND
    return SOUND.replace(old, new, 1)


class TestASoundFile:
    def test_has_no_mistakes(self) -> None:
        reading = read(SOUND)
        assert reading.mistakes == ()
        assert reading.sound

    def test_becomes_a_definition_with_its_defaults(self) -> None:
        definition = read(SOUND).definition
        assert definition is not None
        assert definition.key == "missed-bin"
        assert definition.steps["check"].after == ("report",)
        assert list(definition.steps["report"].outcomes) == ["done"]
        assert definition.fields["bin"].of == (
            Choice(key="refuse", words="Refuse"),
            Choice(key="garden", words="Garden"),
        )
        assert definition.fields["fee"].max == 1250
        assert definition.clocks["return"].within == Span(count=2, unit="days", working=True)
        assert definition.clocks["return"].warn == 75
        assert definition.steps["check"].outcomes["again"].need_text == "Give the reason"
        assert definition.first.key == "report"

    def test_reads_yaml_1_2_where_yes_and_no_are_words(self) -> None:
        text = changed("of: [refuse, garden]", "of: [yes, partly, no]").replace(
            'bin == "garden"', 'bin == "no"'
        )
        definition = read(text).definition
        assert definition is not None
        assert [choice.key for choice in definition.fields["bin"].of] == ["yes", "partly", "no"]

    def test_may_have_steps_side_by_side(self) -> None:
        text = changed("by: waste\n    show", "by: waste\n    after: report\n    show").replace(
            "    by: waste\n    ask: [fee]", "    by: waste\n    after: [report]\n    ask: [fee]"
        )
        text = text.replace("fine: {title: Fine}", "fine: {title: Fine, end: fine}")
        definition = read(text.replace("collect.by != check.by", "collect.by != report.by")).definition
        assert definition is not None
        assert definition.followers["report"] == ("check", "collect")


class TestAMistake:
    @pytest.mark.parametrize(
        ("old", "new", "line", "parts"),
        [
            (
                "title: Missed bin",
                "titel: Missed bin",
                2,
                ["titel: “titel” is not a key here. Did you mean “title”?"],
            ),
            ("owner: waste", "owner: Waste Team", 3, ["“Waste Team” is not a name"]),
            ("type: choice", "type: choise", 6, ["Did you mean “choice”?"]),
            (", of: [refuse, garden]", "", 6, ["“of” is missing"]),
            ("of: [refuse, garden]", "of: [refuse, refuse]", 6, ["“refuse” is there twice"]),
            ("type: yesno", "type: yesno, max: 3", 7, ["A yesno has no “max”"]),
            ('when: bin == "garden"', "when: bin = 'garden'", 7, ["column 5", "Write “==”"]),
            ('when: bin == "garden"', "when: bim == 'garden'", 7, ["“bim”", "Did you mean “bin”?"]),
            ('when: bin == "garden"', "when: bin == 'gardn'", 7, ["never “gardn”", "Did you mean “garden”?"]),
            ('when: bin == "garden"', "when: bin == true", 7, ["“bin” is text", "quotation marks"]),
            ('when: bin == "garden"', "when: bin", 7, ["gives text, not yes or no"]),
            (
                'when: bin == "garden"',
                "when: fee > 3",
                7,
                ["“fee” is read here, but nothing before this asks it"],
            ),
            (
                "out == true ||",
                "out == 'yes' ||",
                19,
                ["“out” is yes or no; it is compared with text", "true or false"],
            ),
            ("!has(seen)", "seen > 3", 19, ["“seen” is a date", "today()"]),
            ("out == true", "collect.outcome == 'x'", 19, ["“collect”", "comes later"]),
            ("out == true", "report.outcome == 'doen'", 19, ["never “doen”", "Did you mean “done”?"]),
            ("out == true", "report.when == 'x'", 19, ["“report” has no part “when”"]),
            ("out == true", "bin.postcode == 'x'", 19, ["“bin” has no part “postcode”"]),
            ("show: [bin]", "show: [bins]", 18, ["There is no field “bins”", "Did you mean “bin”?"]),
            ("show: [bin]", "show: [fee]", 18, ["no step before this one asks it"]),
            ("We have been.", "'It is {feee}.'", 30, ["no field “feee”", "Did you mean “fee”?"]),
            (
                "title: Check\n",
                "title: Check\n    next: We take {fee}.\n",
                17,
                ["“fee” is said here, but nothing"],
            ),
            ("ask: [fee]", "ask: [fees]", 26, ["There is no field “fees”"]),
            ("back: report", "back: reprot", 22, ["There is no step “reprot”", "Did you mean “report”?"]),
            ("back: report", "back: collect", 22, ["does not come before"]),
            ("back: report", "back: report, end: x", 22, ["one of the three"]),
            ("within: 2 working days", "within: two days", 12, ["“two days” is not a length of time"]),
            ("within: 2 working days", "within: 0 days", 12, ["not a length of time"]),
            ("warn: 75%", "warn: 175%", 12, ["not a percentage"]),
            ("from: report", "from: reports", 12, ["Did you mean “report”?"]),
            ("from: report, until: collect", "from: collect, until: report", 12, ["does not come after"]),
            ("end: collected,", "", 13, ["No outcome of any step ends the case"]),
            ("max: 12.50", "max: 12.505", 9, ["not an amount in pounds"]),
            (
                "start: [resident, agent]",
                "start: [resident, police]",
                4,
                ["“police” may start it, but may not do"],
            ),
            ("  bin: {", "  now: {", 6, ["Rules keep the word “now”"]),
            ("  bin: {", "  Bin: {", 6, ["“Bin” is not a name"]),
            ("      again: {title: Again", "      again: {title: fine", 22, ["reads the same as “fine”"]),
            ("      again:", "      fine:", 22, ["“fine” is written twice"]),
            ("say: Someone else must collect.", "sya: x", 29, ["Did you mean “say”?"]),
            ("  collect:\n", "  bin:\n", 23, ["a rule could mean either"]),
            ("need_text: true", "need_text: true, vote: 2", 22, ["“vote” is not a key here"]),
            ("show: [bin]", "offline: true", 18, ["does not know “offline” (work without a connection) yet"]),
            ("    by: waste\n    show", "    show", 15, ["“by” is missing"]),
        ],
    )
    def test_is_named_by_its_line_with_what_to_write(
        self, old: str, new: str, line: int, parts: list[str]
    ) -> None:
        found = [
            str(each) for each in mistakes(changed(old, new)) if all(part in str(each) for part in parts)
        ]
        assert found, said(changed(old, new))
        assert found[0].startswith(f"bin.yaml:{line}: ")
        assert not read(changed(old, new)).sound

    def test_is_not_alone_if_there_are_more(self) -> None:
        text = (
            changed("type: choice", "type: choise").replace("show: [bin]", "show: [bins]").replace("75%", "7")
        )
        found = mistakes(text)
        assert [each.line for each in found] == sorted(each.line for each in found)
        assert len([each for each in found if each.serious]) == 3

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            (
                "out: {ask: Was it",
                "odd: text\n  out: {ask: Was it",
                "fields.odd: Here should be keys with values.",
            ),
            ("ask: [fee]", "ask: {fee: 1}", "steps.collect.ask: Here should be a list."),
            (
                "outcomes: {collected: {end: collected, tell: resident, say: We have been.}}",
                "outcomes: [x]",
                "names",
            ),
            ("title: Report, by", "when: 1 == 1, title: Report, by", "The first step always opens."),
        ],
    )
    def test_of_the_wrong_shape_is_said_once(self, old: str, new: str, sentence: str) -> None:
        found = [str(each) for each in mistakes(changed(old, new)) if each.serious]
        assert len(found) == 1, found
        assert sentence in found[0]

    def test_in_the_order_of_steps_is_found(self) -> None:
        text = changed("    by: waste\n    show", "    by: waste\n    after: collect\n    show")
        assert "These steps wait for each other: check, collect." in said(text)
        dead = changed("fine: {title: Fine}", "fine: {title: Fine, end: x}").replace(
            "    when: out == true || !has(seen)\n", ""
        )
        assert "It can never open: “check” always ends the case or goes back." in said(dead)

    def test_with_a_step_on_demand_is_found(self) -> None:
        on_demand = "  spare: {title: Spare, by: waste, on_demand: true, outcomes: {used: {back: check}}}\n"
        assert "No outcome goes to it, so it can never open." in said(SOUND + on_demand)
        called = changed("again: {title: Again, back: report", "again: {title: Again, go: spare")
        assert "There is no step “spare”." in said(called)
        assert said(called + on_demand) == ""
        assert "“collect” opens in its turn, not on demand." in said(
            called.replace("go: spare", "go: collect")
        )

    def test_in_who_may_choose_an_outcome_is_found(self) -> None:
        text = changed("fine: {title: Fine}", "fine: {title: Fine, by: [wast]}")
        assert "steps.check.outcomes.fine.by: “wast” does not do this step. Did you mean “waste”?" in said(
            text
        )

    def test_may_be_only_advice(self) -> None:
        reading = read(changed("title: Check\n", "show: []\n").replace("    show: [bin]\n", ""))
        assert reading.sound
        assert "advice: It has no title." in str(reading.mistakes[0])


class TestAFileThatIsNotRead:
    @pytest.mark.parametrize(
        ("text", "line", "part"),
        [
            ("", 1, "does not hold a process"),
            ("just words", 1, "does not hold a process"),
            ("- a\n- b", 1, "does not hold a process"),
            ("a: 1\n---\nb: 2\n", 2, "one process"),
            ("a: &x 1\nb: *x\n", 1, "Anchors"),
            ("a: !!python/object:os.system 1\n", 1, "Tags"),
            ("a: 1\n\tb: 2\n", 2, "tab"),
            ("a:\n  b: 1\n c: 2\n", 3, "indented"),
            ("a: b: c\n", 1, "second colon"),
            ('a: "b\n', 2, "not closed"),
            ("a: {b: 1\n", 2, "}"),
            ("a: @b\n", 1, "quotation marks"),
            ("a: 1\na: 2\n", 2, "written twice"),
            ("? [a]\n: 1\n", 1, "single word"),
            ("a: " + "[" * 50 + "]" * 50, 1, "nested too deeply"),
            (b"a: \xff\xfe\n", 1, "UTF-8"),
            (b"ok: 1\na: \xe9\n", 2, "UTF-8"),
            (b"\x00\x01", 1, "YAML"),
            ("a: 1\n" * 60_000, 1, "larger than 256 KB"),
            ("%YAML 9.9\n---\na: 1\n", 1, ""),
        ],
    )
    def test_says_why_in_plain_english(self, text: str | bytes, line: int, part: str) -> None:
        found = [each for each in mistakes(text) if part in str(each)]
        assert found, said(text)
        assert found[0].line == line
        assert not read(text).sound

    def test_is_an_alias_bomb(self) -> None:
        bomb = 'a: &a ["x","x"]\n' + "\n".join(
            f"{one}: &{one} [*{two},*{two}]" for one, two in zip("bcdefghi", "abcdefgh", strict=True)
        )
        assert "Anchors" in said(bomb)

    def test_never_breaks_the_reader_whatever_is_done_to_it(self) -> None:
        dice = random.Random(5)
        for _ in range(400):
            text = list(SOUND)
            for _ in range(dice.randrange(1, 6)):
                place = dice.randrange(len(text))
                text[place : place + dice.randrange(4)] = dice.choice(
                    ["", ":", "{", "]", "\n", "  ", '"', "&a", "*", "\x00", "- ", "é", "|", "? "]
                )
            reading = read("".join(text))
            assert reading.sound or any(each.serious for each in reading.mistakes)

    def test_cut_off_anywhere_is_no_surprise(self) -> None:
        for end in range(0, len(SOUND), 7):
            read(SOUND[:end])

    def test_raises_every_mistake_where_it_must_be_sound(self, tmp_path: Path) -> None:
        file = tmp_path / "bin.yaml"
        file.write_text(changed("type: choice", "type: choise"))
        with pytest.raises(NotSound, match=r"bin.yaml:6: fields.bin.type"):
            load(file)
        file.write_text(SOUND)
        assert load(file).key == "missed-bin"


class TestTheDocumentation:
    PAGE = (Path(__file__).parents[2] / "docs" / "process-language.md").read_text(encoding="utf-8")

    def test_shows_examples_that_are_sound_and_need_no_advice(self) -> None:
        examples = [
            each for each in re.findall(r"```yaml\n(.*?)```", self.PAGE, re.DOTALL) if "process:" in each[:9]
        ]
        assert len(examples) == 2
        assert [str(mistake) for example in examples for mistake in mistakes(example)] == []

    def test_names_every_key_type_and_function(self) -> None:
        keys = {
            *shape._PROCESS,
            *shape._SERVICE,
            *steps._STEP,
            *steps._OUTCOME,
            *steps._VOTE,
            *steps._WAIT,
            *promises._CLOCK,
            *fields._ALWAYS,
        }
        words = {*keys, *KINDS, *FUNCTIONS, *METHODS, *sections._LATER}
        assert {word for word in words if not re.search(rf"[`({{,. ]{word}[`(,): ]", self.PAGE)} == set()
