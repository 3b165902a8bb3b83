"""Logs for process mining: what leaves the house and what does not, and that other tools read what was meant."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from moothall.councils import scope
from moothall.plain.errors import HouseError
from moothall.process import actions, mining
from moothall.process.circles import OTHERS
from moothall.process.replay import graph
from moothall.process.replay.xes import read_xes
from tests.makers import make_staff, make_viewer
from tests.process import oracle
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair
from tests.process.mined import (
    HOUSE,
    NAMESPACE,
    SECRETS,
    act,
    events,
    ocel,
    place_member,
    refused,
    worked,
    xes,
)


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    made = make_place()
    with scope.everything("a test"):
        publish_repair()
        yield made


class TestXes:
    def test_has_a_trace_for_each_case_and_an_event_for_each_step_done(self, place: Place) -> None:
        one, other = worked(place), refused(place)
        found = events(xes())
        assert [(each["trace"], each["concept:name"], each["outcome"]) for each in found] == [
            (one.reference, "Report", "Done"),
            (one.reference, "Check", "Send the crew"),
            (one.reference, "Fix", "Fixed"),
            (other.reference, "Report", "Done"),
            (other.reference, "Check", "Refuse"),
        ]
        assert {each["lifecycle:transition"] for each in found} == {"complete"}
        assert found[1]["time:timestamp"] == "2026-11-23T09:40:00.000000+00:00"
        assert [each.get("org:group") for each in found[:3]] == [None, "The desk", "The crew"]

    def test_stands_in_the_order_of_the_standard(self, place: Place) -> None:
        worked(place)
        root = ET.fromstring(xes())
        tags = [each.tag.removeprefix(NAMESPACE) for each in root]
        assert root.get("xes.version") == "1849.2016"
        order = ["extension", "global", "classifier", "string", "trace"]
        assert list(dict.fromkeys(tags)) == order
        declared = {each.get("prefix") for each in root.iter(f"{NAMESPACE}extension")}
        keys = {str(each.get("key")) for each in root.iter() if each.get("key")}
        assert {key.partition(":")[0] for key in keys if ":" in key} == declared
        assert all(re.fullmatch(r"[A-Za-z_][\w.:-]*", key, re.ASCII) for key in keys)
        classifiers = list(root.iter(f"{NAMESPACE}classifier"))
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(each.get("name")), re.ASCII) for each in classifiers)
        [of_event] = [each for each in root.iter(f"{NAMESPACE}global") if each.get("scope") == "event"]
        always = {str(each.get("key")) for each in of_event}
        assert all(always <= set(each) for each in events(xes()))
        assert all(set(str(each.get("keys")).split()) <= always for each in classifiers)
        for trace in root.iter(f"{NAMESPACE}trace"):
            inside = [each.tag.removeprefix(NAMESPACE) for each in trace]
            assert inside.index("event") == len(inside) - inside.count("event")

    def test_says_more_of_a_steps_life_if_that_is_wanted(self, place: Place) -> None:
        case = make_case(place)
        actions.take(by=place.officer, case_id=case.id, step="check", expected=None, now=MONDAY)
        lives = [(each["concept:name"], each["lifecycle:transition"]) for each in events(xes(whole=True))]
        assert lives == [
            ("Report", "schedule"),
            ("Report", "complete"),
            ("Check", "schedule"),
            ("Check", "assign"),
        ]

    def test_is_read_back_as_it_is(self, place: Place, tmp_path: Path) -> None:
        one = worked(place)
        refused(place)
        file = tmp_path / "log.xes"
        file.write_text(xes(), encoding="utf-8")
        traces = read_xes(file)
        assert graph.of_log(traces) == Counter({("Report", "Check"): 2, ("Check", "Fix"): 1})
        trace = next(each for each in traces if each.name == one.reference)
        assert [event.at for event in trace.events] == [
            MONDAY + timedelta(minutes=each) for each in (0, 10, 30)
        ]
        assert trace.attributes["ending"] == "fixed"
        assert trace.attributes["answer.what"] == "A tap"

    def test_keeps_signs_that_mean_something_in_xml(self, place: Place, tmp_path: Path) -> None:
        publish_repair(REPAIR.replace("title: Check", "title: 'Check <b>\"it\"</b> & go'"))
        worked(place)
        assert 'Check <b>"it"</b> & go' in {each["concept:name"] for each in events(xes())}

    @oracle.needs_pm4py
    def test_is_to_pm4py_what_it_is_to_us(self, place: Place, tmp_path: Path) -> None:
        for _ in range(3):
            worked(place)
        refused(place)
        make_case(place)
        file = tmp_path / "log.xes"
        file.write_text(xes(), encoding="utf-8")
        found = oracle.figures(file)
        titles = {"report": "Report", "check": "Check", "fix": "Fix"}
        ours = graph.of_cases("repair")
        assert {(one, other): count for one, other, count in found["relations"]} == {
            (titles[one], titles[other]): count for (one, other), count in ours.items()
        }
        variants = graph.variants_of_cases("repair")
        assert {tuple(way): count for way, count in found["variants"]} == {
            tuple(titles[step] for step in way): count for way, count in variants.items()
        }
        assert found["seconds"] == pytest.approx(graph.seconds_of_cases("repair"))


class TestWhatLeavesTheHouse:
    def test_names_nobody_unless_that_is_wanted(self, place: Place) -> None:
        worked(place)
        named = [each["org:resource"] for each in events(xes(named=True))]
        masked = [each["org:resource"] for each in events(xes())]
        assert named == ["Requester", place.officer.actor.name, place.worker.actor.name]
        assert masked[0] == "Requester"
        assert all(re.fullmatch("Person [0-9a-f]{10}", each) for each in masked[1:])
        assert masked[1] != masked[2]
        assert place.officer.actor.name not in xes()

    def test_calls_one_person_the_same_within_a_log_and_another_in_the_next(self, place: Place) -> None:
        worked(place)
        worked(place)
        found = [each["org:resource"] for each in events(xes()) if each["concept:name"] == "Check"]
        assert len(found) == 2
        assert len(set(found)) == 1
        again = [each["org:resource"] for each in events(xes()) if each["concept:name"] == "Check"]
        assert set(again) != set(found)

    def test_has_no_secret_answers_and_nothing_in_anybodys_own_words(self, place: Place) -> None:
        publish_repair(SECRETS)
        worked(place, answers={"level": "high", "police": "known", "question": "Is the dog kept in?"})
        for text in (xes(), xes(place_member(place)), json.dumps(ocel(), ensure_ascii=False)):
            assert "police" not in text.lower()
            assert "known" not in text
            assert "kitchen" not in text
            assert "dog" not in text
        assert 'key="answer.level" value="High"' in xes()

    def test_has_no_titles_of_private_steps(self, place: Place) -> None:
        publish_repair(SECRETS)
        worked(place, answers={"level": "high", "police": "known"})
        for text in (xes(), json.dumps(ocel(), ensure_ascii=False)):
            assert "Fix by the crew" not in text
            assert "The crew" not in text
            assert "Fixed" not in text
            assert OTHERS in text
        hidden = next(each for each in events(xes()) if each["concept:name"] == OTHERS)
        assert hidden["time:timestamp"] == "2026-11-23T10:00:00.000000+00:00"
        assert "step" not in hidden
        assert hidden["org:resource"] == "Somebody"

    def test_has_private_steps_for_whoever_is_in_their_circle(self, place: Place) -> None:
        publish_repair(SECRETS)
        worked(place, answers={"level": "high", "police": "known"})
        assert "Fix by the crew" in xes(place_member(place))
        assert "Fix by the crew" not in xes(place.supervisor)

    def test_has_no_cases_that_are_not_there_for_the_viewer(self, place: Place) -> None:
        publish_repair(REPAIR.replace("owner: desk\n", "owner: desk\nprivate: crew\n"))
        case = worked(place)
        assert case.reference in xes(place_member(place))
        assert case.reference not in xes(place.supervisor)
        assert ocel(place.supervisor)["events"] == []

    def test_is_of_the_viewers_councils_only(self, place: Place) -> None:
        elsewhere = make_place()
        here, there = worked(place), worked(elsewhere)
        text = xes(place.supervisor)
        assert here.reference in text
        assert there.reference not in text
        with pytest.raises(HouseError):
            xes(place.supervisor, council_id=elsewhere.council.pk)
        designer = make_viewer(make_staff(council=place.council, roles=("service-designer",)))
        for nobody in (place.officer, designer):
            with pytest.raises(HouseError):
                xes(nobody)
            with pytest.raises(HouseError):
                xes(nobody, council_id=place.council.pk)
        assert there.reference in xes(HOUSE, council_id=elsewhere.council.pk)
        assert here.reference not in xes(HOUSE, council_id=elsewhere.council.pk)

    @pytest.mark.parametrize(
        ("since", "until", "there"), [(0, 0, True), (None, -1, False), (1, None, False), (None, None, True)]
    )
    def test_is_of_the_days_that_are_wanted(
        self, place: Place, since: int | None, until: int | None, *, there: bool
    ) -> None:
        worked(place)
        day = date(2026, 11, 23)
        days: dict[str, Any] = {
            name: None if each is None else day + timedelta(days=each)
            for name, each in (("since", since), ("until", until))
        }
        assert bool(events(xes(**days))) is there

    def test_says_how_many_needs_were_waived(self, place: Place) -> None:
        need = "{rule: fix.by != check.by, say: Somebody else must do the work.}"
        publish_repair(REPAIR.replace(need, "{rule: has(question), say: Not asked., waive: [crew]}"))
        case = act(place, place.officer, make_case(place), "check", 10, outcome="go")
        act(place, place.worker, case, "fix", 30, waived={0: "Nobody was in."})
        assert [each.get("waived") for each in events(xes())] == [None, None, "1"]
        assert "Nobody was in" not in xes()


def test_many_cases_come_in_the_order_in_which_they_were_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moothall.process.mining.choosing.AT_ONCE", 2)
    made = [worked(place).reference for _ in range(5)]
    found = [each.reference for each in mining.chosen(HOUSE, mining.Wanted(process="repair"))]
    assert found == made
