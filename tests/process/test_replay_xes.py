"""Reading XES: what a log says comes out as it is, and equal to what pm4py computes from the same file."""

import gzip
import os
import statistics
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from moothall.councils import scope
from moothall.process.replay import graph
from moothall.process.replay.discovery import OPENING, discover
from moothall.process.replay.logs import LOG_ENDS, NotALog, Trace
from moothall.process.replay.reading import read_log
from moothall.process.replay.running import replay
from moothall.process.replay.xes import read_xes
from tests.process import oracle

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DATA = Path(os.environ.get("MOOTHALL_SHARED", Path(__file__).parents[3] / "shared")) / "data"
VOLVO, RECEIPT = DATA / "06_bpic2013_closed.xes.gz", DATA / "receipt.csv"
BOTH_KEYS = "concept:name lifecycle:transition"
needs_volvo = pytest.mark.skipif(
    not VOLVO.exists(), reason="Volvo's log is not here; MOOTHALL_SHARED names the folder above data/"
)
needs_receipt = pytest.mark.skipif(
    not RECEIPT.exists(), reason="the municipal log is not here; MOOTHALL_SHARED names the folder above data/"
)


def event(name: str, at: str, more: str = "") -> str:
    return (
        f'<event><string key="concept:name" value="{name}"/>'
        f'<date key="time:timestamp" value="{at}"/>{more}</event>'
    )


ANN = '<string key="org:resource" value="Ann"/><string key="org:group" value="Front"/>'
SMALL = (
    '<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">'
    '<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>'
    '<global scope="event"><string key="concept:name" value="UNKNOWN"/></global>'
    '<classifier name="Person" keys="org:resource"/>'
    '<classifier name="Both" keys="concept:name lifecycle:transition"/>'
    '<classifier name="Name" keys="concept:name"/>'
    '<float key="cost" value="2.5"><float key="inner" value="1"/></float>'
    '<trace><string key="concept:name" value="c1"><string key="concept:name" value="inner"/></string>'
    '<int key="floors" value="3"/><boolean key="urgent" value="true"/><date key="asked" value="2026-01-04T00:00:00Z"/>'
    '<list key="all"><values><string key="concept:name" value="listed"/></values></list>'
    + event("Receive", "2026-01-05T09:00:00.5+01:00", ANN + '<string key="lifecycle:transition" value="complete"/>')
    + event("Check &amp; sign", "2026-01-05T09:30:00Z", '<string key="lifecycle:transition" value="start"/>')
    + "</trace><trace>"
    + event("Receive", "2026-01-03T09:00:00Z", ANN + '<string key="lifecycle:transition" value="complete"/>')
    + "</trace></log>"
)  # fmt: skip


def log(tmp_path: Path, text: str = SMALL, classifier: str = "") -> list[Trace]:
    file = tmp_path / "log.xes"
    file.write_text(text, encoding="utf-8")
    return read_xes(file, classifier)


def named(traces: list[Trace]) -> dict[str, list[str]]:
    return {trace.name: [event.activity for event in trace.events] for trace in traces}


class TestReadingXes:
    def test_takes_traces_events_and_attributes(self, tmp_path: Path) -> None:
        second, first = log(tmp_path)
        assert (second.name, second.attributes) == ("Trace 2", {})
        assert first.name == "c1"
        assert first.attributes == {"floors": "3", "urgent": "true", "asked": "2026-01-04T00:00:00Z"}
        one, other = first.events
        assert (one.resource, one.group) == ("Ann", "Front")
        assert one.at == datetime(2026, 1, 5, 8, 0, 0, 500_000, tzinfo=UTC)
        assert (other.resource, other.group) == ("", "")

    def test_names_activities_by_the_logs_first_classifier_that_has_the_name(self, tmp_path: Path) -> None:
        assert named(log(tmp_path))["c1"] == ["Receive+complete", "Check & sign+start"]

    def test_names_activities_by_the_classifier_that_is_asked_for(self, tmp_path: Path) -> None:
        assert named(log(tmp_path, classifier="Name"))["c1"] == ["Receive", "Check & sign"]

    def test_takes_the_name_alone_where_there_is_no_classifier(self, tmp_path: Path) -> None:
        plain = SMALL.replace('<classifier name="Both" keys="concept:name lifecycle:transition"/>', "")
        plain = plain.replace('<classifier name="Name" keys="concept:name"/>', "")
        assert named(log(tmp_path, plain))["c1"] == ["Receive", "Check & sign"]

    def test_reads_what_is_packed_and_what_has_a_prefix(self, tmp_path: Path) -> None:
        file = tmp_path / "log.xes.gz"
        prefixed = (
            SMALL.replace("</", "</x:")
            .replace("<", "<x:")
            .replace("<x:/x:", "</x:")
            .replace("xmlns=", "xmlns:x=")
        )
        file.write_bytes(gzip.compress(prefixed.encode()))
        assert read_log(file) == log(tmp_path)

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ('<!DOCTYPE log [<!ENTITY a "b">]>' + SMALL, "document type"),
            ('<!DOCTYPE log SYSTEM "http://nowhere.invalid/x.dtd">' + SMALL, "document type"),
            ("<log><trace>", "not well-formed XML"),
            ("<html/>", "the first element is “html”, not “log”"),
            ("<log><event/></log>", "“event” stands inside “log”"),
            ("<log><trace><trace/></trace></log>", "“trace” stands inside “trace”"),
            ("<log/>", "it has no events"),
            ("<log><trace/></log>", "it has no events"),
            ("", "not well-formed XML"),
            (SMALL.replace("2026-01-03T09:00:00Z", "yesterday"), "“yesterday” is not a time"),
            (SMALL.replace("2026-01-03T09:00:00Z", "2026-01-03T09:00:00"), "does not say its time zone"),
            (SMALL.replace('value="start"', 'value=" "'), "“lifecycle:transition” is empty"),
            (SMALL.replace("Front", "x" * 100_001), "more than 100,000 characters"),
        ],
    )
    def test_refuses_what_is_wrong_and_says_where(self, tmp_path: Path, text: str, wrong: str) -> None:
        with pytest.raises(NotALog, match=r"log\.xes, line \d+") as refused:
            log(tmp_path, text)
        assert wrong in refused.value.sentence

    def test_refuses_a_classifier_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(NotALog, match="it has “Person”, “Both”, “Name”"):
            log(tmp_path, classifier="Other")

    def test_refuses_what_is_not_packed_as_it_says(self, tmp_path: Path) -> None:
        file = tmp_path / "log.xes.gz"
        file.write_text(SMALL)
        with pytest.raises(NotALog, match="cannot be unpacked"):
            read_xes(file)
        file.write_bytes(gzip.compress(SMALL.encode())[:-40])
        with pytest.raises(NotALog, match="cannot be unpacked"):
            read_xes(file)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(NotALog, match="cannot be opened"):
            read_xes(tmp_path / "none.xes")

    @pytest.mark.django_db
    def test_is_what_the_command_does(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        log(tmp_path)
        call_command("replay", str(tmp_path / "log.xes"), "--classifier", "Name")
        assert "Replayed 3 events as 2 cases" in capsys.readouterr().out


def equal_to_pm4py(traces: list[Trace], path: Path, keys: str) -> None:
    found = oracle.figures(path, keys)
    assert (len(traces), sum(len(trace.events) for trace in traces)) == (found["cases"], found["events"])
    assert graph.of_log(traces) == {(one, other): count for one, other, count in found["relations"]}
    assert graph.variants_of_log(traces) == {tuple(way): count for way, count in found["variants"]}
    ours = graph.seconds_of_log(traces)
    assert ours == pytest.approx(found["seconds"])
    assert statistics.mean(ours) == pytest.approx(statistics.mean(found["seconds"]))
    assert statistics.median(ours) == pytest.approx(statistics.median(found["seconds"]))


@oracle.needs_pm4py
class TestWhatIsReadEqualsPm4py:
    @needs_volvo
    def test_for_the_closed_problems(self) -> None:
        traces = read_log(VOLVO)
        assert (len(traces), sum(len(trace.events) for trace in traces)) == (1487, 6660)
        equal_to_pm4py(traces, VOLVO, BOTH_KEYS)

    @needs_receipt
    def test_for_the_municipal_log(self) -> None:
        equal_to_pm4py(read_log(RECEIPT), RECEIPT, "concept:name")

    @needs_receipt
    def test_for_the_municipal_log_as_pm4py_writes_it_in_xes(self, tmp_path: Path) -> None:
        written = tmp_path / "receipt.xes"
        oracle.write_xes(RECEIPT, written)
        traces = read_log(written)
        equal_to_pm4py(traces, RECEIPT, "concept:name")
        assert [(trace.name, trace.events) for trace in traces] == [
            (trace.name, trace.events) for trace in read_log(RECEIPT)
        ]

    def test_for_a_small_one(self, tmp_path: Path) -> None:
        text = SMALL.replace('value="c1"><string key="concept:name" value="inner"/></string>', 'value="c1"/>')
        text = text.replace("<trace><event>", '<trace><string key="concept:name" value="c2"/><event>')
        equal_to_pm4py(log(tmp_path, text, classifier="Name"), tmp_path / "log.xes", "concept:name")


@pytest.mark.django_db
@needs_volvo
def test_the_closed_problems_come_out_as_they_went_in() -> None:
    traces = read_log(VOLVO)
    done = replay(traces, name="Closed problems", code="volvo", council="Volvo Borough Council", now=NOW)
    assert done.differences == ()
    assert (done.cases, done.events, done.open, done.relations) == (1487, 6660, 0, 5173)
    made = discover(traces, name="Closed problems", key=done.process)
    ours = {OPENING, made.steps.get(LOG_ENDS, "")}
    with scope.everything("a test looks"):
        variants = graph.variants_of_cases(done.process, without=ours)
        seconds = graph.seconds_of_cases(done.process, without=ours)
    activities = {step: activity for activity, step in made.steps.items()}
    assert {tuple(activities[step] for step in way): count for way, count in variants.items()} == dict(
        graph.variants_of_log(traces)
    )
    assert seconds == pytest.approx(graph.seconds_of_log(traces))
