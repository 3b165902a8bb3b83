"""Logs for process mining: what leaves the house and what does not, and that other tools read what was meant."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command

from moothall.councils import scope
from moothall.councils.rules import Viewer
from moothall.identity.models import User
from moothall.journal.models import Entry
from moothall.plain.errors import HouseError
from moothall.process import actions, mining
from moothall.process.circles import OTHERS
from moothall.process.engine.state import CaseState
from moothall.process.models import Link
from moothall.process.replay import graph
from moothall.process.replay.reading import read_log
from moothall.process.replay.xes import read_xes
from tests.makers import make_staff, make_viewer
from tests.process import oracle
from tests.process.making import MONDAY, REPAIR, Place, make_case, make_place, publish_repair

NAMESPACE = "{http://www.xes-standard.org/}"
SECRETS = (
    REPAIR.replace(
        "  answer: {", "  level: {ask: How bad?, type: choice, of: [low, high]}\n"
        "  police: {ask: Known to the police?, type: choice, of: [known, unknown], private: crew}\n  answer: {"
    )
    .replace("ask: [question]", "ask: [question, level, police]")
    .replace("    title: Fix\n", "    title: Fix by the crew\n    private: crew\n")
    .replace("  where: {ask: Where?, type: text}", "  where: {ask: Where?, type: text, private: personal}")
)  # fmt: skip
HOUSE = Viewer.system()


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    made = make_place()
    with scope.everything("a test"):
        publish_repair()
        yield made


def act(place: Place, by: Viewer, case: CaseState, step: str, minutes: int, **given: Any) -> CaseState:
    return actions.act(
        by=by, case_id=case.id, step=step, expected=case.seq, now=MONDAY + timedelta(minutes=minutes), **given
    )


def worked(place: Place, **given: Any) -> CaseState:
    """Return a case that was checked by the desk and repaired by the crew."""
    case = make_case(place)
    case = act(place, place.officer, case, "check", 10, outcome="go", **given)
    return act(place, place.worker, case, "fix", 30)


def refused(place: Place) -> CaseState:
    case = make_case(place)
    return act(place, place.officer, case, "check", 5, outcome="no", text="It is somebody's own.")


def xes(viewer: Viewer = HOUSE, **wanted: Any) -> str:
    cases = mining.chosen(viewer, mining.Wanted(process="repair", **wanted))
    return "".join(mining.xes(cases, title="Repair", process="repair"))


def ocel(viewer: Viewer = HOUSE, **wanted: Any) -> dict[str, Any]:
    cases = mining.chosen(viewer, mining.Wanted(process="repair", **wanted))
    found: dict[str, Any] = json.loads("".join(mining.ocel(viewer, cases, process="repair")))
    return found


def events(text: str) -> list[dict[str, str]]:
    """Return what each event of an XES text says, with the name of its trace."""
    found = []
    for trace in ET.fromstring(text).iter(f"{NAMESPACE}trace"):
        name = next(each.get("value") for each in trace if each.get("key") == "concept:name")
        found += [
            {"trace": str(name)} | {str(each.get("key")): str(each.get("value")) for each in event}
            for event in trace.iter(f"{NAMESPACE}event")
        ]
    return found


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


def place_member(place: Place) -> Viewer:
    """Return a supervisor who works in the crew."""
    staff = make_staff(council=place.council, roles=("supervisor",))
    place.crew.memberships.create(staff=staff)
    return make_viewer(staff)


class TestOcel:
    def test_has_events_about_cases_people_teams_and_councils(self, place: Place) -> None:
        case = worked(place)
        found = ocel(named=True)
        check = next(each for each in found["events"] if each["type"] == "Check")
        assert check["time"] == "2026-11-23T09:40:00Z"
        assert {(each["objectId"], each["qualifier"]) for each in check["relationships"]} == {
            (f"case:{case.reference}", "step of"),
            (f"person:{place.officer.actor.name}", "done by"),
            ("team:The desk", "work of"),
            (f"council:{place.council.name}", "at"),
        }
        objects = {each["id"]: each for each in found["objects"]}
        assert Counter(each["type"] for each in found["objects"]) == {
            "case": 1,
            "person": 3,
            "team": 2,
            "council": 1,
        }
        mine = objects[f"case:{case.reference}"]
        assert {"objectId": f"council:{place.council.name}", "qualifier": "of"} in mine["relationships"]
        assert {each["name"]: each["value"] for each in mine["attributes"]}["ending"] == "fixed"

    def test_keeps_to_the_types_it_declares(self, place: Place) -> None:
        worked(place)
        refused(place)
        found = ocel(whole=True)
        ids = {each["id"] for each in found["objects"]}
        assert len(ids) == len(found["objects"])
        for many, types in (("events", "eventTypes"), ("objects", "objectTypes")):
            declared = {each["name"]: {one["name"] for one in each["attributes"]} for each in found[types]}
            assert len(declared) == len(found[types])
            for each in found[many]:
                assert {one["name"] for one in each["attributes"]} <= declared[each["type"]]
                assert {one["objectId"] for one in each["relationships"]} <= ids

    def test_links_cases_that_are_there_for_the_viewer(self, place: Place) -> None:
        elsewhere = make_place()
        one, other, hidden = worked(place), refused(place), worked(elsewhere)
        for case in (other, hidden):
            Link.objects.create(
                council_id=one.council_id,
                case_id=one.id,
                other_id=case.id,
                kind="related",
                at=MONDAY,
                by="Ann",
            )
        mine = next(
            each for each in ocel(place.supervisor)["objects"] if each["id"] == f"case:{one.reference}"
        )
        assert {"objectId": f"case:{other.reference}", "qualifier": "related"} in mine["relationships"]
        assert hidden.reference not in json.dumps(ocel(place.supervisor))
        assert hidden.reference in json.dumps(ocel())

    @oracle.needs_pm4py
    @pytest.mark.parametrize("ending", ["json", "sqlite"])
    def test_is_read_by_pm4py_without_complaint(self, place: Place, tmp_path: Path, ending: str) -> None:
        one, other = worked(place), refused(place)
        Link.objects.create(
            council_id=one.council_id, case_id=one.id, other_id=other.id, kind="related", at=MONDAY, by="Ann"
        )
        file = tmp_path / f"log.{ending}"
        cases = mining.chosen(HOUSE, mining.Wanted(process="repair"))
        if ending == "json":
            file.write_text("".join(mining.ocel(HOUSE, cases, process="repair")), encoding="utf-8")
        else:
            mining.ocel_tables(HOUSE, cases, process="repair", file=file)
        found = oracle.objects(file)
        assert found["events"] == 5
        assert found["activities"] == {"Report": 2, "Check": 2, "Fix": 1}
        assert found["objects"] == {"case": 2, "person": 3, "team": 2, "council": 1}
        assert found["relations"] == 5 + 5 + 5 + 3
        assert found["object_relations"] == 3
        assert found["qualifiers"] == ["at", "done by", "step of", "work of"]

    def test_holds_the_same_in_tables(self, place: Place, tmp_path: Path) -> None:
        worked(place)
        refused(place)
        file = tmp_path / "log.sqlite"
        cases = mining.chosen(HOUSE, mining.Wanted(process="repair", salt=b"x"))
        mining.ocel_tables(HOUSE, cases, process="repair", file=file)
        text = ocel(salt=b"x")
        with sqlite3.connect(file) as db:
            db.execute("PRAGMA foreign_keys = on")
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            assert {row[0] for row in db.execute("SELECT ocel_id FROM event")} == {
                each["id"] for each in text["events"]
            }
            assert {row[0] for row in db.execute("SELECT ocel_id FROM object")} == {
                each["id"] for each in text["objects"]
            }
            related = {
                (each["id"], *one.values()) for each in text["events"] for one in each["relationships"]
            }
            assert set(db.execute("SELECT * FROM event_object")) == related
            assert db.execute("SELECT ocel_time, outcome FROM event_Check ORDER BY ocel_id").fetchall() == [
                ("2026-11-23T09:40:00+00:00", "Send the crew"),
                ("2026-11-23T09:35:00+00:00", "Refuse"),
            ]
        db.close()


class TestTheCommand:
    @pytest.mark.parametrize(
        ("option", "name"), [("--xes", "log.xes"), ("--ocel", "log.json"), ("--ocel", "log.sqlite")]
    )
    def test_writes_a_file_and_a_line_in_the_record(
        self, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, name: str
    ) -> None:
        worked(place)
        file = tmp_path / name
        call_command("process", "export", "repair", option, str(file), "--council", place.council.code)
        assert capsys.readouterr().out.startswith("Wrote 1 cases with 3 events of “Repair”")
        assert file.stat().st_size > 500
        entry = Entry.objects.filter(what="process.exported").latest("id")
        assert (entry.about, entry.council_id) == ("process:repair", place.council.pk)

    def test_refuses_a_file_that_is_there_and_leaves_none_behind(self, place: Place, tmp_path: Path) -> None:
        file = tmp_path / "log.xes"
        file.write_text("mine")
        with pytest.raises(CommandError, match="There is a file"):
            call_command("process", "export", "repair", "--xes", str(file))
        assert file.read_text() == "mine"
        other = tmp_path / "other.xes"
        with pytest.raises(CommandError, match="process"):
            call_command("process", "export", "no-such", "--xes", str(other))
        with pytest.raises(CommandError):
            call_command("process", "export", "repair", "--xes", str(other), "--as", "nobody@nowhere.invalid")
        assert not other.exists()

    def test_sees_what_somebody_sees(self, place: Place, tmp_path: Path) -> None:
        publish_repair(SECRETS)
        worked(place, answers={"level": "high", "police": "known"})
        member = place_member(place)
        email = email_of(member)
        file = tmp_path / "log.xes"
        call_command("process", "export", "repair", "--xes", str(file), "--as", email)
        assert "Fix by the crew" in file.read_text()


def email_of(viewer: Viewer) -> str:
    return User.objects.get(staff=viewer.staff_id).email


def test_many_cases_come_in_the_order_in_which_they_were_made(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moothall.process.mining.choosing.AT_ONCE", 2)
    made = [worked(place).reference for _ in range(5)]
    found = [each.reference for each in mining.chosen(HOUSE, mining.Wanted(process="repair"))]
    assert found == made


def test_the_log_of_another_system_goes_out_as_it_came_in(place: Place, tmp_path: Path) -> None:
    """Handed over once more by the command, a replayed log is the same log."""
    log = tmp_path / "in.csv"
    log.write_text(
        "case:concept:name,concept:name,time:timestamp,org:resource,org:group\n"
        "c1,Receive,2026-01-05 09:00:00+00:00,Ann,Front\nc1,Check,2026-01-05 10:00:00+00:00,Bob,Back\n"
        "c1,Check,2026-01-05 10:00:00+00:00,Bob,Back\nc2,Receive,2026-01-05 09:30:00+00:00,Ann,Front\n"
    )
    call_command("replay", str(log), "--name", "Small")
    out = tmp_path / "out.xes"
    call_command("process", "export", "replay-small", "--xes", str(out), "--named")
    before, after = read_log(log), read_log(out)
    assert [[(e.activity, e.at, e.resource, e.group) for e in t.events] for t in after] == [
        [(e.activity, e.at, e.resource, e.group) for e in t.events] for t in before
    ]
