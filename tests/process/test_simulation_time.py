"""Trying out what several people decide, what waits and comes again, and what is handed over to another process."""

from typing import Any

import pytest

from moothall.process import simulation
from moothall.process.language import read

HEAD = "process: tried\ntitle: Tried\nowner: desk\nstart: [desk]\nfields:\n  what: {ask: What is it?, type: text}\n"
FIRST = "steps:\n  ask: {title: Ask, ask: [what]}\n"
LAST = "  last: {title: Last, by: desk, outcomes: {done: {title: Done, end: done}}}\n"


def tried(steps: str, fields: str = "", last: str = LAST, **options: Any) -> simulation.Report:
    found = read(f"{HEAD}{fields}{FIRST}{steps}{last}")
    assert found.definition is not None, [str(each) for each in found.mistakes]
    if isinstance(number := options.pop("sharing", None), int):
        options["people"] = simulation.sharing(simulation.needed_by(found.definition), number)
    return simulation.simulate(found.definition, **{"cases": 100, **options})


def vote(rules: str) -> str:
    return (
        f"  board:\n    title: Board\n    vote: {{{rules}}}\n    outcomes:\n"
        "      yes: {title: Approved}\n      no: {title: Rejected, end: rejected, need_text: Why not?}\n"
    )


class TestAVote:
    def test_goes_both_ways(self) -> None:
        report = tried(vote("pass: 3, quorum: 4, of: [board], one per: council"))
        assert report.sound
        assert {end.key for end in report.endings} == {"rejected", "done"}
        assert report.unreached_outcomes == ()

    @pytest.mark.parametrize(
        ("rules", "people", "why"),
        [
            ("pass: 2, of: [board]", 1, "Only one can vote on this, and it takes 2."),
            ("pass: 2, of: [board], not: [ask.by]", 2, "Only one can vote on this, and it takes 2."),
            ("pass: 1, quorum: 3, of: [board]", 2, "Only 2 can vote on this, and it takes 3."),
        ],
    )
    def test_is_a_staffing_deadlock_with_too_few(self, rules: str, people: int, why: str) -> None:
        report = tried(vote(rules), sharing=people)
        [block] = report.staffing
        assert (block.title, block.reasons, block.cases) == ("Board", (why,), 100)
        assert report.dead_ends == ()
        assert tried(vote(rules), sharing=people + 1).sound


class TestAWait:
    def test_ends_when_it_is_time(self) -> None:
        report = tried("  hold: {title: Hold, wait: {for: 3 working days}}\n")
        assert [way.steps for way in report.variants] == [("ask", "hold", "last")]

    def test_until_an_answer_that_is_not_there_is_a_dead_end(self) -> None:
        fields = "  begins: {ask: When does it begin?, label: Beginning, type: date, optional: true}\n"
        steps = (
            "  when: {title: When, by: desk, ask: [begins]}\n  hold: {title: Hold, wait: {until: begins}}\n"
        )
        report = tried(steps, fields)
        [block] = report.dead_ends
        assert block.title == "Hold"
        assert block.reasons == ("This goes on when it is time, but “Beginning” has no answer yet.",)
        assert 0 < block.cases < 100

    def test_at_most_so_long_ends_by_people_and_by_time(self) -> None:
        steps = (
            "  reply:\n    title: Reply\n    by: desk\n    ask: [what]\n"
            "    wait: {at most: 5 working days, then: silent}\n    outcomes:\n"
            "      answered: {title: Answered}\n      silent: {title: No answer, by: time, end: silent}\n"
        )
        report = tried(steps)
        assert {end.key for end in report.endings} == {"done", "silent"}


class TestWhatIsRepeated:
    def test_comes_again_until_the_other_step_is_done(self) -> None:
        steps = (
            "  fix: {title: Fix, by: desk, after: ask}\n"
            "  update: {title: Update, by: desk, after: ask, every: 30 minutes, until: fix}\n"
        )
        report = tried(steps, last=LAST.replace("by: desk", "by: desk, after: [fix, update]"))
        assert report.sound
        counts = {way.steps.count("update") for way in report.variants}
        assert {0, 1, 2} <= counts


class TestWhatIsHandedOver:
    def test_is_accepted_or_refused_by_the_other_team(self) -> None:
        steps = (
            "  over:\n    title: Hand over\n    case: other-work\n    pass: [what]\n    until: accepted\n"
            "    outcomes: {accepted: {title: Taken}, refused: {title: Not taken, back: ask}}\n"
        )
        report = tried(steps)
        assert report.sound
        assert report.unreached_outcomes == ()

    def test_goes_on_when_the_other_case_is_closed(self) -> None:
        steps = (
            "  over:\n    title: Hand over\n    case: other-work\n    pass: [what]\n    until: closed\n"
            "    outcomes: {helped: {title: Helped}, refused: {title: Refused, end: refused}}\n"
        )
        assert {end.key for end in tried(steps).endings} == {"refused", "done"}


class TestWhatFollows:
    def test_from_a_table_decides_the_way(self) -> None:
        fields = (
            "  size: {ask: How large?, type: choice, of: [small, large]}\n"
            "  level: {type: choice, of: [p1, p2], table: {by: [size], rows: {large: p1, small: p2}}}\n"
        )
        steps = (
            "  sort:\n    title: Sort\n    by: desk\n    ask: [size]\n    outcomes:\n"
            '      now: {title: Now, when: level == "p1", end: now}\n      later: {title: Later, when: level == "p2"}\n'
        )
        report = tried(steps, fields)
        assert {end.key for end in report.endings} == {"now", "done"}

    def test_a_need_that_may_be_waived_is_no_dead_end(self) -> None:
        fields = "  size: {ask: How large?, type: number}\n"
        steps = (
            "  sort: {title: Sort, by: desk, ask: [size]}\n"
            "  check: {title: Check, by: desk, need: [{rule: size > size + 1, say: Too small., waive: [WHO]}]}\n"
        )
        assert tried(steps.replace("WHO", "desk"), fields).sound
        assert tried(steps.replace("WHO", "supervisor"), fields).sound
        assert not tried(steps.replace(", waive: [WHO]", ""), fields).sound
