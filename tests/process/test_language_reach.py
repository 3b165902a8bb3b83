"""Process files: tables and calculations, and what rules can and cannot come to."""

import pytest

from moothall.process.language import read
from moothall.process.language.mistakes import Mistake

FOUND_OUT = """\
process: repair
title: Repair
owner: desk
start: [staff]
fields:
  impact: {ask: How many?, type: choice, of: [one, team, all]}
  stuck: {ask: Can they work?, type: yesno}
  cost: {ask: What does it cost?, type: money}
  day: {ask: When?, type: date}
  note: {ask: What else?, type: text, optional: true}
  rank: {type: choice, of: [P1, P2, P3], table: {by: [impact, stuck], rows: {"all,*": P1, "team,no": P2, "*,*": P3}}}
  level: {type: choice, of: [low, high], table: {by: [cost], rows: {"< 10000": low, ">= 10000": high}}}
  twice: {type: money, calc: cost * 2}
  late: {type: yesno, calc: day < today()}
  next_day: {type: date, calc: day + days(1)}
  word: {type: choice, of: [much, little], calc: 'twice > 500 ? "much" : "little"'}
steps:
  ask: {title: Ask, ask: [impact, stuck, cost, day, note]}
  look:
    title: Look
    by: desk
    show: [rank, level, twice, late, next_day, word]
    outcomes: {done: {title: Done, end: done}}
"""

CHOSEN = """\
process: choose
title: Choose
owner: desk
start: [staff]
fields:
  kind: {ask: Which?, type: choice, of: [a, b, c]}
  sure: {ask: Sure?, type: yesno, when: kind == "a"}
  many: {ask: How many?, type: number, max: 9}
  note: {ask: What?, type: text, optional: true}
  picks: {ask: Which ones?, type: choices, of: [x, y]}
steps:
  first:
    title: First
    ask: [kind, sure, many, note, picks]
    outcomes:
      on: {title: On}
      off: {title: Off, when: kind == "c", end: off}
  next:
    title: Next
    by: desk
    outcomes:
      yes: {title: Yes, when: 'kind in ["a", "b"]', end: good}
      no: {title: No, when: kind == "c", end: bad}
"""


def mistakes(text: str) -> list[Mistake]:
    return list(read(text, file="it.yaml").mistakes)


def said(text: str) -> str:
    return "\n".join(map(str, mistakes(text)))


def changed(text: str, *pairs: str) -> str:
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


class TestWhatNobodyIsAsked:
    def test_is_sound(self) -> None:
        assert said(FOUND_OUT) == ""

    @pytest.mark.parametrize(
        ("old", "new", "line", "parts"),
        [
            ("by: [impact, stuck]", "by: [impcat, stuck]", 11, ["There is no field “impcat”", "“impact”?"]),
            ("by: [impact, stuck]", "by: [impact, day]", 11, ["A table cannot test a date"]),
            ('"all,*": P1', '"al,*": P1', 11, ["“impact” is never “al”", "Did you mean “all”?"]),
            ('"all,*": P1', '"all|one|two,*": P1', 11, ["“impact” is never “two”"]),
            ('"team,no": P2', '"team,perhaps": P2', 11, ["“stuck” is never “perhaps”"]),
            ('"team,no": P2', '"team,no": P7', 11, ["“P7” is none of the answers"]),
            ('"team,no": P2', '"team": P2', 11, ["This row has 1 tests, and the table asks 2 things"]),
            ('"< 10000": low', '"small": low', 12, ["“small” tests no number"]),
            ("by: [cost]", "by: [level]", 12, ["worked out from itself"]),
            ("by: [cost]", "by: [twice]", 12, ["“twice” is worked out after it", "above “level”"]),
            ("calc: cost * 2", "calc: cots * 2", 13, ["“cots”", "Did you mean “cost”?"]),
            ("calc: cost * 2", "calc: cost > 2", 13, ["gives yes or no, and a money is a number"]),
            ("calc: cost * 2", "calc: cost *", 13, ["cannot be read at column"]),
            ("calc: cost * 2", "calc: note", 13, ["gives text"]),
            ("calc: day < today()", "calc: today() - day", 14, ["gives a length of time"]),
            ("calc: cost * 2", "calc: 'late ? 1 : 2'", 13, ["“late” is worked out after it"]),
            ('"little"\'', '"lots"\'', 16, ["“lots” is none of the answers"]),
            ("{type: money, calc", "{type: photo, calc", 13, ["Nobody is asked, so it cannot be a photo"]),
            ("calc: cost * 2", "calc: cost * 2, from: requester.name", 13, ["from and calc", "Keep one"]),
            ("day, note]", "day, note, twice]", 13, ["It is worked out, and a step asks it"]),
            ("{type: money, calc: cost * 2}", "{type: text, from: name}", 13, ["does not say from where"]),
            (
                "{type: money, calc: cost * 2}",
                "{type: text, from: nobody.name}",
                13,
                ["from: requester.name"],
            ),
            ("{type: money, calc: cost * 2}", "{type: text, from: twice.name}", 13, ["from itself"]),
            ("ask: [impact, stuck,", "ask: [impact,", 11, ["Nobody is asked “stuck”"]),
        ],
    )
    def test_is_held_against_the_rest(self, old: str, new: str, line: int, parts: list[str]) -> None:
        text = changed(FOUND_OUT, old, new)
        found = [each for each in mistakes(text) if all(part in str(each) for part in parts)]
        assert found, said(text)
        assert (found[0].line, found[0].serious) == (line, True)

    def test_goes_round_in_a_circle(self) -> None:
        text = changed(FOUND_OUT, "calc: cost * 2", "calc: 'word == \"much\" ? 1 : 2'")
        assert "“twice” and “word” are worked out from each other." in said(text)

    def test_names_a_combination_that_no_row_is_for(self) -> None:
        text = changed(FOUND_OUT, ', "*,*": P3', "")
        assert "rows: advice: No row is for impact “one”, stuck “yes”. Add a row, or “*,*” last." in said(
            text
        )
        text = changed(FOUND_OUT, '">= 10000": high', '"> 10000": high')
        assert "No row is for cost “10000”." in said(text)
        text = changed(FOUND_OUT, '"< 10000": low', '"1..9999": low')
        assert "No row is for cost “0”." in said(text)

    def test_names_a_row_that_is_never_reached(self) -> None:
        text = changed(FOUND_OUT, '"all,*": P1, "team,no": P2, "*,*": P3', '"*,*": P3, "all,*": P1')
        assert "it.yaml:11: fields.rank.table.rows.1: This row is never reached" in said(text)
        text = changed(FOUND_OUT, '">= 10000": high', '">= 10000": high, "*": high')
        assert said(text) == ""

    def test_may_be_written_as_a_list_of_rows(self) -> None:
        rows = "[[all, '*', P1], [team, no, P2], ['*', '*', P3]]"
        text = changed(FOUND_OUT, '{"all,*": P1, "team,no": P2, "*,*": P3}', rows)
        assert said(text) == ""
        assert read(text).definition == read(FOUND_OUT).definition

    @pytest.mark.parametrize("rows", ["{}", "[]", "x", "[[]]", "{x: }", "{x: {y: z}}"])
    def test_needs_rows_in_its_table(self, rows: str) -> None:
        text = changed(FOUND_OUT, '{"< 10000": low, ">= 10000": high}', rows)
        assert any(each.serious and each.path.startswith("fields.level.table") for each in mistakes(text))

    def test_is_of_use_to_somebody(self) -> None:
        text = changed(FOUND_OUT, "late, next_day, word]", "next_day, word]")
        assert "fields.late: advice: It is found out, but nothing shows or reads it." in said(text)


class TestReach:
    def test_of_a_sound_file_is_whole(self) -> None:
        assert said(CHOSEN) == ""

    @pytest.mark.parametrize(
        ("old", "new", "path", "part"),
        [
            (
                'kind == "c", end: off',
                'kind == "c" && sure == true, end: off',
                "first.outcomes.off",
                "never offered",
            ),
            ('kind == "c", end: off', "many > 9, end: off", "first.outcomes.off", "never offered"),
            ('kind == "c", end: off', '"x" in picks && size(picks) < 0, end: off', "", ""),
            (
                'kind == "c", end: bad',
                'first.outcome == "off", end: bad',
                "next.outcomes.no",
                "never offered",
            ),
            ("by: desk", 'by: desk\n    when: kind == "a" && kind == "b"', "next.when", "it never opens"),
            (
                "by: desk",
                'by: desk\n    need: [{rule: kind == "a" && kind == "b", say: No.}]',
                "next.need.0.rule",
                "nobody can finish the step",
            ),
        ],
    )
    def test_misses_what_no_answers_lead_to(self, old: str, new: str, path: str, part: str) -> None:
        found = [each for each in mistakes(changed(CHOSEN, old, new)) if "never" in each.wrong]
        assert [
            (each.path.partition(".")[2].removesuffix(".when"), part in each.wrong) for each in found
        ] == ([(path.removesuffix(".when"), True)] if path else [])
        assert all(each.serious for each in found)

    def test_misses_a_question_that_is_never_asked(self) -> None:
        text = changed(CHOSEN, 'when: kind == "a"', 'when: kind == "a" && kind != "a"')
        assert "fields.sure.when: Its rule never holds, so it is never asked." in said(text)

    def test_names_answers_that_lead_nowhere(self) -> None:
        text = changed(
            CHOSEN, "on: {title: On}", 'on: {title: On, when: kind == "a"}', ", end: off", ", end: off"
        )
        found = [each for each in mistakes(text) if "No outcome is offered" in each.wrong]
        assert [(each.path, each.serious) for each in found] == [("steps.first.outcomes", True)]
        assert "if “Which?” is “B”." in found[0].wrong

    def test_names_them_as_advice_where_they_were_given_before(self) -> None:
        text = changed(CHOSEN, 'kind in ["a", "b"]', 'kind == "a"')
        found = [each for each in mistakes(text) if "No outcome is offered" in each.wrong]
        assert [(each.path, each.serious) for each in found] == [("steps.next.outcomes", False)]

    def test_counts_no_answers_that_did_not_come_so_far(self) -> None:
        text = changed(CHOSEN, "on: {title: On}", 'on: {title: On, when: kind != "c"}')
        text = changed(text, '      no: {title: No, when: kind == "c", end: bad}\n', "")
        assert said(text) == ""

    def test_counts_no_answers_that_a_need_refuses(self) -> None:
        text = changed(CHOSEN, 'kind in ["a", "b"]', 'kind == "a"')
        need = 'by: desk\n    need: [{rule: kind != "b", say: Not b.}]'
        assert said(changed(text, "by: desk", need)) == ""

    @pytest.mark.parametrize(
        "rule",
        [
            "size(note) == 77",
            'note == "x"',
            "has(note)",
            'note.contains("x")',
            "many > 3",
            '"x" in picks',
            "!has(sure)",
        ],
    )
    def test_says_nothing_of_what_may_be(self, rule: str) -> None:
        text = changed(
            CHOSEN,
            'kind == "c", end: off',
            f"{rule!r}, end: off" if '"' not in rule else f"'{rule}', end: off",
        )
        assert "never" not in said(text)

    def test_looks_through_what_is_worked_out(self) -> None:
        rank = '  rank: {type: choice, of: [P1, P2], table: {by: [kind], rows: {"a": P1, "*": P2}}}\nsteps:'
        text = changed(
            CHOSEN, "steps:", rank, 'kind == "c", end: off', 'kind == "a" && rank == "P2", end: off'
        )
        assert "steps.first.outcomes.off.when: Its rule never holds" in said(text)
        text = changed(
            CHOSEN, "steps:", rank, 'kind == "c", end: off', 'kind == "b" && rank == "P2", end: off'
        )
        assert "never holds" not in said(text)

    def test_gives_up_where_there_is_too_much_to_try(self) -> None:
        many = "".join(f"  q{n}: {{ask: Q{n}?, type: choice, of: [a, b, c, d]}}\n" for n in range(9))
        keys = ", ".join(f"q{n}" for n in range(9))
        rule = " && ".join(f'q{n} == "a"' for n in range(9))
        text = changed(CHOSEN, "steps:\n", f"{many}steps:\n", "picks]", f"picks, {keys}]")
        text = changed(text, 'kind == "c", end: off', f"'{rule} && q1 == \"b\"', end: off")
        assert "never" not in said(text)

    def test_sees_two_outcomes_that_are_one(self) -> None:
        text = changed(
            CHOSEN,
            'no: {title: No, when: kind == "c", end: bad}',
            'no: {title: No, when: \'kind in ["a", "b"]\', end: good}',
        )
        assert "advice: It is offered whenever “yes” is, and does the same." in said(text)

    def test_sees_that_a_need_is_in_the_way_of_an_outcome_that_asks_less(self) -> None:
        outcome = "off: {title: Off, answers: [], end: off}"
        text = changed(CHOSEN, 'off: {title: Off, when: kind == "c", end: off}', outcome)
        assert "is in its way" not in said(text)
        need = "need: [{rule: '\"x\" in picks', say: Pick x.}]"
        text = changed(text, "    outcomes:\n      on:", f"    {need}\n    outcomes:\n      on:")
        assert (
            "outcomes.off.answers: advice: It may be chosen without all answers, but then “Pick x.”"
            in said(text)
        )
        assert "is in its way" not in said(changed(text, '"x" in picks', '!has(picks) || "x" in picks'))
        assert "is in its way" not in said(changed(text, "answers: []", "answers: [picks]"))

    def test_sees_that_a_repetition_ended_when_it_called_another_step(self) -> None:
        text = changed(
            CHOSEN,
            "    by: desk\n",
            "    by: desk\n    every: 1 year\n",
            "end: bad}\n",
            "go: more}\n  more:\n    title: More\n    by: desk\n    on_demand: true\n    outcomes: {done: {}}\n",
        )
        assert "steps.more: Nothing comes after “done”, and it does not end the case." in said(text)
        assert "Nothing comes after" not in said(changed(text, "{done: {}}", "{done: {back: next}}"))
