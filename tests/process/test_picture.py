"""The picture of a process: everything is in it, nothing lies on anything else, and it is the same every time."""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from moothall.process import library
from moothall.process.definition import Definition, Field, Outcome, Step, Vote
from moothall.process.language import load
from moothall.process.language.mistakes import Report
from moothall.process.language.nodes import tree
from moothall.process.language.shape import definition_of
from moothall.process.picture import Counts, Mark, measured, outline, svg
from moothall.process.picture.conditions import in_words
from moothall.process.picture.routes import Laid, Placed, Route
from moothall.process.picture.ways import ways
from tests.process.drawing import definition as drawn

EXAMPLES = sorted((Path(library.__file__).parent / "examples").glob("*.yaml"))
RANDOM = [drawn(seed) for seed in range(500)]


def shaped(file: Path) -> Definition:
    """Return what a file says, sound or not: a picture helps most while it is not."""
    report = Report(file.name)
    root = tree(file.read_bytes(), report)
    assert root is not None
    return definition_of(root, report)


FILES = [shaped(file) for file in [*library.files(), *EXAMPLES]]
ALL = [*FILES, *RANDOM]


def boxes_on_boxes(laid: Laid) -> list[tuple[str, str]]:
    found = []
    boxes = list(laid.boxes.values())
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one.left + one.node.width <= other.left
                or other.left + other.node.width <= one.left
                or one.top + one.node.height <= other.top
                or other.top + other.node.height <= one.top
            )
            if not apart:
                found.append((one.node.key, other.node.key))
    return found


def lines_through_boxes(laid: Laid) -> list[tuple[str, str, str]]:
    return [
        (route.source, route.target, box.node.key)
        for route in laid.routes
        for box in laid.boxes.values()
        if any(through(box, one, other) for one, other in pairwise(route.points))
    ]


def through(box: Placed, one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Say whether a piece of a line runs inside a box; touching its edge is what lines do."""
    (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return (
        left < box.left + box.node.width
        and right > box.left
        and top < box.top + box.node.height
        and bottom > box.top
    )


def square(route: Route) -> bool:
    return all(one[0] == other[0] or one[1] == other[1] for one, other in pairwise(route.points))


class TestLayingOut:
    def test_lays_no_box_on_another(self) -> None:
        assert [found for each in ALL if (found := boxes_on_boxes(measured(each)))] == []

    def test_runs_no_line_through_a_box(self) -> None:
        assert [found for each in ALL if (found := lines_through_boxes(measured(each)))] == []

    def test_keeps_everything_inside_the_picture(self) -> None:
        for each in ALL:
            laid = measured(each)
            points = [point for route in laid.routes for point in route.points]
            assert all(0 < x < laid.width and 0 < y < laid.height for x, y in points)
            assert all(
                box.left > 0
                and box.left + box.node.width < laid.width
                and box.top + box.node.height < laid.height
                for box in laid.boxes.values()
            )

    def test_turns_only_at_right_angles(self) -> None:
        assert all(square(route) for each in ALL for route in measured(each).routes)

    def test_stands_every_step_below_what_lets_it_open_unless_that_goes_back(self) -> None:
        for each in ALL:
            laid = measured(each)
            for route in laid.routes:
                above, below = laid.boxes[route.source], laid.boxes[route.target]
                assert route.back == (below.top <= above.top)

    def test_sees_its_own_faults(self) -> None:
        laid = measured(FILES[0])
        box = laid.boxes["start"]
        middle = (box.left + box.node.width / 2, box.top + 1)
        assert through(box, middle, (middle[0], middle[1] + 5))
        assert boxes_on_boxes(Laid(1, 1, {"a": box, "b": box}, [])) == [("start", "start")]


class TestDrawing:
    def test_shows_every_step_and_every_outcome(self) -> None:
        for each in ALL:
            texts = words_of(svg(each))
            for step in each.steps.values():
                assert step.title in texts
                for outcome in step.outcomes.values():
                    assert outcome.title in texts or (len(step.outcomes) == 1 and outcome.key == "done")

    def test_is_the_same_every_time(self) -> None:
        assert all(
            svg(each) == svg(shaped_again)
            for each, shaped_again in zip(RANDOM[:50], [drawn(n) for n in range(50)], strict=True)
        )

    def test_can_be_read_as_xml_and_holds_nothing_that_the_policy_forbids(self) -> None:
        for each in FILES:
            root = ET.fromstring(svg(each, alone=True))
            assert root.get("role") == "img"
            assert not re.search(r"\sstyle=|<script|\son[a-z]+=|href=", svg(each))
            assert "<style" not in svg(each)

    def test_does_not_let_words_become_markup(self) -> None:
        step = Step(
            key="a", title='<b onload="x">&', by=("waste",), outcomes={"x": Outcome(key="x", title="]]>\x01")}
        )
        made = svg(
            Definition(key="p", title="<p>", owner="waste", start=("waste",), steps={"a": step}), alone=True
        )
        assert "<b onload" not in made
        ET.fromstring(made)

    def test_writes_figures_into_boxes_and_marks_steps(self) -> None:
        bins = load(next(file for file in library.files() if file.stem == "missed-bin"))
        counts = Counts(
            steps={"check": Mark("312 cases", 3)}, outcomes={("check", "return"): Mark("88 in 100", 4)}
        )
        made = svg(bins, counts=counts, highlight=["check"])
        assert "312 cases" in made
        assert "picture-heat-3" in made
        assert "picture-line-4" in made
        assert made.count("picture-step--marked") == 1

    def test_breaks_a_word_that_is_wider_than_its_box(self) -> None:
        step = Step(key="a", title="W" * 90, by=("waste",), outcomes={"x": Outcome(key="x", title="i" * 300)})
        laid = measured(Definition(key="p", title="P", owner="waste", start=("waste",), steps={"a": step}))
        assert all(
            line.left + line.width <= box.node.width for box in laid.boxes.values() for line in box.node.lines
        )


def words_of(picture: str) -> str:
    """Return all text of a picture, with the lines of one box joined as they are read."""
    root = ET.fromstring(picture)
    groups = (" ".join(text.text or "" for text in group.iter("text")) for group in root.iter("g"))
    return "\n".join(groups)


class TestTheWays:
    def steps(self, **steps: Step) -> Definition:
        return Definition(
            key="p",
            title="P",
            owner="w",
            start=("w",),
            steps=steps,
            fields={"a": Field(key="a", type="yesno", ask="A?")},
        )

    def opened(self, definition: Definition) -> dict[str, tuple[str, ...]]:
        return {f"{way.step} {way.outcome}": way.opens for way in ways(definition)}

    def test_steps_over_what_an_outcome_rules_out(self) -> None:
        two = {key: Outcome(key=key, title=key) for key in ("yes", "no")}
        made = self.steps(
            first=Step(key="first", title="F", by=("w",), outcomes=two),
            ask=Step(
                key="ask",
                title="A",
                by=("w",),
                after=("first",),
                when='first.outcome == "no"',
                outcomes={"done": Outcome(key="done", title="Done", back="first")},
            ),
            last=Step(
                key="last",
                title="L",
                by=("w",),
                after=("ask",),
                outcomes={"done": Outcome(key="done", title="Done")},
            ),
        )
        found = self.opened(made)
        assert found["first no"] == ("ask",)
        assert found["first yes"] == ("last",)
        assert found["ask done"] == ()

    def test_lets_what_depends_on_answers_open(self) -> None:
        done = {"done": Outcome(key="done", title="Done")}
        made = self.steps(
            first=Step(key="first", title="F", by=("w",), outcomes=done),
            perhaps=Step(
                key="perhaps", title="A", by=("w",), after=("first",), when="a == true", outcomes=done
            ),
            last=Step(key="last", title="L", by=("w",), after=("perhaps",), outcomes=done),
        )
        assert self.opened(made) == {"first done": ("perhaps",), "perhaps done": ("last",), "last done": ()}

    def test_leaves_no_step_without_a_way_to_it(self) -> None:
        for each in ALL:
            reached = {key for way in ways(each) for key in (*way.opens, way.go, way.back)}
            demanded = {step.key for step in each.steps.values() if step.on_demand}
            closed = {
                step.key
                for step in each.steps.values()
                if step.after
                and all(o.end or o.back for key in step.after for o in each.steps[key].outcomes.values())
            }
            assert set(each.steps) - {each.first.key} - demanded - closed <= reached


class TestTheList:
    def test_says_of_every_step_who_when_and_how_it_may_turn_out(self) -> None:
        bins = load(next(file for file in library.files() if file.stem == "missed-bin"))
        check = next(entry for entry in outline(bins) if entry.step == "check")
        assert (check.title, check.who) == ("Check the round", "Waste")
        assert check.opens == "It opens when “Report” is settled."
        assert [turn.leads for turn in check.turns] == [
            "goes on to “Empty the bin”",
            "goes on to “Answer from the resident”",
            "the case ends: declined",
        ]
        assert "Needs a reason in writing" in check.turns[2].notes

    def test_has_every_step_and_every_outcome(self) -> None:
        for each in ALL:
            found = {entry.step: [turn.outcome for turn in entry.turns] for entry in outline(each)}
            assert found == {step.key: list(step.outcomes) for step in each.steps.values()}

    def test_says_that_a_step_that_repeats_comes_again(self) -> None:
        review = next(each for each in FILES if each.key == "disposal-review")
        turns = next(entry for entry in outline(review) if entry.step == "review").turns
        assert "it comes again when its time has come" in [turn.leads for turn in turns]
        assert "Comes again" in svg(review)

    def test_says_how_a_vote_is_decided(self) -> None:
        vote = Vote(of=("cab",), needed=3, quorum=3, one_per="council", excluded=("raise.by",), veto=("any",))
        steps = {
            "raise": Step(
                key="raise", title="Raise", by=("ict",), outcomes={"done": Outcome(key="done", title="Done")}
            ),
            "cab": Step(
                key="cab",
                title="Board",
                by=("cab",),
                after=("raise",),
                vote=vote,
                outcomes={
                    "yes": Outcome(key="yes", title="Yes"),
                    "no": Outcome(key="no", title="No", end="no"),
                },
            ),
        }
        entry = outline(Definition(key="p", title="P", owner="ict", start=("ict",), steps=steps))[1]
        assert entry.who == "Members of CAB"
        assert entry.notes == [
            "Vote: 3 votes for it, one a council, at least 3 voting; not by who did “Raise”; anybody may veto it"
        ]


class TestConditions:
    BINS = load(next(file for file in library.files() if file.stem == "missed-bin"))

    @pytest.mark.parametrize(
        ("rule", "words"),
        [
            ("put_out == true", "“Out by 6am” is yes"),
            ('bin != "garden"', "“Bin” is not “Garden waste”"),
            ('bin in ["food", "garden"]', "“Bin” is “Food waste” or “Garden waste”"),
            ("!has(photo)", "“Photo of the bin” was not given"),
            ("put_out && (!put_out || has(photo))",
             "“Out by 6am” is yes and either “Out by 6am” is no or “Photo of the bin” was given"),
            ('check.outcome == "return"', "“Check the round” turned out “Send a crew back”"),
            ('check.outcome != "skipped"', "“Check the round” was needed"),
            ("check.by != report.by", "“Check the round” is done by somebody other than who did “Report”"),
            ("collection_day > today() - days(3)", "collection_day > today() - days(3)"),
        ],
    )  # fmt: skip
    def test_reads_as_people_say_it(self, rule: str, words: str) -> None:
        assert in_words(self.BINS, rule) == words
