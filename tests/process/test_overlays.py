"""Overlays: what one council may change of a shared process, what it may not, and what it is told then."""

import io
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from moothall.process import library
from moothall.process.definition import Clock, Definition, Span
from moothall.process.definition.teams import teams_of
from moothall.process.language import read
from moothall.process.language.overlay_parts import CLOCK
from moothall.process.language.overlays import heading, read_overlay
from tests.process.making import REPAIR

ROOT = Path(__file__).parents[2]
OVERLAY = """
overlay: repair
council: ashby
clocks:
  fix: {within: 1 working day, warn: 25%, late: {tell: desk, priority: high}}
teams: {crew: street-crew}
words:
  title: Mend it
  fields:
    what: {ask: What needs mending?, of: {gas: {words: Smell of gas, hint: Leave the house.}}}
  steps:
    check: {title: Look, next: We are looking., outcomes: {no: {title: Say no, say: "No: {what}."}}}
"""


@pytest.fixture(scope="module")
def base() -> Definition:
    found = read(REPAIR).definition
    assert found is not None
    return found


def mistakes(source: str, base: Definition) -> list[str]:
    return [str(each) for each in read_overlay(source, base, file="o.yaml").mistakes]


class TestReading:
    def test_merges_clocks_teams_and_words_and_leaves_the_rest(self, base: Definition) -> None:
        reading = read_overlay(OVERLAY, base)
        made = reading.definition
        assert made is not None, reading.mistakes
        fix = made.clocks["fix"]
        assert (fix.within, fix.warn, fix.late.priority) == (
            Span(count=1, unit="days", working=True),
            25,
            "high",
        )
        assert (fix.title, fix.pause, fix.since) == ("Repaired", ("reply",), "report")
        assert made.steps["fix"].by == ("street-crew",)
        assert (made.title, made.fields["what"].ask, made.fields["what"].label) == (
            "Mend it",
            "What needs mending?",
            "",
        )
        assert [(each.key, each.words, each.hint) for each in made.fields["what"].of] == [
            ("tap", "A tap", ""),
            ("gas", "Smell of gas", "Leave the house."),
        ]
        check = made.steps["check"]
        assert (check.title, check.next, check.ask) == ("Look", "We are looking.", ("question",))
        assert (check.outcomes["no"].title, check.outcomes["no"].say) == ("Say no", "No: {what}.")
        assert check.outcomes["no"].need_text == "Why not?"
        assert replace(made, title=base.title).key == base.key

    def test_an_empty_overlay_is_the_shared_process(self, base: Definition) -> None:
        made = read_overlay("overlay: repair\ncouncil: ashby\n", base).definition
        assert made is not None
        assert made.sha256 == base.sha256

    def test_knows_every_key_of_a_clock_but_where_it_runs(self) -> None:
        assert {*CLOCK, "key", "since", "until", "targets"} == {each.name for each in fields(Clock)}

    def test_heading_tells_an_overlay_from_a_process(self) -> None:
        found = heading(OVERLAY)
        assert found is not None
        assert (found.process, found.council) == ("repair", "ashby")
        assert heading(REPAIR) is None
        assert heading("\t") is None


class TestMistakes:
    @pytest.mark.parametrize(
        ("lines", "said"),
        [
            ("clocks: {fit: {within: 1 day}}", ("o.yaml:3: clocks.fit: The shared process has no clock “fit”. "
             "Did you mean “fix”?")),
            ("clocks: {fix: {until: check}}", ("o.yaml:3: clocks.fix.until: An overlay does not change “until”: it is "
             "the same for every council. Take it out; ask the owner of the shared process for the change.")),
            ("clocks: {fix: {within: soon}}", "“soon” is not a length of time."),
            ("clocks: {fix: {when: what == true}}", "o.yaml:3: clocks.fix.when:"),
            ("clocks: {fix: {pause: replay}}", "There is no step “replay”. Did you mean “reply”?"),
            ("clocks: {fix: {warm: 50%}}", "“warm” is not a key here. Did you mean “warn”?"),
            ("teams: {crow: street-crew}", "“crow” is not a key here. Did you mean “crew”?"),
            ("teams: {crew: resident}", "“resident” is not a team."),
            ("words: {fields: {whet: {ask: What?}}}", "no field “whet”. Did you mean “what”?"),
            ("words: {fields: {what: {type: text}}}", "An overlay does not change “type”"),
            ("words: {fields: {what: {of: {gass: Gas}}}}", "“gass” is not a key here. Did you mean “gas”?"),
            ("words: {steps: {check: {by: crew}}}", "Teams are exchanged under “teams:”"),
            ("words: {steps: {check: {outcomes: {yes: {title: Yes}}}}}", "no outcome “yes”"),
            ("words: {steps: {check: {outcomes: {no: {end: gone}}}}}", "An overlay does not change “end”"),
            ("words: {steps: {check: {next: 'We {hurry}.'}}}", "There is no field “hurry”."),
            ("words: {service: {title: Mend}}", "The shared process is not in the catalogue"),
            ("steps: {check: {title: Look}}", ("An overlay does not change “steps”: it is the same for every council. "
             "Words go under “words:”")),
            ("fields: {more: {ask: More?, type: text}}", "An overlay does not change “fields”"),
            ("owner: crew", "Teams are exchanged under “teams:”"),
            ("start: [agent]", "An overlay does not change “start”"),
            ("word: {title: Mend}", "“word” is not a key here. Did you mean “words”?"),
        ],
    )  # fmt: skip
    def test_are_named_with_their_line_and_what_to_write(
        self, base: Definition, lines: str, said: str
    ) -> None:
        reading = read_overlay(f"overlay: repair\ncouncil: ashby\n{lines}\n", base, file="o.yaml")
        assert not reading.sound
        found = [str(each) for each in reading.mistakes]
        assert any(said in each for each in found), found
        assert all(each.startswith("o.yaml:3") for each in found), found

    def test_of_another_process(self, base: Definition) -> None:
        assert "o.yaml:1: overlay: It is an overlay of “bins”, not of “repair”." in mistakes(
            "overlay: bins\ncouncil: ashby\n", base
        )[0]  # fmt: skip

    def test_two_outcomes_may_not_read_the_same(self, base: Definition) -> None:
        source = OVERLAY.replace("title: Say no", "title: Send the crew")
        assert "It reads the same as" in mistakes(source, base)[0]

    def test_nothing_but_text_and_names(self, base: Definition) -> None:
        assert mistakes("- a\n- b\n", base)
        assert mistakes("overlay: repair\ncouncil: ashby\nclocks: {fix: 3}\n", base)
        assert mistakes("overlay: repair\ncouncil: ashby\nwords: 3\n", base)
        (missing,) = mistakes("overlay: repair\n", base)
        assert missing.startswith("o.yaml:1: council: “council” is missing. Write the code of the council")


class TestTheHowTo:
    def test_shows_an_overlay_that_fits(self) -> None:
        page = (ROOT / "docs" / "how-to" / "change-a-process.md").read_text(encoding="utf-8")
        source = page.split("```yaml\n")[1].split("```")[0]
        found = heading(source)
        assert found is not None
        file = next(path for path in library.files() if path.stem == found.process)
        base = read(file.read_bytes()).definition
        assert base is not None
        assert mistakes(source, base) == []


def _everything(base: Definition) -> str:
    """Return an overlay that changes all that an overlay may, of any process."""
    body: dict[str, Any] = {
        "overlay": base.key,
        "council": "ashby",
        "clocks": {
            key: {"title": f"{one.title}, here", "within": "9 days"} for key, one in base.clocks.items()
        },
        "teams": {name: f"{name[:30]}-here" for name in teams_of(base)},
        "words": {
            "title": f"{base.title}, here",
            "fields": {
                key: {"label": f"{one.name}, here"}
                | ({"of": {each.key: f"{each.words}, here" for each in one.of}} if one.of else {})
                for key, one in base.fields.items()
            },
            "steps": {
                key: {
                    "title": f"{step.title}, here",
                    "outcomes": {
                        name: {"title": f"{way.title}, here"} for name, way in step.outcomes.items()
                    },
                }
                for key, step in base.steps.items()
            },
        },
    }
    file = io.StringIO()
    YAML(pure=True).dump(body, file)
    return file.getvalue()


def _bones(one: Definition) -> list[object]:
    """Return what is the same for every council: fields, rules, order and outcomes."""
    found: list[object] = [one.key, one.service and one.service.councils]
    found += [
        (field.key, field.type, field.when, field.optional, field.private, field.min, field.max, field.table)
        for field in one.fields.values()
    ]
    found += [(field.calc, field.source, [each.key for each in field.of]) for field in one.fields.values()]
    for step in one.steps.values():
        found.append((step.key, step.ask, step.show, step.after, step.when, step.wait, step.every, step.case))
        found.append((step.until, step.passes, step.on_demand, [(need.rule, need.say) for need in step.need]))
        found += [
            (way.key, way.when, way.back, way.go, way.end, way.open, way.passes, way.answers, way.need_text)
            for way in step.outcomes.values()
        ]
    found += [(clock.key, clock.since, clock.until) for clock in one.clocks.values()]
    return found


class TestOfEveryProcess:
    @pytest.mark.parametrize("path", [*library.files(), *library.examples()], ids=lambda path: path.stem)
    def test_all_may_be_said_otherwise_and_nothing_goes_another_way(self, path: Path) -> None:
        shared = read(path.read_bytes()).definition
        assert shared is not None
        reading = read_overlay(_everything(shared), shared)
        assert reading.definition is not None, [str(each) for each in reading.mistakes if each.serious]
        assert _bones(reading.definition) == _bones(shared)
        assert reading.definition.title == f"{shared.title}, here"
        assert all(name.endswith("-here") for name in teams_of(reading.definition))
        assert all(clock.within == Span(count=9, unit="days") for clock in reading.definition.clocks.values())
