"""Process files for work inside councils: what is said of votes, waits, repetitions, hand-overs and circles."""

import pytest

from moothall.process.definition import DONE, TIME, Definition, Pass, Span, Vote, Wait
from moothall.process.language import held_against, read
from moothall.process.language.mistakes import Mistake

SOUND = """\
process: report
title: Report
owner: desk
start: [staff]
private: safe
fields:
  what: {ask: What is it?, type: text}
  size: {ask: How big is it?, type: choice, of: [small, big]}
  safe_now: {ask: Is it safe?, type: yesno}
  starts: {ask: When does it start?, type: datetime}
  known: {ask: What do the police know?, type: text, private: [police]}
  reason: {ask: Why?, type: text}
  lost: {ask: How much was lost?, type: money}
  rank: {type: choice, of: [P1, P2], table: {by: [size, safe_now], rows: {"big,no": P1, "*,*": P2}}}
  double: {type: money, calc: lost * 2}
  writer: {type: text, from: requester.name}
clocks:
  over: {title: Taken over, within: 2 working days, from: write, until: hand, late: {tell: desk}}
steps:
  write: {title: Write, ask: [what, size, safe_now, starts, lost]}
  look: {title: Look, after: write, by: police, private: police, show: [what], ask: [known]}
  news: {title: News, after: write, by: desk, every: 30 minutes, until: vote, show: [rank, double], ask: [reason]}
  vote:
    title: Vote
    after: look
    show: [what]
    vote: {pass: 2, quorum: 2, of: [board, desk], one per: council, not: [write.by], veto: desk}
    outcomes: {yes: {title: Agree}, no: {title: Refuse, back: write, need_text: Why not?}}
  pause: {title: Until it starts, after: [vote, news], wait: {until: starts}}
  hand:
    title: Hand over
    case: other
    pass: {what: thing, size: size}
    until: accepted
    outcomes: {taken: {title: Take it}, refused: {title: Send it back, back: write}}
  check:
    title: Check
    by: desk
    show: [known, writer]
    need:
      - {rule: lost > 0, say: Nothing was lost., waive: [desk, supervisor]}
      - {rule: age(known) < days(28), say: That is too old.}
    wait: {at most: 5 working days, then: gone}
    outcomes:
      closed: {title: Close, end: closed}
      again: {title: Open another, open: other, pass: [what], end: opened}
"""
SHAKE = """\
    until: accepted
    outcomes: {taken: {title: Take it}, refused: {title: Send it back, back: write}}
"""


def mistakes(text: str) -> list[Mistake]:
    return list(read(text, file="it.yaml").mistakes)


def said(text: str) -> str:
    return "\n".join(str(mistake) for mistake in mistakes(text))


def changed(*pairs: str) -> str:
    text = SOUND
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def defined(text: str = SOUND) -> Definition:
    definition = read(text).definition
    assert definition is not None, said(text)
    return definition


class TestASoundFile:
    def test_needs_no_advice_but_for_what_is_shown_outside_a_circle(self) -> None:
        assert [each.path for each in mistakes(SOUND)] == ["steps.check.show.0"]

    def test_becomes_a_definition(self) -> None:
        found = defined()
        assert found.private == ("safe",)
        assert found.fields["known"].circle == ("police",)
        assert found.steps["look"].circle == ("police",)
        assert found.steps["vote"].vote == Vote(
            of=("board", "desk"),
            needed=2,
            quorum=2,
            one_per="council",
            excluded=("write.by",),
            veto=("desk",),
        )
        assert found.steps["vote"].by == ("board", "desk")
        assert found.steps["pause"].wait == Wait(until="starts")
        assert found.steps["pause"].by_time
        assert list(found.steps["pause"].outcomes) == [DONE]
        assert (found.steps["news"].every, found.steps["news"].until) == (
            Span(count=30, unit="minutes"),
            "vote",
        )
        assert found.steps["hand"].passes == (Pass(field="what", to="thing"), Pass(field="size", to="size"))
        assert found.steps["check"].need[0].waive == ("desk", "supervisor")
        gone = found.steps["check"].outcomes["gone"]
        assert (gone.by, gone.end, gone.title) == ((TIME,), "gone", "Gone")

    def test_asks_for_words_when_a_hand_over_is_refused(self) -> None:
        found = defined().steps["hand"].outcomes
        assert found["refused"].need_text
        assert not found["taken"].need_text
        kept = defined(changed("back: write}}\n  check", "back: write, need_text: Why?}}\n  check"))
        assert kept.steps["hand"].outcomes["refused"].need_text == "Why?"


class TestAMistake:
    @pytest.mark.parametrize(
        ("old", "new", "line", "parts"),
        [
            # votes
            (
                "no: {title: Refuse, back: write, need_text: Why not?}",
                "",
                27,
                ["two outcomes, and this has 1"],
            ),
            (
                "yes: {title: Agree}",
                "yes: {title: Agree, when: lost > 1}",
                28,
                ["follows from the votes alone"],
            ),
            ("    vote: {pass: 2", "    ask: [known]\n    vote: {pass: 2", 27, ["answer no questions"]),
            ("    vote: {pass: 2", "    by: desk\n    vote: {pass: 2", 27, ["Who votes is said in “of”"]),
            ("pass: 2", "pass: two", 27, ["“two” is not a number of votes", "Write “pass: 2”"]),
            ("pass: 2, ", "", 27, ["“pass” is missing", "pass: majority"]),
            ("of: [board, desk], ", "", 27, ["“of” is missing"]),
            ("not: [write.by]", "not: [wrote.by]", 27, ["There is no step “wrote”", "Did you mean “write”?"]),
            ("not: [write.by]", "not: [check.by]", 27, ["“check” does not come before this vote"]),
            ("not: [write.by]", "not: [write]", 27, ["does not say who did a step", "report.by"]),
            ("veto: desk", "veto: dsek", 27, ["does not vote, so it has no veto", "Did you mean “desk”?"]),
            (
                "    vote: {pass: 2",
                "    need: [{rule: lost > 0, say: No., waive: desk}]\n    vote: {pass: 2",
                27,
                ["Nobody waives what a vote needs"],
            ),
            ("one per: council", "one per: team", 27, ["“team” is not known here"]),
            # waits
            ("wait: {until: starts}", "wait: {until: start}", 29, ["There is no field “start”", "“starts”?"]),
            ("wait: {until: starts}", "wait: {until: what}", 29, ["“what” is a text, so it has no day"]),
            ("wait: {until: starts}", "wait: {until: starts, for: 2 days}", 29, ["one of the three"]),
            ("wait: {until: starts}", "wait: {for: soon}", 29, ["“soon” is not a length of time"]),
            (
                "wait: {until: starts}",
                "by: desk, wait: {until: starts}",
                29,
                ["Nobody does a step that waits"],
            ),
            ("wait: {until: starts}", "ask: [what], wait: {for: 2 days}", 29, ["so it has no “ask”"]),
            ("wait: {until: starts}", "wait: {at most: 2 days}", 29, ["Write both"]),
            ("wait: {until: starts}", "wait: {at most: 2 days, then: gone}", 29, ["“by” is missing"]),
            (
                "after: write, by: police",
                "after: write, wait: {at most: 2 days, then: done}, outcomes: {done: {}}, by: police",
                21,
                ["Whatever people do, the same happens"],
            ),
            (
                "closed: {title: Close",
                "gone: {title: Gone, need_text: Why?, end: gone}\n      closed: {title: Close",
                43,
                ["time gives no reasons"],
            ),
            (
                "closed: {title: Close",
                "gone: {title: Gone, when: lost > 1, end: gone}\n      closed: {title: Close",
                43,
                ["the time may be up when it does not"],
            ),
            (
                "wait: {until: starts}",
                "wait: {until: starts}, outcomes: {on: {when: lost > 1}, x: {back: pause}}",
                29,
                ["over again at once, for ever"],
            ),
            # every
            ("until: vote", "until: votes", 22, ["There is no step “votes”", "Did you mean “vote”?"]),
            ("until: vote", "until: write", 22, ["“write” comes before it, so it would never be repeated"]),
            ("until: vote", "until: check", 22, ["“check” comes after it, so each would wait for the other"]),
            (
                "every: 30 minutes, until: vote",
                "every: 30 minutes",
                22,
                ["“pause” comes after it", "for ever"],
            ),
            (
                "every: 30 minutes, until: vote",
                "until: vote",
                22,
                ["“until” belongs to “case” or to “every”"],
            ),
            (
                "  write: {title: Write,",
                "  write: {title: Write, every: 1 day, until: vote,",
                20,
                ["a case starts once"],
            ),
            # hand-overs
            ("{what: thing, size: size}", "{waht: thing}", 33, ["There is no field “waht”", "“what”?"]),
            ("{what: thing, size: size}", "[reason, known, why]", 33, ["There is no field “why”"]),
            ("{what: thing, size: size}", "{what: thing, size: thing}", 33, ["“thing” is passed on twice"]),
            ("    case: other\n", "", 33, ["“until” belongs to"]),
            ("until: accepted", "until: taken", 34, ["“taken” is not known here"]),
            (", refused: {title: Send it back, back: write}", "", 32, ["that takes two outcomes"]),
            ("taken: {title: Take it}", "taken: {title: Take it, back: write}", 35, ["it cannot go back"]),
            ("open: other, pass", "pass", 46, ["It opens no case that this could be passed to"]),
            ("open: other, pass: [what]", "open: other, pass: [wot]", 46, ["There is no field “wot”"]),
            ("case: other", "case: Other Case", 32, ["“Other Case” is not a name"]),
            # waive
            ("rule: lost > 0", "rule: check.by != write.by", 41, ["four eyes are never waived"]),
            ("waive: [desk, supervisor]", "waive: [requester]", 41, ["Only staff who answer for it"]),
            # people
            (
                "title: Check\n    by: desk",
                "title: Check\n    by: staff",
                38,
                ["falls to a team, not to all staff"],
            ),
            ("late: {tell: desk}", "late: {tell: agent}", 18, ["nobody in particular"]),
            ("closed: {title: Close", "closed: {title: Close, by: [time]", 45, ["only when a wait says so"]),
            # circles
            (
                "closed: {title: Close",
                "closed: {title: Close, say: 'It is {known}.'",
                45,
                ["“known” is private"],
            ),
            ("private: safe", "private: staff", 5, ["“staff” is no team"]),
            ("private: [police]", "private: [agent]", 11, ["“agent” is no team"]),
            ("private: police, show", "private: personal, show", 21, ["“personal” is no team"]),
            # age
            ("age(known)", "age(vote)", 42, ["a step has no age", "now - vote.at"]),
            (
                "age(known) < days(28)",
                "age(known) < 28",
                42,
                ["“age(known)” is a length of time; it is compared with a number", "days(28)"],
            ),
            ("age(known)", "age(knwon)", 42, ["“knwon”", "Did you mean “known”?"]),
        ],
    )
    def test_is_named_by_its_line_with_what_to_write(
        self, old: str, new: str, line: int, parts: list[str]
    ) -> None:
        text = changed(old, new)
        found = [each for each in mistakes(text) if all(part in str(each) for part in parts)]
        assert found, said(text)
        assert found[0].line == line, found[0]
        assert found[0].serious
        assert not read(text).sound


class TestAdvice:
    @pytest.mark.parametrize(
        ("old", "new", "parts"),
        [
            ("quorum: 2", "quorum: 1", ["a quorum of 1 adds nothing", "“quorum: 2”"]),
            ("pass: 2, quorum: 2", "pass: all, quorum: 2", ["a quorum adds nothing"]),
            ("pass: 2", "pass: 200", ["Are there 200 who vote?"]),
            (
                "pass: 2, quorum: 2, of: [board, desk], one per: council,",
                "pass: 1, of: desk,",
                ["One vote decides it"],
            ),
            (
                "{ask: When does it start?, type: datetime}",
                "{ask: When?, type: datetime, optional: true}",
                ["for ever"],
            ),
            (", until: hand, late", ", until: vote, late", ["fall between two teams", "“until: hand”"]),
            ("private: [police]", "private: [polcie]", ["this step shows it to “desk”"]),
            (
                "private: [police]}",
                "private: []}",
                ["Only police see this step, but everybody reads “known”"],
            ),
            ("late: {tell: desk}", "late: {tell: dessk}", ["Did you mean “desk”?"]),
            (
                "wait: {until: starts}",
                "wait: {until: starts}, need: [{rule: lost > 1, say: No.}]",
                ["waits on"],
            ),
        ],
    )
    def test_says_what_could_be_better(self, old: str, new: str, parts: list[str]) -> None:
        text = changed(old, new)
        assert read(text).sound, said(text)
        assert [each for each in mistakes(text) if all(part in str(each) for part in parts)], said(text)

    def test_that_a_repetition_ends_only_with_something_else(self) -> None:
        text = changed("every: 30 minutes, until: vote", "every: 1 day").replace("[vote, news]", "vote")
        assert "It is repeated until something else ends the case." in said(text)
        assert read(text).sound


class TestOtherProcesses:
    OTHER = """\
process: other
title: The other
owner: crew
start: [staff]
fields:
  thing: {ask: What?, type: text}
  size: {ask: How big?, type: choice, of: [small, big]}
  what: {ask: What else?, type: date}
steps:
  take: {title: Take, ask: [thing, size, what], outcomes: {done: {end: mended}}}
"""

    def test_are_held_against_what_is_passed_to_them(self) -> None:
        other = defined(self.OTHER)
        found = str(read(SOUND, processes={"other": other}).mistakes)
        assert "“what” is a text here, and “what” of “The other” is a date." in found
        assert "“known” is private" not in found
        passed = changed("pass: [what]", "pass: {known: thing}")
        assert "everybody reads “thing” of “The other”" in str(
            read(passed, processes={"other": other}).mistakes
        )
        missing = changed("pass: [what]", "pass: [lost]")
        assert "“The other” has no field “lost”, so the answer would be lost." in str(
            read(missing, processes={"other": other}).mistakes
        )

    def test_that_are_missing_are_advice_until_it_is_published(self) -> None:
        assert read(SOUND, processes={}).sound
        assert "There is no process “other” here." in str(read(SOUND, processes={}).mistakes)
        assert not read(SOUND, processes={}, publishing=True).sound
        (first, _) = held_against(defined(), {}, publishing=True)
        assert str(first) == (
            ":1: steps.hand.case: No process “other” is published. Publish “other” first, or take it out here."
        )
        assert [each.serious for each in held_against(defined(), {}, publishing=False)] == [False, False]
        assert read(SOUND, processes={"other": defined()}, publishing=False).definition is None

    def test_end_in_the_ways_that_are_waited_for(self) -> None:
        waits = changed(
            SHAKE,
            "    outcomes: {mended: {title: Mended}, brocken: {title: Broken}}\n",
            "pass: [what]",
            "pass: {what: thing}",
        )
        found = str(read(waits, processes={"other": defined(self.OTHER)}).mistakes)
        assert "“The other” never ends with “brocken”." in found
        assert "“mended”" not in found.replace("It can be: mended", "")

    def test_are_waited_for_by_nobody(self) -> None:
        text = changed(
            SHAKE,
            "    by: desk\n",
        )
        assert "It is done when the other case is closed, and nobody does it here." in said(text)


class TestSources:
    def test_that_nothing_is_hung_on_are_advice(self) -> None:
        assert "Nothing here knows more about a requester" in str(read(SOUND, sources=()).mistakes)
        assert "knows more" not in str(read(SOUND, sources=["requester"]).mistakes)
        text = changed("from: requester.name", "from: what.maker")
        found = str(read(text, sources=["address", "requester"]).mistakes)
        assert "Nothing here knows more about a text" in found
        assert "What can be pulled from: address, requester." in found
        assert "knows more" not in str(
            read(
                changed(
                    "type: text}\n  size",
                    "type: person}\n  size",
                    "from: requester.name",
                    "from: what.family",
                ),
                sources=(),
            ).mistakes
        )
