"""Trying a process out: what it reaches, where it stays, for want of what, and always the same for the same seed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

import moothall
from moothall.councils.rules import Viewer
from moothall.plain.actors import Actor
from moothall.process import rules, simulation
from moothall.process.definition import Definition
from moothall.process.language import read
from moothall.process.simulation.crew import Roster
from moothall.process.simulation.running import START
from tests.makers import make_council, make_staff, make_team

ROOMS = Path(moothall.__file__).parent
FILES = sorted([*ROOMS.glob("requests/processes/*.yaml"), *ROOMS.glob("process/examples/*.yaml")])
HEAD = "process: tried\ntitle: Tried\nowner: desk\nstart: [desk]\nfields:\n"
DONE = ", outcomes: {done: {title: Done, end: done}}"
MASH = (
    HEAD
    + """\
  rag: {ask: First rating?, type: choice, of: [red, amber, green]}
  consent: {ask: Has a parent agreed?, type: yesno}
  override: {ask: Why go ahead?, type: text, when: consent == false, optional: true}
  police_info: {ask: What do the police know?, type: text}
  school_info: {ask: What does the school know?, type: text}
  threshold: {ask: Level of need?, type: choice, of: [low, middle, high]}
steps:
  refer: {title: Refer}
  triage:
    title: Triage
    by: mash
    ask: [rag, consent, override]
    need: [{rule: consent == true || has(override), say: Record consent or the reason to go on without it.}]
    outcomes:
      enquire: {title: Enquire}
      signpost: {title: Signpost, when: rag == "green", end: signposted}
  police: {title: Police check, after: triage, by: police, when: 'rag in ["red", "amber"]', ask: [police_info]}
  school: {title: School check, after: triage, by: education, ask: [school_info]}
  decide:
    title: Decide
    after: [police, school]
    by: mash-manager
    ask: [threshold]
    need: [{rule: decide.by != triage.by, say: The manager who decides may not be the person who triaged.}]
    outcomes:
      protect: {title: Protect, when: threshold == "high", end: escalated}
      again: {title: Triage again, when: threshold == "middle", back: triage}
      close: {title: Close, when: threshold == "low", end: closed}
"""
)


def definition(source: str) -> Definition:
    found = read(source)
    assert found.definition is not None, [str(each) for each in found.mistakes]
    return found.definition


def tried(fields: str, steps: str, **options: Any) -> simulation.Report:
    return simulation.simulate(definition(f"{HEAD}{fields}steps:\n{steps}"), **options)


class TestEveryCase:
    def test_is_counted_once(self) -> None:
        report = simulation.simulate(definition(MASH), cases=500)
        assert sum(end.cases for end in report.endings) == 500
        assert sum(way.cases for way in report.variants) == 500
        assert sum(way.cases * len(way.steps) for way in report.variants) == report.done

    def test_comes_out_the_same_for_the_same_seed(self) -> None:
        one, other = (simulation.simulate(definition(MASH), cases=200, seed=7) for _ in range(2))
        assert one == other
        assert simulation.simulate(definition(MASH), cases=200, seed=8) != one

    def test_ends_and_everything_is_reached_where_nothing_is_wrong(self) -> None:
        report = simulation.simulate(definition(MASH), cases=500)
        assert report.sound
        assert (report.unreached_steps, report.unreached_outcomes) == ((), ())
        assert {end.key for end in report.endings} == {"signposted", "escalated", "closed"}
        assert simulation.in_words(report)[-1] == "Every case ended, and every step and outcome was reached."

    def test_begins_with_the_first_step_and_skips_what_is_not_needed(self) -> None:
        ways = simulation.simulate(definition(MASH), cases=500).variants
        assert all(way.steps[:2] == ("refer", "triage") for way in ways)
        assert any("police" not in way.steps and "decide" in way.steps for way in ways)


class TestAnswers:
    @pytest.mark.parametrize(
        ("fields", "rule"),
        [
            ("  it: {ask: How many?, type: number, max: 1000000}\n", "it == 765432"),
            ("  it: {ask: How many?, type: number, max: 1000000}\n", "it > 765432 && it < 765434"),
            ("  it: {ask: How much?, type: money}\n", "it >= 4999 && it <= 5000"),
            ("  it: {ask: When?, type: date}\n", "it > today() - days(45) && it <= today() - days(44)"),
            ("  it: {ask: When?, type: date}\n", 'it == date("2031-02-03")'),
            ("  it: {ask: Which?, type: text}\n", 'it == "Odd words"'),
            ("  it: {ask: Which?, type: text}\n", 'it.startsWith("Odd")'),
            ("  it: {ask: Which?, type: paragraph}\n", "size(it) == 77"),
            ("  it: {ask: Which?, type: choices, of: [a, b, c]}\n", "size(it) == 3"),
            ("  it: {ask: Which?, type: choices, of: [a, b, c]}\n", '"a" in it && !("b" in it)'),
            ("  it: {ask: Which?, type: text, optional: true}\n", "!has(it)"),
        ],
    )
    def test_are_tried_on_both_sides_of_what_the_rules_compare_with(self, fields: str, rule: str) -> None:
        steps = "  go:\n    title: Go\n    ask: [it]\n    outcomes:\n"
        steps += f"      rare: {{title: Rare, when: '{rule}', end: rare}}\n"
        steps += f"      other: {{title: Other, when: '!({rule})', end: other}}\n"
        report = tried(fields, steps, cases=400)
        assert {end.key for end in report.endings} == {"rare", "other"}
        assert report.sound

    def test_take_every_choice(self) -> None:
        choices = [f"c{number}" for number in range(70)]
        outcomes = "".join(
            f'      {each}: {{title: T{each}, when: it == "{each}", end: {each}}}\n' for each in choices
        )
        fields = f"  it: {{ask: Which?, type: choice, of: [{', '.join(choices)}]}}\n"
        report = tried(fields, f"  go:\n    title: Go\n    ask: [it]\n    outcomes:\n{outcomes}", cases=900)
        assert {end.key for end in report.endings} == set(choices)

    @pytest.mark.parametrize(
        "kind",
        ["email", "phone", "postcode", "address", "location", "photo", "file", "paragraph", "number, min: -5, max: -3",
         "text, min: 150", "date, min: today + 1 year", "date, min: 2190-02-03, max: 2190-02-03", "money, max: 2"],
    )  # fmt: skip
    def test_are_good_whatever_is_asked(self, kind: str) -> None:
        report = tried(
            f"  it: {{ask: What?, type: {kind}}}\n", f"  go: {{title: Go, ask: [it]{DONE}}}\n", cases=20
        )
        assert report.sound

    def test_that_cannot_be_given_are_a_dead_end_with_its_sentence(self) -> None:
        source = (
            f"{HEAD}  it: {{ask: How many?, type: number}}\nsteps:\n  go: {{title: Go, ask: [it]{DONE}}}\n"
        )
        made = definition(source)
        nothing = replace(made.fields["it"], min=5, max=3)
        report = simulation.simulate(replace(made, fields={"it": nothing}), cases=3)
        [block] = report.dead_ends
        assert (block.step, block.cases) == ("go", 3)
        assert "How many?" in block.reasons[0]


class TestWhatIsNeverReached:
    def test_is_named(self) -> None:
        fields = "  it: {ask: How many?, type: number}\n"
        steps = (
            "  go:\n    title: Go\n    ask: [it]\n    outcomes:\n"
            "      on: {title: On, end: ended}\n      never: {title: Never, when: it > it + 1}\n"
            f"  then_too: {{title: Then, by: desk{DONE}}}\n"
        )
        report = tried(fields, steps, cases=200)
        assert report.unreached_steps == ("then_too",)
        assert report.unreached_outcomes == (("go", "never", "Never"),)
        words = simulation.in_words(report)
        assert "NEVER OPENED: “Then” (then_too)" in words
        assert "NEVER CHOSEN: “Never” at “Go” (go.never)" in words


class TestADeadEnd:
    def test_is_found_with_its_reason_and_an_example(self) -> None:
        fields = "  it: {ask: How many?, label: Number, type: number, max: 3}\n"
        steps = (
            "  ask: {title: Ask, ask: [it]}\n"
            "  check: {title: Check it, by: desk, need: [{rule: it != 3, say: Three is too many.}]"
            f"{DONE}}}\n"
        )
        report = tried(fields, steps, cases=200)
        [block] = report.dead_ends
        assert (block.step, block.reasons, dict(block.example)) == (
            "check",
            ("Three is too many.",),
            {"Number": "3"},
        )
        assert block.cases + sum(end.cases for end in report.endings) == 200
        assert report.staffing == ()
        line = next(line for line in simulation.in_words(report) if line.startswith("DEAD END"))
        assert "nothing can be done at “Check it”: Three is too many. For example with Number: 3." in line

    def test_is_where_no_outcome_fits(self) -> None:
        fields = "  it: {ask: How many?, type: number, max: 3}\n"
        steps = (
            "  ask: {title: Ask, ask: [it]}\n  check:\n    title: Check it\n    by: desk\n    outcomes:\n"
            "      few: {title: Few, when: it < 2, end: few}\n      many: {title: Many, when: it > 2, end: many}\n"
        )
        [block] = tried(fields, steps, cases=200).dead_ends
        assert "No outcome fits these answers" in block.reasons[0]

    def test_does_not_hide_behind_work_that_goes_on_beside_it(self) -> None:
        fields = "  it: {ask: How many?, type: number, max: 3}\n"
        steps = (
            "  ask: {title: Ask, ask: [it]}\n"
            "  check: {title: Check it, by: desk, after: ask, need: [{rule: it > it + 1, say: Too few.}]}\n"
            "  other: {title: Other, by: desk, after: ask}\n"
            f"  last: {{title: Last, by: desk, after: [check, other]{DONE}}}\n"
        )
        report = tried(fields, steps, cases=50)
        assert [block.cases for block in report.dead_ends] == [50]
        assert [way.steps for way in report.variants] == [("ask", "other")]


class TestALoop:
    def test_without_an_end_is_found(self) -> None:
        steps = (
            "  one: {title: One, ask: [it]}\n  two:\n    title: Two\n    by: desk\n"
            "    outcomes: {again: {title: Again, back: one}, never: {title: Never, when: it > it + 1, end: ended}}\n"
        )
        report = tried(
            "  it: {ask: How many?, type: number}\n",
            steps,
            cases=3,
        )
        [loop] = report.endless
        assert (set(loop.steps), loop.cases) == ({"one", "two"}, 3)
        assert not report.sound

    def test_that_can_be_left_ends(self) -> None:
        steps = (
            "  one: {title: One, ask: [it]}\n  two:\n    title: Two\n    by: desk\n    outcomes:\n"
            + "".join(f"      again{number}: {{title: Again {number}, back: one}}\n" for number in range(30))
            + "      enough: {title: Enough, end: ended}\n"
        )
        report = tried("  it: {ask: What?, type: text}\n", steps, cases=30)
        assert report.sound


class TestStaffing:
    def test_blocks_where_one_person_may_not_do_both(self) -> None:
        made = definition(MASH)
        report = simulation.simulate(
            made, cases=300, people=simulation.sharing(simulation.needed_by(made), 1)
        )
        [block] = report.staffing
        assert report.dead_ends == ()
        assert block.step == "decide"
        signposted = sum(end.cases for end in report.endings)
        assert block.cases == 300 - signposted
        line = next(line for line in simulation.in_words(report) if line.startswith("STAFFING"))
        assert line == (
            f"STAFFING: with one person who does the work of every team, {block.cases} of 300 block at “Decide”: "
            "The manager who decides may not be the person who triaged."
        )

    def test_is_enough_with_two(self) -> None:
        made = definition(MASH)
        assert simulation.simulate(
            made, cases=300, people=simulation.sharing(simulation.needed_by(made), 2)
        ).sound

    def test_is_found_where_the_rule_is_about_answers_too(self) -> None:
        fields = "  it: {ask: Is it small?, type: yesno}\n"
        steps = (
            "  ask: {title: Ask, ask: [it]}\n  check:\n    title: Check it\n    by: desk\n"
            "    need: [{rule: it == true || check.by != ask.by, say: Somebody else must check what is large.}]\n"
            "    outcomes: {done: {title: Done, end: done}}\n"
        )
        report = tried(fields, steps, cases=200, people=simulation.sharing(["desk"], 1))
        [block] = report.staffing
        assert block.reasons == ("Somebody else must check what is large.",)
        assert 50 < block.cases < 150

    @pytest.mark.django_db
    def test_is_that_of_the_real_teams_of_a_council(self) -> None:
        council = make_council()
        ann, bob = make_staff(council=council), make_staff(council=council)
        made = definition(MASH)
        for function in ("desk", "mash", "police", "education"):
            make_team(council=council, function=function, members=(ann, bob))
        make_team(council=council, function="mash-manager", members=(ann,))
        people = simulation.people_of(council.pk)
        assert {key: len(there) for key, there in people.teams.items()} == {
            "desk": 2, "mash": 2, "police": 2, "education": 2, "mash-manager": 1,
        }  # fmt: skip
        report = simulation.simulate(made, cases=300, people=people)
        [block] = report.staffing
        assert block.step == "decide"
        assert 0 < block.cases < 300
        assert report.people == f"the 2 people who work for {council.name}"
        assert block.who == "1 in mash-manager"
        line = next(line for line in simulation.in_words(report) if line.startswith("STAFFING"))
        assert line.startswith(
            f"STAFFING: with {report.people} (1 in mash-manager), {block.cases} of 300 block at"
        )

    def test_is_no_trouble_where_there_are_as_many_as_are_needed(self) -> None:
        made = definition(MASH)
        people = simulation.enough(made)
        assert set(people.teams) == {"desk", "mash", "police", "education", "mash-manager"}
        assert len(people.everybody) == sum(len(there) for there in people.teams.values())

    @pytest.mark.django_db
    def test_counts_nobody_who_left_or_works_elsewhere(self) -> None:
        council, elsewhere = make_council(), make_council()
        gone, other = make_staff(council=council), make_staff(council=elsewhere)
        gone.ended_on = "2020-01-01"
        gone.save()
        make_team(council=council, function="desk", members=(gone,))
        make_team(council=elsewhere, function="mash", members=(other,))
        people = simulation.people_of(council.pk)
        assert people.teams == {"desk": ()}
        report = simulation.simulate(definition(MASH), cases=20, people=people)
        [block] = report.staffing
        assert block.reasons == ("Nobody works in the team that it falls to.",)
        assert block.who == "nobody in desk"


class TestWhoMayDoAStep:
    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_is_as_it_is_at_work(self, file: Path) -> None:
        made = definition(file.read_text(encoding="utf-8"))
        for people in (simulation.enough(made), simulation.sharing(simulation.needed_by(made), 2)):
            roster = Roster(people, START, lambda _case, _source: None)
            numbers = {function: number for number, function in enumerate(people.teams, start=1)}
            for step in made.steps.values():
                for team_id in (None, *numbers.values()):
                    able = {hat.staff_id for hat in roster.crew(step, team_id).staff}
                    assert able == {
                        person.staff_id
                        for person in people.everybody
                        if rules.may_do(at_work(person, people, numbers), step, team_id, supervises=False)
                    }


def at_work(person: simulation.Person, people: simulation.People, numbers: Mapping[str, int]) -> Viewer:
    """Return somebody made up as the rules of real work see them."""
    teams = frozenset(numbers[function] for function, there in people.teams.items() if person in there)
    actor = Actor(kind="staff", user_id=person.user_id, name="Somebody")
    return Viewer(actor=actor, staff_id=person.staff_id, council_id=person.council_id, team_ids=teams)


class TestTheCommand:
    def test_says_what_came_of_a_file(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "mash.yaml"
        file.write_text(MASH)
        call_command("process", "simulate", str(file), "--cases", "300", "--people", "1", "--seed", "3")
        said = capsys.readouterr().out
        assert said.startswith("Tried: 300 cases with one person who does the work of every team")
        assert "of 300 block at “Decide”" in said

    @pytest.mark.django_db
    @pytest.mark.parametrize("words", [["no-such"], ["no-such.yaml"]])
    def test_says_what_is_not_there(self, words: list[str]) -> None:
        with pytest.raises(CommandError, match="no-such"):
            call_command("process", "simulate", *words)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_of_a_process_of_the_house_ends_and_reaches_all_it_has(file: Path) -> None:
    report = simulation.simulate(definition(file.read_text(encoding="utf-8")), cases=500)
    assert report.sound
    assert (report.unreached_steps, report.unreached_outcomes) == ((), ())
