"""Logs of many kinds of things (OCEL 2.0): what they hold, and that other tools read what was meant."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from moothall.councils import scope
from moothall.process import mining
from moothall.process.models import Link
from tests.process import oracle
from tests.process.making import MONDAY, Place, make_place, publish_repair
from tests.process.mined import (
    HOUSE,
    ocel,
    refused,
    worked,
)


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    made = make_place()
    with scope.everything("a test"):
        publish_repair()
        yield made


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
