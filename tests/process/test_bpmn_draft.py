"""First drafts from BPMN: our own files come back, those of other tools are understood, and dangerous ones refused."""

from pathlib import Path

import pytest

from moothall.process.bpmn.draft import draft
from moothall.process.bpmn.export import export
from moothall.process.bpmn.reading import LARGEST, NotBpmn
from moothall.process.definition import Definition
from moothall.process.language import read
from moothall.process.picture.wording import joined
from tests.process.drawing import definition as drawn
from tests.process.test_picture import FILES

FOLDER = Path(__file__).parent / "bpmn"
SHIPPED = [each for each in FILES if each.service]
INSIDE = [each for each in FILES if not each.service]
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'


def read_again(source: str) -> Definition:
    reading = read(source)
    assert reading.definition, [str(each) for each in reading.mistakes if each.serious]
    return reading.definition


def endings(definition: Definition) -> set[str]:
    return {
        outcome.end for step in definition.steps.values() for outcome in step.outcomes.values() if outcome.end
    }


def parallel(definition: Definition) -> set[tuple[str, frozenset[str]]]:
    """Return which steps wait for several others."""
    waits = {key: frozenset(joined(definition, step)) for key, step in definition.steps.items()}
    return {(key, before) for key, before in waits.items() if len(before) > 1}


class TestOurOwnFiles:
    @pytest.mark.parametrize("made", SHIPPED, ids=lambda each: each.key)
    def test_come_back_with_the_same_steps_outcomes_and_ends(self, made: Definition) -> None:
        again = read_again(draft(export(made)))
        assert set(again.steps) == set(made.steps)
        assert endings(again) == endings(made)
        for key, step in made.steps.items():
            kept = {(name, each.end, each.back) for name, each in again.steps[key].outcomes.items()}
            assert kept == {(name, each.end, each.back) for name, each in step.outcomes.items()}
        assert (again.key, again.title) == (made.key, made.title)

    @pytest.mark.parametrize("made", INSIDE, ids=lambda each: each.key)
    def test_for_work_inside_the_councils_come_back_with_every_step_and_end(self, made: Definition) -> None:
        again = read_again(draft(export(made)))
        assert set(again.steps) >= set(made.steps)
        assert endings(again) >= endings(made)

    @pytest.mark.parametrize("key", ["mash", "change", "starter", "leaver"])
    def test_keep_what_runs_side_by_side(self, key: str) -> None:
        made = next(each for each in FILES if each.key == key)
        again = read_again(draft(export(made)))
        together = {step for step, _ in parallel(made)}
        waits = {step: set(joined(again, again.steps[step])) for step in together}
        assert waits == {step: set(joined(made, made.steps[step])) for step in together}

    def test_give_drafts_of_random_processes_with_every_step_that_can_be_reached(self) -> None:
        for seed in range(100):
            source = draft(export(drawn(seed)))
            assert all(
                f"\n  {key}:\n" in source or "cannot be reached" in source for key in drawn(seed).steps
            )


class TestCamundaModeler:
    SOURCE = draft((FOLDER / "camunda-modeler.bpmn").read_bytes())

    def test_gives_a_sound_draft_with_its_lanes_as_teams(self) -> None:
        made = read_again(self.SOURCE)
        assert (made.key, made.title, made.owner) == ("skip-permit", "Skip permit", "customer-services")
        assert made.steps["check_the_street"].by == ("highways",)
        assert endings(made) == {"granted", "refused", "lapsed"}

    def test_takes_the_flows_behind_a_gateway_as_outcomes(self) -> None:
        made = read_again(self.SOURCE)
        assert [each.title for each in made.steps["check_the_street"].outcomes.values()] == [
            "There is room", "There is no room", "Ask the applicant",
        ]  # fmt: skip
        assert made.steps["issue_the_permit"].when == 'check_the_street.outcome == "there-is-room"'

    def test_takes_a_timer_on_the_edge_as_the_most_a_step_may_take(self) -> None:
        step = read_again(self.SOURCE).steps["answer_from_the_applicant"]
        assert step.wait
        assert (str(step.wait.at_most), step.wait.then) == ("14 days", "no-answer")
        assert step.outcomes["done"].back == "check_the_street"

    def test_says_in_comments_what_it_left_aside(self) -> None:
        assert "# - textAnnotation: “Fees change in April.”." in self.SOURCE
        assert "The message “Permit” between two pools." in self.SOURCE
        assert "# - Name, street and days of the skip." in self.SOURCE


class TestBpmnIo:
    SOURCE = draft((FOLDER / "bpmn-io.bpmn").read_bytes())

    def test_writes_a_subprocess_out_and_waits_for_all_that_runs_side_by_side(self) -> None:
        made = read_again(self.SOURCE)
        assert made.key == "welcome-a-new-member-of-staff"
        assert made.steps["make_a_door_card"].after == ("find_a_desk",)
        assert set(made.steps["first_day"].after) == {
            "set_up_the_account", "make_a_door_card", "is_a_car_needed", "order_a_car",
        }  # fmt: skip
        assert "The subprocess “Room and keys” is written out" in self.SOURCE

    def test_makes_a_step_of_a_choice_that_nobody_makes_before_it(self) -> None:
        step = read_again(self.SOURCE).steps["is_a_car_needed"]
        assert [each.title for each in step.outcomes.values()] == ["A car is needed", "No car"]

    def test_waits_as_long_as_a_timer_between_tasks(self) -> None:
        wait = read_again(self.SOURCE).steps["first_day"].wait
        assert wait
        assert str(wait.span) == "10 days"


class TestRefusing:
    @pytest.mark.parametrize(
        ("xml", "why"),
        [
            ("", "cannot be read as XML"),
            ("not xml", "cannot be read as XML"),
            ("<a/>", "outermost element"),
            (f"{HEAD}</definitions>", "no process with a task"),
            (
                f'<!DOCTYPE definitions [<!ENTITY a "b">]>{HEAD}<process id="p"/></definitions>',
                "document type",
            ),
            (
                f'<!DOCTYPE definitions SYSTEM "http://example.org/x.dtd">{HEAD}</definitions>',
                "document type",
            ),
            (HEAD + "<a>" * 100 + "</a>" * 100 + "</definitions>", "nested too deeply"),
            (HEAD + "<a/>" * 30_000 + "</definitions>", "more than 20,000 elements"),
            ('<?xml version="1.0" encoding="klingon"?><a/>', "XML|encoding"),
        ],
    )
    def test_what_is_no_process_or_means_harm(self, xml: str, why: str) -> None:
        with pytest.raises(NotBpmn, match=why):
            draft(xml.encode())

    def test_a_file_that_is_too_large(self) -> None:
        with pytest.raises(NotBpmn, match="larger than 2 MB"):
            draft(b" " * (LARGEST + 1))

    def test_an_entity_bomb_in_another_encoding(self) -> None:
        bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY a "aaaa">]><a>&a;</a>'
        with pytest.raises(NotBpmn, match="document type"):
            draft(bomb.encode("utf-16"))


class TestOddFiles:
    def flow(self, inner: str) -> str:
        return draft(f'{HEAD}<process id="p" name="P">{inner}</process></definitions>')

    def test_a_task_alone_is_a_process(self) -> None:
        made = read_again(self.flow('<task id="a" name="Look"/>'))
        assert list(made.steps) == ["look"]

    def test_flows_that_lead_nowhere_or_in_a_circle_of_gateways_do_no_harm(self) -> None:
        self.flow(
            '<startEvent id="s"/><task id="a" name="Look"/><exclusiveGateway id="g"/><exclusiveGateway id="h"/>'
            '<sequenceFlow id="1" sourceRef="s" targetRef="a"/><sequenceFlow id="2" sourceRef="a" targetRef="g"/>'
            '<sequenceFlow id="3" sourceRef="g" targetRef="h"/><sequenceFlow id="4" sourceRef="h" targetRef="g"/>'
            '<sequenceFlow id="5" sourceRef="h" targetRef="gone"/>'
        )

    def test_words_cannot_become_keys_or_lines_of_the_file(self) -> None:
        hostile = "x&#10;steps: {}&#10;# &quot;': [&#10;- a"
        about = f"<documentation>{hostile}</documentation>"
        made = read_again(self.flow(f'{about}<task id="a" name="{hostile}">{about}</task>'))
        assert len(made.steps) == 1

    def test_two_tasks_with_one_name_are_two_steps(self) -> None:
        made = read_again(
            self.flow(
                '<task id="a" name="Look"/><task id="b" name="Look"/>'
                '<sequenceFlow id="1" sourceRef="a" targetRef="b"/>'
            )
        )
        assert list(made.steps) == ["look", "look_2"]

    def test_what_cannot_be_reached_is_named(self) -> None:
        lost = '<task id="b" name="Lost"/><sequenceFlow id="1" sourceRef="b" targetRef="b"/>'
        source = self.flow(f'<task id="a" name="Look"/>{lost}')
        assert "“Lost” cannot be reached from the start." in source

    def test_parts_that_end_by_themselves_are_waited_for_by_a_last_step(self) -> None:
        made = read_again(
            self.flow(
                '<startEvent id="s"/><task id="a" name="A"/><parallelGateway id="g"/><task id="b" name="B"/>'
                '<task id="c" name="C"/><endEvent id="e"/><endEvent id="f"/>'
                '<sequenceFlow id="0" sourceRef="s" targetRef="a"/><sequenceFlow id="1" sourceRef="a" targetRef="g"/>'
                '<sequenceFlow id="2" sourceRef="g" targetRef="b"/><sequenceFlow id="3" sourceRef="g" targetRef="c"/>'
                '<sequenceFlow id="4" sourceRef="b" targetRef="e"/><sequenceFlow id="5" sourceRef="c" targetRef="f"/>'
            )
        )
        assert set(made.steps["close"].after) == {"b", "c"}

    def test_gateways_without_end_are_refused_and_not_followed(self) -> None:
        diamonds = (
            '<startEvent id="s"/><task id="a" name="A"/><sequenceFlow id="0" sourceRef="s" targetRef="a"/>'
        )
        diamonds += '<sequenceFlow id="00" sourceRef="a" targetRef="g0"/>'
        for number in range(60):
            diamonds += f'<exclusiveGateway id="g{number}"/>'
            for side in ("l", "r"):
                diamonds += (
                    f'<exclusiveGateway id="{side}{number}"/>'
                    f'<sequenceFlow id="{side}{number}a" sourceRef="g{number}" targetRef="{side}{number}"/>'
                    f'<sequenceFlow id="{side}{number}b" sourceRef="{side}{number}" targetRef="g{number + 1}"/>'
                )
        with pytest.raises(NotBpmn, match="too many ways"):
            self.flow(diamonds)

    def test_more_than_a_person_draws_is_refused(self) -> None:
        with pytest.raises(NotBpmn, match="several processes"):
            self.flow("".join(f'<task id="t{number}" name="T"/>' for number in range(500)))
