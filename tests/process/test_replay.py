"""Replaying an event log: what followed what is the same, and a wrong file is refused whole."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from moothall.councils import scope
from moothall.councils.models import Team
from moothall.identity.models import User
from moothall.process.models import Case, Event, Step
from moothall.process.replay import graph
from moothall.process.replay.discovery import discover
from moothall.process.replay.logs import NotALog, Trace, read_csv
from moothall.process.replay.running import Replayed, ReplayedAlready, replay

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HEADER = "case:concept:name,concept:name,time:timestamp,org:resource,org:group,case:channel,case:deadline\n"
SMALL = HEADER + (
    "c1,Receive,2026-01-05 09:00:00+00:00,Ann,Front,Desk,2026-02-01 00:00:00+00:00\n"
    "c1,Check,2026-01-05 10:00:00+00:00,Bob,Back,Desk,2026-02-01 00:00:00+00:00\n"
    "c1,Check,2026-01-05 10:00:00+00:00,Bob,Back,Desk,2026-02-01 00:00:00+00:00\n"
    "c1,Receive,2026-01-06 10:00:00+00:00,Bob,Back,Desk,2026-02-01 00:00:00+00:00\n"
    "c2,Receive,2026-01-05 09:30:00+01:00,Ann,Front,Post,\n"
    "c2,Send 100 %,2026-01-07 09:30:00+01:00,,,Post,\n"
)
SHARED = (
    Path(os.environ.get("MOOTHALL_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "receipt.csv"
)


def log(tmp_path: Path, text: str = SMALL) -> list[Trace]:
    file = tmp_path / "log.csv"
    file.write_text(text, encoding="utf-8")
    return read_csv(file)


def run(traces: list[Trace]) -> Replayed:
    return replay(traces, name="Small log", code="logton", council="Logton Borough Council", now=NOW)


class TestReadingALog:
    def test_takes_traces_in_the_order_of_time(self, tmp_path: Path) -> None:
        traces = log(tmp_path)
        assert [trace.name for trace in traces] == ["c2", "c1"]
        assert traces[0].events[0].at == datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
        assert traces[0].attributes == {"channel": "Post"}

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ("a,b\n1,2\n", "line 1: the column “case:concept:name” is missing"),
            (HEADER, "it has no events"),
            (HEADER + "c1,,2026-01-05 09:00:00+00:00,,,,\n", "line 2: “concept:name” is empty"),
            (HEADER + "c1,Receive,yesterday,,,,\n", "line 2: “yesterday” is not a time"),
            (HEADER + "c1,Receive,2026-01-05 09:00:00,,,,\n", "does not say its time zone"),
            (HEADER + "c1,Receive,2026-01-05 09:00:00+00:00,,,,,,\n", "more values than there are columns"),
        ],
    )
    def test_says_which_line_is_wrong(self, tmp_path: Path, text: str, wrong: str) -> None:
        with pytest.raises(NotALog, match=wrong):
            log(tmp_path, text)

    def test_refuses_what_is_not_text(self, tmp_path: Path) -> None:
        file = tmp_path / "log.csv"
        file.write_bytes(b"\xff\xfe\x00case")
        with pytest.raises(NotALog, match="cannot be read as CSV"):
            read_csv(file)

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(NotALog, match="cannot be opened"):
            read_csv(tmp_path / "none.csv")


class TestTheProcessOfALog:
    def test_is_a_sound_process_file(self, tmp_path: Path) -> None:
        made = discover(log(tmp_path), name="Small log", key="small")
        assert made.definition.first.key == "receive"
        assert set(made.definition.steps["check"].outcomes) == {"to-check", "to-receive"}
        assert made.definition.steps["send_100"].on_demand
        assert made.definition.fields["deadline"].type == "date"

    def test_opens_each_case_itself_when_traces_begin_differently(self, tmp_path: Path) -> None:
        made = discover(
            log(tmp_path, SMALL + "c3,Check,2026-01-09 09:00:00+00:00,Ann,Front,,\n"), name="S", key="s"
        )
        assert made.definition.first.key == "case_opened"

    def test_tells_apart_activities_that_read_the_same(self, tmp_path: Path) -> None:
        second = "c3,Receive,2026-01-05 09:00:00+00:00,,,,\nc3,CHECK,2026-01-05 10:00:00+00:00,,,,\n"
        made = discover(log(tmp_path, SMALL + second), name="Small", key="replay-small")
        titles = [each.title for each in made.definition.first.outcomes.values()]
        assert len({each.casefold() for each in titles}) == len(titles)
        assert "Go on to CHECK (check_2)" in titles


@pytest.mark.django_db
class TestReplaying:
    def test_gives_the_same_relations_as_the_log(self, tmp_path: Path) -> None:
        done = run(log(tmp_path))
        assert done.differences == ()
        assert (done.cases, done.events, done.relations, done.distinct) == (2, 6, 4, 4)

    def test_works_when_traces_begin_differently(self, tmp_path: Path) -> None:
        done = run(log(tmp_path, SMALL + "c3,Check,2026-01-09 09:00:00+00:00,Ann,Front,,\n"))
        assert done.differences == ()
        assert done.cases == 3

    def test_has_every_step_done_at_the_logs_time_by_the_logs_person(self, tmp_path: Path) -> None:
        run(log(tmp_path))
        with scope.everything("a test looks"):
            done = Event.objects.filter(kind="done", case__headline__contains="c1").order_by("seq")
            assert list(done.values_list("actor_name", "team__name")) == [
                ("Ann", "Front"),
                ("Bob", "Back"),
                ("Bob", "Back"),
                ("Bob", "Back"),
            ]
            assert done[1].at == datetime(2026, 1, 5, 10, 0, tzinfo=UTC)
            assert set(Case.objects.values_list("status", flat=True)) == {"closed"}

    def test_leaves_open_what_the_log_did_not_end(self, tmp_path: Path) -> None:
        rows = "case:concept:name,concept:name,time:timestamp,org:group,case:enddate\n"
        rows += "c1,Receive,2026-01-05 09:00:00+00:00,Front,2026-01-06 09:00:00+00:00\n"
        rows += "c2,Receive,2026-01-05 10:00:00+00:00,Front,\n"
        done = run(log(tmp_path, rows))
        assert (done.differences, done.cases, done.open) == ((), 2, 1)
        with scope.everything("a test looks"):
            waiting = Step.objects.get(state="open")
            assert waiting.team is not None
            assert (waiting.team.name, waiting.case.headline) == ("Front", "c2")

    def test_names_what_differs(self, tmp_path: Path) -> None:
        traces = log(tmp_path)
        run(traces)
        relations = graph.of_log(traces)
        with scope.everything("a test looks"):
            assert sum(graph.of_cases("replay-small-log").values()) == sum(relations.values())

    def test_is_refused_a_second_time_and_changes_nothing(self, tmp_path: Path) -> None:
        run(log(tmp_path))
        before = User.objects.count(), Team.objects.count()
        with pytest.raises(ReplayedAlready, match="2 cases"):
            run(log(tmp_path))
        assert (User.objects.count(), Team.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.skipif(
    not SHARED.exists(), reason="the municipal log is not here; MOOTHALL_SHARED names its folder"
)
def test_the_municipal_log_comes_out_as_it_went_in() -> None:
    traces = read_csv(SHARED)
    done = replay(traces, name="Receipt", code="receipt", council="Receipt Borough Council", now=NOW)
    assert done.differences == ()
    assert (done.cases, done.events, done.relations, done.distinct) == (1434, 8577, 7143, 99)
